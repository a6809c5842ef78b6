"""The pages of the office: the overview of an action and its rules."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import access
from claims.actions import is_filed, is_regime_changed
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.counts import Key, count_by_outcome, count_by_state_and_tier, list_counts
from claims.criteria import Rulebook, read_stored
from claims.deadlines import find_barred, list_deadlines
from claims.models import Action
from claims.models.actions import pick_text
from claims.quarantine import list_held
from claims.rules.eligibility import Outcome
from claims.rules.smallcells import hide_small, merge_small_states
from claims.screening import start_screening
from claims.takeup import build_funnel, build_pictures
from claims.tallies import read_counted
from claims.terms import list_terms
from claims.views.portal import mark_stage
from claims.warnings import list_warnings
from claims.workspace import build_frame, list_waiting

OUTCOME_MARKS: dict[str, str] = {Outcome.ELIGIBLE: "yes", Outcome.INELIGIBLE: "no", Outcome.NEEDS_INFO: "unk"}


@login_required
@require_safe
def show_actions(request: SignedInRequest) -> HttpResponse:
    """The actions in which one works; straight to the only one."""
    actions = list(access.list_workplaces(request.user))
    if not actions:
        raise Http404
    if len(actions) == 1:
        sees_figures = access.list_figure_actions(request.user).exists()
        return redirect("claims:workspace-overview" if sees_figures else "claims:workspace-people", actions[0].slug)
    administered = set(access.list_people_actions(request.user).values_list("pk", flat=True))
    context: dict[str, Any] = {"actions": [(action, action.pk in administered) for action in actions]}
    context["may_open"] = access.list_cloneable_actions(request.user).exists()
    return render(request, "claims/workspace_actions.html", context)


@login_required
@require_safe
def show_overview(request: SignedInRequest, slug: str) -> HttpResponse:
    """One action: its terms, how many claims stand where, the jobs."""
    action = get_object_or_404(access.list_figure_actions(request.user).prefetch_related("events"), slug=slug)
    book = read_book(action)
    tallies, counts = read_counted(action), list_counts(action)
    outcomes = count_by_outcome(action, counts)
    tiers, frame = list_tiers(book), build_frame(request.user, action, "overview")
    states, said = build_states(action, tiers, counts), dict[str, int | None](outcomes)
    count_by_state = {line["state"]: line["claims"] for line in states}
    if not frame["reads_book"]:
        states, tiers, said = merge_small_states(states), [], hide_small(outcomes)
    context = (
        frame
        | {
            "mark": mark_stage(action),
            "is_filed": is_filed(action),
            "deadlines": list_deadlines(action),
            "warnings": list_warnings(action),
            "barred": find_barred(action, count_by_state),
            "terms": list_terms(action)[2:],  # joining and leaving stand among the deadlines
            "is_regime_changed": is_regime_changed(action),
            "funnel": build_funnel(action, tallies, said, is_exact=frame["reads_book"]),
            **build_pictures(tallies, [line for line in states if "is_rest" not in line], is_exact=frame["reads_book"]),
            "waiting": list_waiting(action, request.user),
            "outcomes": [(outcome, OUTCOME_MARKS.get(outcome, ""), n) for outcome, n in said.items()],
            "tiers": tiers,
            "states": states,
            "total": total_states(states),
            "tier_names": dict(tiers),
            "held": list_held(action).count(),
            "jobs": access.list_figure_jobs(request.user).filter(action=action)[:3],
        }
    )
    return render(request, "claims/workspace_overview.html", context)


def read_book(action: Action) -> Rulebook | None:
    """Return the newest criteria of an action as rules."""
    version = action.criteria
    return read_stored(version) if version else None


def list_tiers(book: Rulebook | None) -> list[tuple[str, str]]:
    """Return (id, title) of every tier; the last is for claims whose tier is not yet known."""
    tiers = [(tier.id, pick_text(dict(tier.title))) for tier in (book.tiers if book else ())]
    return [*tiers, ("", _("Not yet known"))]


def build_states(action: Action, tiers: list[tuple[str, str]], counts: Counter[Key]) -> list[dict[str, Any]]:
    """Return a row for each state of residence with its claims by tier, the largest first."""
    rows: dict[str, dict[str, int]] = {}
    for found in count_by_state_and_tier(action, counts):
        row = rows.setdefault(found["state"], {tier: 0 for tier, _title in tiers})
        # A tier of an older version is none of the newest: it counts as not yet known until the next screening.
        tier = found["tier"] if found["tier"] in row else ""
        row[tier] += found["claims"]
    lines = [{"state": state, "tiers": list(row.items()), "claims": sum(row.values())} for state, row in rows.items()]
    return sorted(lines, key=lambda line: (-line["claims"], line["state"]))


def total_states(states: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the last row of the table by state: the sums of its columns."""
    columns = zip(*(dict(line["tiers"]).values() for line in states), strict=True)
    titles = [tier for tier, _number in states[0]["tiers"]] if states else []
    sums = list(zip(titles, map(sum, columns), strict=True))
    return {"tiers": sums, "claims": sum(line["claims"] for line in states)}


@login_required
@require_POST
def screen_claims(request: SignedInRequest, slug: str) -> HttpResponse:
    """Start the screening of all claims; a lawyer's decision."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    try:
        job = start_screening(action, by=request.user)
    except Refused as refusal:
        messages.error(request, _("The screening was not started: %(reason)s.") % {"reason": refusal})
        return redirect("claims:workspace-overview", slug)
    return redirect("claims:workspace-job", slug, job.code)
