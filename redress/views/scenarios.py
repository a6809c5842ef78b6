"""The pages of the office about scenarios: the list, a result, its pictures, and the button that runs one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims.access import list_figure_actions
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.workspace import build_frame
from redress import access
from redress.charts import CHARTS, draw_chart
from redress.models import ScenarioDocument, ScenarioRun
from redress.scenarios import Basis, start_run
from redress.views.results import build_result

HEADLINE = "headline"  # the scenario that stands beside the others
LISTED = 10


@login_required
@require_safe
def list_scenarios(request: SignedInRequest, slug: str) -> HttpResponse:
    """The scenarios of an action with the newest result of each, and the runs that do not count."""
    action = get_object_or_404(list_figure_actions(request.user), slug=slug)
    newest = {run.scenario_name: run for run in access.list_newest_runs(request.user).filter(action=action)}
    scenarios = access.list_office_scenarios(request.user).filter(action=action)
    trials = access.list_own_runs(request.user).filter(action=action)
    context = build_frame(request.user, action, "scenarios") | {
        "lines": [(scenario, newest.get(scenario.name)) for scenario in scenarios],
        "trials": trials[:LISTED],
        "jobs": access.list_scenario_jobs(request.user).filter(action=action),
    }
    return render(request, "redress/scenarios.html", context)


@login_required
@require_safe
def show_scenario(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """One scenario with its newest result."""
    scenarios = access.list_office_scenarios(request.user)
    scenario = get_object_or_404(scenarios, action__slug=slug, name=name)
    runs = access.list_newest_runs(request.user).defer("model")
    run = runs.filter(action=scenario.action, scenario_name=name).first()
    if run is None:  # the newest of an earlier version, or with numbers of its own; the page says which
        others = access.list_office_runs(request.user).exclude(finished_at=None).defer("model", "charts")
        of_pack = others.filter(action=scenario.action, scenario_name=name, scenario_document__isnull=False)
        run = of_pack.order_by("-finished_at", "-pk").first()
    return _show(request, scenario, run)


@login_required
@require_safe
def show_run(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """The result of one run, which stays as it is."""
    runs = access.list_office_runs(request.user).defer("model")
    run = get_object_or_404(runs, action__slug=slug, code=code)
    if run.finished_at is None and run.scenario_document:
        return redirect("redress:scenario", slug, run.scenario_name)
    return _show(request, None, run)


def _show(request: SignedInRequest, scenario: ScenarioDocument | None, run: ScenarioRun | None) -> HttpResponse:
    action = scenario.action if scenario else run.action if run else None
    name = scenario.name if scenario else run.scenario_name if run else ""
    assert action is not None  # callers give one of both
    headline = access.list_newest_runs(request.user).filter(action=action, scenario_name=HEADLINE).first()
    context = build_frame(request.user, action, "scenarios") | {
        "scenario": scenario,
        "name": name,
        "run": run,
        "job": access.list_scenario_jobs(request.user).filter(action=action, subject=name).first(),
        "headline": headline if name != HEADLINE else None,
        **(build_result(run) if run and run.finished_at else {}),
    }
    return render(request, "redress/run.html", context)


@login_required
@require_safe
def show_picture(request: SignedInRequest, slug: str, code: str, picture: str) -> HttpResponse:
    """A picture of a finished run; it never changes."""
    run = get_object_or_404(access.list_office_runs(request.user), action__slug=slug, code=code)
    if picture not in CHARTS or not run.finished_at:
        raise Http404
    svg = run.charts.get(picture) or draw_chart(picture, run.result)
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Cache-Control": "private"})


@login_required
@require_POST
def run_scenario(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Run a scenario; a lawyer's decision."""
    scenario = get_object_or_404(access.list_lawyer_scenarios(request.user), action__slug=slug, name=name)
    try:
        start_run(scenario.action, Basis(name, scenario.document, scenario), by=request.user)
    except Refused as refusal:
        messages.error(request, _("The scenario was not run: %(reason)s.") % {"reason": refusal})
    return redirect("redress:scenario", slug, name)
