"""The steps of a registration: one question a page, the declarations, the check, and what comes after sending."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import access, mandates
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.base.shown import read_shown
from claims.contacts import find_representation
from claims.evidence import Holder, list_evidence, read_name
from claims.forms.registration import DeclarationsForm, StepForm
from claims.intake import (
    Closed,
    Draft,
    NotComplete,
    note_checked,
    open_draft,
    save_declarations,
    save_step,
    send_checked,
    send_registration,
)
from claims.intake.days import list_told
from claims.intake.doubts import list_doubts
from claims.intake.drafts import list_tick_digests
from claims.intake.questions import list_step_questions
from claims.intake.summary import Said, list_answers
from claims.models import Evidence, Registration
from claims.rules.eligibility import Verdict
from claims.rules.steps import SELF, Step, find_neighbours
from claims.terms import describe_joining, describe_leaving
from claims.views.closing import find_registration, find_saved_registration, read_code, require_open, tell_when_closed
from claims.views.languages import keep_language, switch_language
from claims.views.together import tell_changed_elsewhere

GET_OR_POST = ("GET", "HEAD", "POST")
LATE = timedelta(minutes=2)  # a worker makes a claim within seconds; after that the page says something else


def fetch_draft(request: SignedInRequest, slug: str) -> Draft:
    """Return the registration that this person has open, with its values. Raises as find_registration does."""
    return open_draft(find_registration(request, slug))


@login_required
@require_http_methods(GET_OR_POST)
@tell_when_closed
def answer(request: SignedInRequest, slug: str, step: str) -> HttpResponse:
    """One step: ask, save, go on."""
    language = switch_language(request)
    draft = open_draft(find_saved_registration(request, slug))
    if request.method != "POST":
        require_open(draft.registration)  # what somebody typed before it closed is saved all the same
    here = draft.find_step(step)
    if here is None or not here.fields:
        raise Http404
    capacity = draft.texts.get("capacity", SELF)
    questions = list_step_questions(draft.registration, here, capacity=capacity)
    posted = request.POST if request.method == "POST" else None
    form = StepForm(posted, questions=questions, initial=draft.list_initial(here), told=list_told(draft))
    context = build_context(draft, here) | {"shown": read_shown(request.POST, draft.list_digests(here))}
    context["means_another"] = capacity != SELF and here.is_question and "about_another" not in questions[0]
    if language:  # shown again with what was typed: nothing is saved, and nothing complained of
        typed = StepForm(questions=questions, initial=form.list_typed())
        return keep_language(render(request, "claims/register_step.html", context | {"form": typed}), language)
    has_kept = any(draft.texts.get(name) for name in here.fields)  # which somebody may have emptied just now
    if "stop" in request.POST and not form.has_said_anything and not has_kept:
        return redirect("claims:register-stopped", slug)
    if form.is_valid():
        try:
            saved = save_step(draft.registration, form.list_texts(), shown=context["shown"])
        except Refused:
            return redirect("claims:register-check", slug)  # which leads to the claim that was sent
        tell_changed_elsewhere(request, saved, form)
        return _go_on(request, slug, step)
    require_open(draft.registration)
    return render(request, "claims/register_step.html", context | {"form": form})


def _go_on(request: SignedInRequest, slug: str, step: str) -> HttpResponse:
    """Lead to the page after this step: the next one, the check where one came from there, or the exit."""
    if "stop" in request.POST:
        return redirect("claims:register-stopped", slug)
    draft = fetch_draft(request, slug)  # the answer may have changed what comes next
    if request.GET.get("from") == "check":
        return redirect("claims:register-check", slug)
    _before, after = find_neighbours(draft.steps, step) if draft.find_step(step) else (None, None)
    return redirect(find_page(draft, after or draft.find_open_step()))


def find_page(draft: Draft, step: Step) -> str:
    """Return the address of a step."""
    slug = draft.registration.action.slug
    if step.fields:
        return reverse("claims:register-step", args=[slug, step.name])
    return reverse(f"claims:register-{step.name}", args=[slug])


def build_context(draft: Draft, step: Step) -> dict[str, Any]:
    """Return what every page of a registration shows beside its question."""
    place, (before, _after) = draft.steps.index(step) + 1, find_neighbours(draft.steps, step.name)
    total = draft.count_pages(step)
    return {
        "action": draft.registration.action,
        "draft": draft,
        "step": step,
        "place": place,
        "total": total,
        "percent": round(100 * place / total),
        "back": find_page(draft, before) if before else reverse("claims:action", args=[draft.registration.action.slug]),
        "saved_at": draft.registration.saved_at if draft.saved else None,
    }


@login_required
@require_http_methods(GET_OR_POST)
@tell_when_closed
def declare(request: SignedInRequest, slug: str) -> HttpResponse:
    """The declarations, each accepted on its own."""
    switched = switch_language(request)
    draft = open_draft(find_saved_registration(request, slug))
    if request.method != "POST":
        require_open(draft.registration)  # what somebody ticked before it closed is saved all the same
    language = get_language() or "en"
    wanted = mandates.list_wanted(draft.registration.action, draft.values, language)
    optional = mandates.list_optional(draft.registration.action, language)
    held = mandates.list_accepted_kinds(draft.registration)
    posted = request.POST if request.method == "POST" and not switched else None
    unaccepted: set[str] = set()
    offered = [*wanted, *optional]
    shown = read_shown(request.POST, list_tick_digests(draft.registration, offered))
    form = DeclarationsForm(posted, texts=offered, held=set(request.POST) if switched else held)
    if form.is_valid():
        try:
            saved = save_declarations(draft.registration, form.list_chosen(), offered=offered, shown=shown)
        except Refused:
            return redirect("claims:register-check", slug)  # which leads to the claim that was sent
        require_open(draft.registration)
        tell_changed_elsewhere(request, saved, form)
        if "stop" in request.POST:
            return redirect("claims:register-stopped", slug)
        held = mandates.list_accepted_kinds(draft.registration)
        unaccepted = {text.kind for text in wanted} - held
        if not unaccepted:
            return redirect("claims:register-check", slug)
        form, shown = DeclarationsForm(None, texts=offered, held=held), list_tick_digests(draft.registration, offered)
    step = draft.find_step("declarations")
    assert step is not None  # everyone is asked
    context = {
        "form": form,
        "shown": shown,
        "unaccepted": unaccepted,
        "capacity": draft.texts.get("capacity", SELF),
        "rows": [(text, form[text.kind]) for text in wanted],
        "consents": [(text, form[text.kind]) for text in optional],
    }
    page = render(request, "claims/register_declarations.html", build_context(draft, step) | context)
    return keep_language(page, switched)


@login_required
@require_http_methods(GET_OR_POST)
@tell_when_closed
def check(request: SignedInRequest, slug: str) -> HttpResponse:
    """All answers with a way to change each, and the button that sends. Pressed twice, it leads to the one claim."""
    problem: dict[str, Any] = {}
    if request.method == "POST":
        code = read_code(request)
        if reference := send_checked(request.user, slug, language=get_language() or "en", code=code):
            return redirect("claims:sent", reference)
        registration = access.find_newest_registration(request.user, slug, code=code)
        if registration is None:
            raise Http404
        try:
            sent = send_registration(registration, by=request.user, language=get_language())
            return redirect("claims:sent", sent.reference)
        except Registration.DoesNotExist:  # erased at this moment, in another window
            raise Http404 from None
        except Closed:
            require_open(registration)
        except NotComplete as missing:
            problem = {"missing": missing.steps}
        except Refused as refusal:
            problem = {"refusal": str(refusal)}
    draft = fetch_draft(request, slug)
    if request.method != "POST":
        with suppress(Refused):  # the button says so to whoever presses it
            note_checked(draft, by=request.user)
    step = draft.find_step("check")
    assert step is not None  # everyone comes here
    doubts = list_doubts(draft)
    said: dict[str, Any] = {
        "answers": list_answers(draft),
        "declarations": _count_declared(draft),
        "unmet": [it for it in doubts if it.finding.verdict == Verdict.NO],
        "open": [it for it in doubts if it.finding.verdict == Verdict.UNKNOWN],
    }
    files = list_evidence(Holder(registration_code=draft.registration.code)).exclude(state=Evidence.State.REFUSED)
    context = build_context(draft, step) | said | problem | {"files": [read_name(file) for file in files]}
    context["missing_links"] = _list_missing_links(draft, problem.get("missing", []), said["answers"])
    return render(request, "claims/register_check.html", context)


def _list_missing_links(draft: Draft, missing: Sequence[Step], answers: Sequence[Said]) -> list[tuple[str, str]]:
    """Return the title and the address of each page on which something is missing or does not fit."""
    links = []
    for step in missing:
        said = [it for it in answers if it.step == step]
        title = next((it.title for it in said if it.problem or not it.words), said[0].title if said else "")
        address = find_page(draft, step) + ("?from=check" if step.fields else "")
        links.append((title or _("Declarations"), address))
    return links


def _count_declared(draft: Draft) -> Mapping[str, int]:
    wanted = mandates.list_wanted(draft.registration.action, draft.values, get_language() or "en")
    accepted = mandates.list_accepted_kinds(draft.registration) & {text.kind for text in wanted}
    return {"accepted": len(accepted), "wanted": len(wanted)}


@login_required
@require_safe
@tell_when_closed
def show_stopped(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everything is saved, and how to come back."""
    draft = fetch_draft(request, slug)
    return render(
        request, "claims/register_stopped.html",
        {"action": draft.registration.action, "next": find_page(draft, draft.find_open_step())},
    )  # fmt: skip


@login_required
@require_safe
def show_sent(request: SignedInRequest, reference: str) -> HttpResponse:
    """The reference, what it means in law, and what happens next. It can be opened again at any time."""
    claim = access.list_own_claims(request.user).filter(reference=reference).first()
    if claim:
        sent_at, action, acting = claim.registered_at, claim.action, find_representation(claim.claimant)
    else:
        waiting = get_object_or_404(access.list_own_waiting(request.user), reference=reference)
        sent_at, action, acting = cast(datetime, waiting.sent_at), waiting.action, None
    context = {
        "claim": claim, "reference": reference, "sent_at": sent_at, "action": action,
        "representation": acting,
        "is_late": timezone.now() - sent_at > LATE,
        "terms": [describe_joining(action), describe_leaving(action)],
    }  # fmt: skip
    return render(request, "claims/register_sent.html", context)
