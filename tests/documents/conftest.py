"""Books that are large enough for a filing, and the making of one."""

import pytest

from claims.base import jobs
from claims.base.references import make_reference
from claims.counts import add_counts
from claims.models import Claim, Claimant, Job
from claims.screening import start_screening
from documents import filings
from documents.models import Filing
from tests.factories import REGISTERED_AT

ANSWERS = {
    "eligible": {"uses_privately": "yes", "effort_hours": 2, "mandate_given": "yes"},
    "ineligible": {"uses_privately": "no", "effort_hours": 2},
    "needs_info": {"effort_hours": 2},
}


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Each test has its own folder of filings."""
    settings.MEDIA_ROOT = str(tmp_path / "media")


def fill_book(action, *, eligible=60, ineligible=15, needs_info=12, state="AT", **person):
    """Put claims into the book of an action; screen them afterwards."""
    wanted = [
        name
        for name, n in (("eligible", eligible), ("ineligible", ineligible), ("needs_info", needs_info))
        for _ in range(n)
    ]
    people = Claimant.objects.bulk_create(
        Claimant(**{"given_name": f"Ana {n}", "family_name": "Muster", "birth_date": "1990-05-02", "email": f"ana{n}@muster.example",
                    "street": f"Sample Street {n}", "postcode": "1010", "city": "Wien", "country": "AT", "language": "de", **person})
        for n in range(len(wanted))
    )  # fmt: skip
    Claim.objects.bulk_create(
        Claim(action=action, matter=action.matter, claimant=claimant, reference=make_reference(), channel="import",
              registered_at=REGISTERED_AT, habitual_residence=state, resident_since="2010-01-01", answers=ANSWERS[name])
        for claimant, name in zip(people, wanted, strict=True)
    )  # fmt: skip
    add_counts(action.pk, {(state, "", ""): len(wanted)})


def screen(action):
    start_screening(action, by=None)
    jobs.work()


@pytest.fixture
def book(action):
    """The small action with 87 screened claims."""
    fill_book(action)
    screen(action)
    return action


def work_to_the_end(filing):
    """Work until the job of a filing has ended; a single turn may be too short on a busy machine."""
    job = Job.objects.get(pk=Filing.objects.get(pk=filing.pk).job_id)
    while job.is_active:
        jobs.work()
        job.refresh_from_db()


def build(action, kind, **options):
    """Start a filing, let a worker in this process make it, and return it."""
    filing = filings.start_filing(action, kind, **options)
    work_to_the_end(filing)
    return Filing.objects.select_related("job", "action").get(pk=filing.pk)
