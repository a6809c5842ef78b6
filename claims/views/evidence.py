"""Evidence as files: only the safe copy, as a download; for the office also as a picture beside the findings."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.requests import SignedInRequest
from claims.base.vault import Unreadable
from claims.copies.answers import Unfit
from claims.copies.making import draw_page
from claims.evidence import open_copy
from claims.models import Evidence
from claims.reading import CLAIMS, within_budget
from claims.timeline import note_look

# By the kind of the copy that we made, never by what was sent.
TYPES = {
    Evidence.Kind.JPEG: ("image/jpeg", "jpg"),
    Evidence.Kind.PNG: ("image/png", "png"),
    Evidence.Kind.PDF: ("application/pdf", "pdf"),
    Evidence.Kind.TEXT: ("text/plain; charset=utf-8", "txt"),
}
# No browser guesses the type, runs anything in it, or keeps it.
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
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

    The name is ours, without a word of the person's.
    """
    data = read_copy(evidence)
    content_type, ending = TYPES[Evidence.Kind(evidence.copy_kind)]
    name = {"Content-Disposition": f'attachment; filename="evidence-{evidence.code.hex[:8]}.{ending}"'}
    return HttpResponse(data, content_type=content_type, headers=HEADERS | name)


def read_copy(evidence: Evidence) -> bytes:
    """Return the safe copy of a file that the caller has found for this person; 404 where there is none."""
    try:
        return open_copy(evidence)
    except (Refused, Unreadable, FileNotFoundError):
        raise Http404 from None


@login_required
@require_GET
@within_budget(CLAIMS, sends_file=True)
def send_picture(request: SignedInRequest, slug: str, code: str, page: int) -> HttpResponse:
    """One page of a safe copy as a picture, for the page that shows it beside the findings.

    A picture is sent as we drew it; of a PDF the page is drawn in a cage. Nothing else is ever shown this way.
    """
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    evidence = get_object_or_404(access.list_office_evidence(request.user, slug), code=code)
    content_type, data = draw(evidence, page)
    note_look(evidence, by=request.user, action=action)
    return HttpResponse(data, content_type=content_type, headers=HEADERS)


def draw(evidence: Evidence, page: int) -> tuple[str, bytes]:
    """Return a page of a safe copy as a picture, with its type; 404 where it has none."""
    kind = Evidence.Kind(evidence.copy_kind)
    if kind == Evidence.Kind.PDF:
        try:
            return "image/jpeg", draw_page(read_copy(evidence), page)
        except Unfit:
            raise Http404 from None
    if page != 1 or kind not in {Evidence.Kind.JPEG, Evidence.Kind.PNG}:
        raise Http404
    return TYPES[kind][0], read_copy(evidence)
