"""The pages of the office about the procedure: what happened in court, and what follows for the dates."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims import access
from claims.actions import get_regime
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.requests import SignedInRequest
from claims.deadlines import hide_small_rows, list_deadlines, list_limitation
from claims.evidence.sentences import explain
from claims.forms.procedure import EventForm, ReasonForm
from claims.models import Action
from claims.procedure import events
from claims.procedure.board import list_event_lines, list_taken_back, list_to_check
from claims.procedure.preview import preview_event, preview_stage
from claims.rules.rights import Right
from claims.views.evidence import send_copy
from claims.warnings import list_warnings
from claims.workspace import build_frame

FIRST = 3  # past events, and states, that are shown before the rest is unfolded


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_procedure(request: SignedInRequest, slug: str) -> HttpResponse:
    """The events and deadlines; for lawyers the form, whose first answer is what would become of the dates."""
    action = get_object_or_404(access.list_figure_actions(request.user), slug=slug)
    decides = Right.DECIDE in access.list_rights(request.user, action)
    if request.method == "POST" and not decides:
        raise Http404
    typed = request.POST if request.method == "POST" else None
    form = EventForm(typed, regime=get_regime(action), initial={"key": request.GET.get("event", "")})
    context: dict[str, Any] = {"form": form if decides else None}
    if form.is_valid():
        if obstacles := events.say_obstacles(action, form.make_draft()):
            for obstacle in obstacles:
                form.add_error(None, obstacle)
        elif "save" in request.POST:
            return save_event(request, action, form)
        else:
            context |= describe_preview(action, form)
    return render(request, "claims/workspace_procedure.html", describe_procedure(request, action) | context)


def describe_procedure(request: SignedInRequest, action: Action) -> dict[str, Any]:
    """Return what the page shows besides the form."""
    frame, limitation = build_frame(request.user, action, "procedure"), list_limitation(action)
    limitation = limitation if frame["reads_book"] else hide_small_rows(limitation)
    lines = list_event_lines(action)
    urgent = max(FIRST, sum(row.mark == "no" for row in limitation))
    past = max(0, sum(line.event.on is not None for line in lines) - FIRST)
    return frame | {
        "deadlines": list_deadlines(action),
        "limitation": limitation[:urgent],
        "later_limitation": limitation[urgent:],
        "warnings": list_warnings(action),
        "earlier": lines[:past],
        "lines": lines[past:],
        "taken_back": list_taken_back(action),
        "to_check": list_to_check(action),
        "regime": get_regime(action),
        "reason_form": ReasonForm(auto_id=False),
    }


def describe_preview(action: Action, form: EventForm) -> dict[str, Any]:
    """Return what would become of the dates and the stage."""
    draft = form.make_draft()
    return {"draft": draft, "moves": preview_event(action, draft), "new_stage": preview_stage(action, draft)}


def save_event(request: SignedInRequest, action: Action, form: EventForm) -> HttpResponse:
    """Enter what was previewed."""
    try:
        events.record_event(action, form.make_draft(), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Entered. All dates that follow from it have been counted anew."))
    return redirect("claims:workspace-procedure", action.slug)


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Take an event back with a reason."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    try:
        events.take_back_event(action, key, by=request.user, reason=request.POST.get("reason", "")[:500])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The entry and your reason stay in the history."))
    return redirect("claims:workspace-procedure", slug)


@login_required
@require_POST
def add_proof(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Keep files as the proof of an event."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    entry = events.find_entry(action, key)
    if entry is None:
        raise Http404
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, _("Choose a file first."))
    for file in events.add_proof(entry, files, by=request.user):
        (messages.success if file.is_taken else messages.error)(request, explain(file))
    return redirect("claims:workspace-procedure", slug)


@login_required
@require_GET
def send_proof(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """The safe copy of a file that proves an event; the history keeps who took it."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    evidence = get_object_or_404(access.list_event_proofs(request.user, slug), code=code)
    response = send_copy(evidence)
    record("evidence taken by the office", evidence, by=request.user, action=action)
    return response
