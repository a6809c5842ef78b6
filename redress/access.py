"""Who may see scenarios and their runs: who works in the action. Rows reach pages and the API only from here."""

from django.db.models import Exists, OuterRef, QuerySet

from claims.access import Person, list_figure_actions, list_figure_jobs, list_lawyer_actions
from claims.models import Job
from redress.models import ScenarioDocument, ScenarioRun
from redress.scenarios import keep_counting, keep_own

KIND = "scenario"
HEAVY = ("model", "charts", "document")  # hundreds of kB that no list shows


def list_office_scenarios(person: Person) -> QuerySet[ScenarioDocument]:
    """Return the newest version of each scenario of the actions whose figures this person may see, by name."""
    actions = list_figure_actions(person).values("pk")
    later = ScenarioDocument.objects.filter(
        action=OuterRef("action"), name=OuterRef("name"), version__gt=OuterRef("version")
    )
    newest = ScenarioDocument.objects.filter(~Exists(later), action__in=actions)
    return newest.select_related("action__matter").order_by("action", "name")


def list_lawyer_scenarios(person: Person) -> QuerySet[ScenarioDocument]:
    """Return the scenarios that this person may run."""
    return list_office_scenarios(person).filter(action__in=list_lawyer_actions(person).values("pk"))


def list_office_runs(person: Person) -> QuerySet[ScenarioRun]:
    """Return the runs of the actions whose figures this person may see, the newest first."""
    runs = ScenarioRun.objects.filter(action__in=list_figure_actions(person).values("pk"))
    return runs.select_related("action__matter", "scenario_document", "job", "created_by").order_by(
        "-created_at", "-pk"
    )


def list_light_runs(person: Person) -> QuerySet[ScenarioRun]:
    """Return the same runs without what only the page of one shows."""
    return list_office_runs(person).defer(*HEAVY)


def list_newest_runs(person: Person) -> QuerySet[ScenarioRun]:
    """Return the newest run that counts of each scenario of these actions, without model and pictures."""
    later = keep_counting(ScenarioRun.objects.all()).filter(
        action=OuterRef("action"), scenario_name=OuterRef("scenario_name"), finished_at__gt=OuterRef("finished_at")
    )
    return keep_counting(list_office_runs(person)).filter(~Exists(later)).defer("model", "charts")


def list_own_runs(person: Person) -> QuerySet[ScenarioRun]:
    """Return the finished runs of files and those with draws or a seed of their own, without what only a page shows."""
    return keep_own(list_light_runs(person))


def list_scenario_jobs(person: Person) -> QuerySet[Job]:
    """Return the jobs of scenarios that wait or run."""
    return list_figure_jobs(person).filter(kind=KIND, state__in=Job.ACTIVE)
