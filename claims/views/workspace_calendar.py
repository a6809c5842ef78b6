"""The calendar feed: its address for who is signed in, and the feed for who has the address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import access
from claims.base.requests import SignedInRequest
from claims.procedure import feed
from claims.workspace import build_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def manage_link(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make or revoke the address of one's own feed. It is shown once: we keep only its hash."""
    action = get_object_or_404(access.list_figure_actions(request.user), slug=slug)
    token = ""
    if "revoke" in request.POST:
        feed.revoke_link(request.user)
        messages.success(request, _("The address is dead from now on."))
    elif request.method == "POST":
        token = feed.make_link(request.user)
    context = build_frame(request.user, action, "procedure") | {"link": feed.find_link(request.user), "token": token}
    response = render(request, "claims/workspace_calendar.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def send_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of all actions in which the owner of the address works now. The address is the key."""
    person = feed.find_owner(token)
    if person is None:
        raise Http404
    content = feed.build_feed(access.list_figure_actions(person))
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
