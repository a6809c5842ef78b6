"""Who works in the action, in which role, until when: administrators say so, auditors read it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import access, factor_resets, people
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently
from claims.forms.people import InviteForm
from claims.models import Action, Role
from claims.reading import list_alerts
from claims.rules.rights import Right
from claims.workspace import build_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@confirm_recently
def show_people(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who works in the action; for administrators the form lets one more work there, or changes a role."""
    action = get_object_or_404(access.list_staffed_actions(request.user), slug=slug)
    frame = build_frame(request.user, action, "people")
    if request.method == "POST" and Right.PEOPLE.value not in frame["can"]:
        raise Http404
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and invite(request, action, form):
        return redirect("claims:workspace-people", slug)
    resets = factor_resets.find_open_resets(action)
    roles = people.list_people(action)
    context = frame | {
        "form": form,
        "alerts": list_alerts(action),
        "lines": [(role, people.is_over(role), resets.get(role.user_id)) for role in roles],
    }
    return render(request, "claims/workspace_people.html", context)


def invite(request: SignedInRequest, action: Action, form: InviteForm) -> bool:
    """Give the role that the form asks for; where that is refused, the form says why."""
    asked, language = form.cleaned_data, get_language() or "en"
    try:
        people.invite(
            action, asked["email"], asked["role"], until=asked["until"], language=language, by=request.user
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, _("Nothing was changed: %(reason)s.") % {"reason": refusal})
        return False
    messages.success(request, _("Done. A mail tells this person how to sign in."))
    return True


def _agree(role: Role, request: SignedInRequest) -> None:
    factor_resets.agree_reset(role, by=request.user, language=get_language() or "en")


STEPS: Mapping[str, Callable[[Role, SignedInRequest], Any]] = {
    "take-away": lambda role, request: people.take_away(role, by=request.user),
    "close": lambda role, request: people.close_account(role, by=request.user),
    "lost-factor": lambda role, request: factor_resets.ask_reset(role, by=request.user),
    "agree": _agree,
}


@login_required
@require_POST
@confirm_recently
def change_person(request: SignedInRequest, slug: str, number: int, step: str) -> HttpResponse:
    """Take a step about one person of the action."""
    role = get_object_or_404(access.list_people_roles(request.user, slug), pk=number)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step](role, request)
        messages.success(request, _("Done."))
    except Refused as refusal:
        messages.error(request, _("Nothing was changed: %(reason)s.") % {"reason": refusal})
    return redirect("claims:workspace-people", slug)
