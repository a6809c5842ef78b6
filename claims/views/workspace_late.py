"""The page of the office about registrations that were sent and are no claims yet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.intake import describe_late, enter_late, list_late
from claims.workspace import build_frame

PAGE = 50


@login_required
@require_safe
def show_late(request: SignedInRequest, slug: str) -> HttpResponse:
    """What waits, since when, and why, page by page; nothing of a person."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    page = Paginator(list_late(action), PAGE).get_page(request.GET.get("page"))
    context = build_frame(request.user, action, "claims") | {
        "page": page,
        "late": [describe_late(registration) for registration in page],
    }
    return render(request, "claims/workspace_late.html", context)


@login_required
@require_POST
def enter(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Try again at once."""
    action = get_object_or_404(access.list_working_actions(request.user), slug=slug)
    registration = get_object_or_404(list_late(action), reference=clean_reference(reference))
    try:
        enter_late(registration)
        messages.success(request, _("Entered: it is a claim now, with the time at which it was sent."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("claims:workspace-late", slug)
