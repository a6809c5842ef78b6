"""The pages of the office about a draft of the criteria: type it, try it, publish it. For lawyers."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import access, drafting
from claims.base.errors import Refused, StaleStatus
from claims.base.requests import SignedInRequest
from claims.drafting.editing import change_criterion, list_tests, read_criterion
from claims.drafting.places import find_place, list_near, list_parts
from claims.drafting.sources import list_languages
from claims.dry_runs import find_running, list_reasons_to_repeat, start_dry_run
from claims.forms.criteria import CriterionForm, DraftForm, PublishForm
from claims.models import Action, CriteriaDraft
from claims.workspace import build_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_draft(request: SignedInRequest, slug: str) -> HttpResponse:
    """The draft as source, with what is wrong and what is missing before it can be published."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    if request.method != "POST":
        return show_draft(request, action)
    act = STEPS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        return act(request, action)
    except StaleStatus as stale:
        return show_draft(request, action, typed=request.POST.get("text"), fault=str(stale))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("claims:workspace-draft", slug)


def show_draft(request: SignedInRequest, action: Action, *, typed: str | None = None, fault: str = "") -> HttpResponse:
    """Show the draft; what was typed and could not be saved stays in the field."""
    draft = drafting.find_draft(action)
    context = build_frame(request.user, action, "rules") | {
        "draft": draft,
        "fault": fault,
        "is_unsaved": typed is not None,
    }
    if draft:
        text = draft.text if typed is None else typed
        initial = {"text": text, "revision": draft.revision, "note": draft.note}
        state = drafting.describe_publishing(draft)
        context |= {
            "form": DraftForm(initial=initial), "publish_form": PublishForm(initial=initial, auto_id="publish_%s"),
            "state": state, "newest": action.criteria,
            "is_outdated": bool(draft.based_on_id and action.criteria and draft.based_on_id != action.criteria.pk),
            "place": find_place(draft.fault), "near": list_near(draft), "parts": list_parts(draft),
            "warnings": state.revision.warnings if state.revision else [],
            "changed_since": list_reasons_to_repeat(state.dry_run) if state.dry_run else [],
            "running": find_running(action),
        }  # fmt: skip
    return render(request, "claims/workspace_draft.html", context)


def start(request: SignedInRequest, action: Action) -> HttpResponse:
    """Begin the draft from the version in force."""
    drafting.start_draft(action, by=request.user)
    return redirect("claims:workspace-draft", action.slug)


def save(request: SignedInRequest, action: Action) -> HttpResponse:
    """Keep what was typed, right or wrong."""
    draft = drafting.save_draft(action, request.POST.get("text", ""), by=request.user, revision=read_revision(request))
    if draft.is_right:
        messages.success(request, _("Saved. The draft can be read; nothing is published yet."))
    return redirect("claims:workspace-draft", action.slug)


def rebase(request: SignedInRequest, action: Action) -> HttpResponse:
    """Go on with the draft although a version came in between."""
    drafting.rebase_draft(action, by=request.user, revision=read_revision(request))
    return redirect("claims:workspace-draft", action.slug)


def discard(request: SignedInRequest, action: Action) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard_draft(action, by=request.user, revision=read_revision(request))
    messages.success(request, _("The draft was thrown away. The criteria in force did not change."))
    return redirect("claims:workspace-rules", action.slug)


def try_out(request: SignedInRequest, action: Action) -> HttpResponse:
    """Start the dry run of the draft as it was saved."""
    draft = drafting.find_draft(action)
    if draft is None or draft.revision != read_revision(request):
        raise StaleStatus(_("Someone else has saved, published or discarded this draft in the meantime."))
    found = start_dry_run(action, drafting.read_source(action, draft.text).document, by=request.user)
    return redirect("claims:workspace-dry-run", action.slug, found.code)


def publish(request: SignedInRequest, action: Action) -> HttpResponse:
    """Make the draft the newest version."""
    version = drafting.publish_draft(
        action, by=request.user, note=request.POST.get("note", ""), revision=read_revision(request)
    )
    messages.success(
        request,
        _("Version %(number)s is published. Findings stay pinned to the version before until you screen again.")
        % {"number": version.number},
    )
    return redirect("claims:workspace-rules", action.slug)


STEPS: dict[str, Callable[[SignedInRequest, Action], HttpResponse]] = {
    "start": start, "save": save, "rebase": rebase, "discard": discard, "try": try_out, "publish": publish,
}  # fmt: skip


def read_revision(request: SignedInRequest) -> int:
    """Return which saving of the draft was open; what is no number is none that there was."""
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_criterion(request: SignedInRequest, slug: str, criterion: str) -> HttpResponse:
    """One criterion of the draft as a form."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    draft = drafting.find_draft(action)
    if draft is None:
        raise Http404
    if not draft.is_right:
        messages.error(request, _("Mend the source first: a form needs a draft that can be read."))
        return redirect("claims:workspace-draft", slug)
    data = read_criterion(draft.text, criterion)
    if data is None:
        raise Http404
    form = CriterionForm(
        request.POST if request.method == "POST" else None, criterion=data, tests=list_tests(data, action),
        languages=list_languages(action), questions=action.questions, revision=draft.revision,
    )  # fmt: skip
    if form.is_valid() and save_criterion(request, action, draft, form):
        return redirect("claims:workspace-draft", slug)
    context = build_frame(request.user, action, "rules") | {
        "draft": draft, "form": form, "criterion": data, "has_comments": "#" in draft.text,
    }  # fmt: skip
    return render(request, "claims/workspace_criterion.html", context)


def save_criterion(request: SignedInRequest, action: Action, draft: CriteriaDraft, form: CriterionForm) -> bool:
    """Whether the draft with the changed criterion was saved; a wrong one is not, and the form says what is wrong."""
    try:
        text = change_criterion(action, draft.text, form.criterion["id"], **form.list_changes())
        drafting.read_source(action, text)
        drafting.save_draft(action, text, by=request.user, revision=form.cleaned_data["revision"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved in the draft. Nothing is published yet."))
    return True
