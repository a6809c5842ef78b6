"""Who may see what of documents. Rows reach pages and the API through these functions only."""

from django.db.models import Count, QuerySet

from claims.access import HEAVY, Person, list_lawyer_actions, list_office_actions
from claims.models import Action, Claim, Job
from documents.certificates import find_by_code, find_certificate
from documents.models import Certificate, Filing, FilingFile
from redress.access import list_newest_runs

RELATED = ("action__matter", "job", "created_by", "criteria_version", "scenario_run")
UNSHOWN = (  # hundreds of kB that no page of a filing shows
    "criteria_version__document", "scenario_run__model", "scenario_run__charts", "scenario_run__document",
    "scenario_run__result",
)  # fmt: skip


def get_certificate(claim: Claim) -> tuple[Certificate | None, bool]:
    """Return the certificate of a claim that was already found for this person, and whether it is of today."""
    return find_certificate(claim)


def get_genuine(code: str) -> Certificate | None:
    """Return the certificate with this code: whoever holds the paper may ask."""
    return find_by_code(code)


def list_office_filings(person: Person) -> QuerySet[Filing]:
    """Return the filings of the actions in which this person works, the newest first.

    A register holds names and addresses: who works in an action may see its claims, so its registers too, and nobody
    else.
    """
    filings = Filing.objects.filter(action__in=list_office_actions(person).values("pk"))
    return filings.select_related(*RELATED).defer(*UNSHOWN).order_by("-created_at", "-pk")


def list_lawyer_filings(person: Person) -> QuerySet[Filing]:
    """Return the filings with which this person may go on."""
    return list_office_filings(person).filter(action__in=list_lawyer_actions(person).values("pk"))


def list_light_filings(person: Person) -> QuerySet[Filing]:
    """Return the filings with the number of their files, without what only the page of one shows."""
    return list_office_filings(person).defer(*HEAVY, "manifest").annotate(files_count=Count("files"))


def list_files(filing: Filing) -> QuerySet[FilingFile]:
    """Return the files of a filing that was already found for this person, in the order of reading."""
    return filing.files.all()


def list_replacing(person: Person, filing: Filing) -> QuerySet[Filing]:
    """Return the filings that replace one."""
    return list_light_filings(person).filter(replaces=filing)


def list_filings_at_work(person: Person) -> QuerySet[Filing]:
    """Return the filings whose files are being made."""
    return list_light_filings(person).filter(state=Filing.State.BUILDING, job__state__in=Job.ACTIVE)


def list_finished_scenarios(person: Person, action: Action) -> list[str]:
    """Return the names of the scenarios that a filing can rest on: those with a finished run."""
    runs = list_newest_runs(person).filter(action=action)
    return sorted(runs.order_by().values_list("scenario_name", flat=True))
