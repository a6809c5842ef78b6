"""Evidence as files to keep: only the safe copy, only as a download, never shown inside a page of ours."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.requests import SignedInRequest
from claims.base.vault import Unreadable
from claims.evidence import open_copy
from claims.models import Evidence
from claims.reading import CLAIMS, within_budget

# By the kind of the copy that we made, never by what was sent.
TYPES = {
    Evidence.Kind.JPEG: ("image/jpeg", "jpg"),
    Evidence.Kind.PNG: ("image/png", "png"),
    Evidence.Kind.PDF: ("application/pdf", "pdf"),
    Evidence.Kind.TEXT: ("text/plain; charset=utf-8", "txt"),
}


@login_required
@require_safe
def send_own(request: SignedInRequest, code: str) -> HttpResponse:
    """The safe copy of one's own file."""
    return send_copy(get_object_or_404(access.list_own_evidence(request.user), code=code))


@login_required
@require_GET
@within_budget(CLAIMS, sends_file=True)
def send_in_office(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """The safe copy of a claimant's file, for the office; the history keeps who took it."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    evidence = get_object_or_404(access.list_office_evidence(request.user, slug), code=code)
    response = send_copy(evidence)
    record("evidence taken by the office", evidence, by=request.user, action=action)
    return response


def send_copy(evidence: Evidence) -> HttpResponse:
    """Return the safe copy of a file that the caller has found for this person; 404 where there is none.

    The name is ours, without a word of the person's; no browser guesses the type, runs anything in it, or keeps it.
    """
    try:
        data = open_copy(evidence)
    except (Refused, Unreadable, FileNotFoundError):
        raise Http404 from None
    content_type, ending = TYPES[Evidence.Kind(evidence.copy_kind)]
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{evidence.code.hex[:8]}.{ending}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(data, content_type=content_type, headers=headers)
