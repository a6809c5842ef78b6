"""The pages of the office about claims that may come from machines."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.quarantine import list_held, release_claim
from claims.workspace import build_frame

PAGE = 50  # the longest waiting; released ones make room for the next


@login_required
@require_safe
def show_held(request: SignedInRequest, slug: str) -> HttpResponse:
    """What waits for a look, each with its reasons."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    held = list_held(action).select_related("claim__claimant")
    context = build_frame(request.user, action, "claims") | {"page": held[:PAGE], "total": held.count()}
    return render(request, "claims/workspace_quarantine.html", context)


@login_required
@require_POST
def release(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Let a held claim count; a lawyer's decision."""
    mine = access.list_lawyer_claims(request.user).filter(action__slug=slug)
    claim = get_object_or_404(mine, reference=clean_reference(reference))
    try:
        release_claim(claim, by=request.user)
        messages.success(request, _("The claim is released and counts from now on."))
    except Refused as refusal:
        messages.error(request, _("Not released: %(reason)s.") % {"reason": refusal})
    return redirect("claims:workspace-quarantine", slug)
