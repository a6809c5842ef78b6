"""The pages for everyone and for claimants."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from claims import access
from claims.actions import (
    find_latest,
    find_next,
    find_stage_source,
    find_translation,
    find_until,
    get_regime,
    is_filed,
    list_events,
    list_holding_facts,
    list_sources,
)
from claims.closing import tell_closing
from claims.counts import count_claims
from claims.criteria import Finding, read_stored
from claims.forms import QuestionForm
from claims.intake.drafts import tell_minutes
from claims.models import Action
from claims.precheck import PreCheck, check_answers, list_precheck_questions
from claims.questions import Question, find_questions
from claims.rules.eligibility import Outcome, Verdict
from claims.terms import describe_joining, describe_leaving
from claims.views.compressing import compress_for_strangers
from claims.views.footnotes import Footnotes
from claims.views.languages import keep_language, switch_language

STAGE_MARKS = {
    Action.Stage.DISMISSED: "no",
    Action.Stage.WITHDRAWN: "no",
    Action.Stage.LIABILITY: "yes",
    Action.Stage.REDRESS: "yes",
    Action.Stage.APPROVED: "yes",
    Action.Stage.DISTRIBUTION: "yes",
    Action.Stage.FINAL_ACCOUNT: "yes",
}
VERDICT_MARKS = {Verdict.YES: "yes", Verdict.NO: "no", Verdict.UNKNOWN: "unk"}
OUTCOME_MARKS = {Outcome.ELIGIBLE: "yes", Outcome.INELIGIBLE: "no", Outcome.NEEDS_INFO: "unk"}


def mark_stage(action: Action) -> str:
    """Return the mark of a stage: won or lost where a court has said so, none otherwise: an open stage is known."""
    return STAGE_MARKS.get(Action.Stage(action.stage), "")


@require_safe
@compress_for_strangers
def show_home(request: HttpRequest) -> HttpResponse:
    """The open actions."""
    actions = [{"action": action, "mark": mark_stage(action)} for action in access.list_published_actions()]
    return render(request, "claims/home.html", {"actions": actions})


@require_safe
@compress_for_strangers
def show_action(request: HttpRequest, slug: str) -> HttpResponse:
    """All that anyone may know of one action, with its sources."""
    action = get_object_or_404(access.list_published_actions().prefetch_related("events"), slug=slug)
    version = action.criteria
    criteria = read_stored(version).criteria if version else ()
    figures = action.facts.get("figures", [])
    today, events = timezone.localdate(), list_events(action)
    coming = find_next(events, today)
    context = {
        "action": action,
        "facts": action.facts,
        "closing": tell_closing(action),
        "questions": list_precheck_questions(action),
        "latest": find_latest(events, today),
        "next": coming,
        "until": find_until(action, coming.key) if coming else {},
        "mark": mark_stage(action),
        "regime": get_regime(action),
        "is_filed": is_filed(action),
        "stage_source": find_stage_source(action),
        "holding_facts": list_holding_facts(action),
        "registered": count_claims(action),
        "today": today,
        "criteria": [criterion for criterion in criteria if criterion.is_public],
        "figures": figures,
        "has_accounts": sum(figure.get("unit") == "accounts" for figure in figures) > 1,
        "events": [(event, find_until(action, event.key)) for event in events],
        "terms": [describe_joining(action), describe_leaving(action)],
        "translation": find_translation(action, get_language() or "en"),
        "others": access.list_published_actions().filter(matter=action.matter).exclude(pk=action.pk),
        "footnotes": Footnotes(list_sources(action)),
    }
    return render(request, "claims/action.html", context)


@sensitive_post_parameters()
@compress_for_strangers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_action(request: HttpRequest, slug: str) -> HttpResponse:
    """The pre-check: a few questions, and what the answers come to. Nothing of it is stored, anywhere."""
    language = switch_language(request)
    action = get_object_or_404(access.list_published_actions(), slug=slug)
    if tell_closing(action):
        return redirect("claims:action", slug)  # which says why
    questions = list_precheck_questions(action)
    if not questions:
        raise Http404
    form = QuestionForm(request.POST if request.method == "POST" else None, questions=questions, must_answer=True)
    context: dict[str, object] = {"action": action, "form": form, "footnotes": Footnotes(list_sources(action))}
    if form.is_valid():
        context |= describe_precheck(action, form)
    elif language:
        context["form"] = QuestionForm(questions=questions, initial=form.list_typed())
    return keep_language(render(request, "claims/check.html", context), language)


def _find_more(action: Action, result: PreCheck, finding: Finding) -> list[Question]:
    """Return what registration asks on top, where the answers given leave a criterion open."""
    return find_questions(action, result.left_open.get(finding.criterion.id, ()))


def describe_precheck(action: Action, form: QuestionForm) -> dict[str, object]:
    """Return the verdict on answered questions, with its reasons and the answers for the next form."""
    answers = form.list_texts()
    result = check_answers(action, answers)
    return {
        "result": result,
        "translation": find_translation(action, get_language() or "en"),
        "mark": OUTCOME_MARKS[result.outcome],
        "open": [(it, VERDICT_MARKS[it.verdict], _find_more(action, result, it)) for it in result.open_findings],
        "met": [(it, VERDICT_MARKS[it.verdict], ()) for it in result.met],
        "answered": sum(text != "" for text in answers.values()),
        "carried": form.list_carried(),
        "minutes": tell_minutes(action),
    }
