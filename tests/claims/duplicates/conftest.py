"""Two claims of one person, and a search that has found them."""

import pytest

from claims.base import jobs
from claims.duplicates import start_search
from claims.models import DuplicatePair, Job, Role
from tests.factories import make_claim, make_claimant, make_user


def search(action):
    """Run a search to its end in this process."""
    job = start_search(action, by=None)
    while Job.objects.filter(kind__startswith="duplicate", state__in=Job.ACTIVE).exists():
        jobs.work()
    last = Job.objects.filter(kind__startswith="duplicate").order_by("-pk").first()
    assert last.state == Job.State.DONE, (job.error, last.error)
    return last.result


def make_double(action, **changes):
    """A claim of Ana Muster, a little different."""
    return make_claim(
        action, make_claimant(**{"email": "ana@muster.example", "street": "Weg 7", "postcode": "1010", **changes})
    )


@pytest.fixture
def lawyer(action):
    return make_user(role=Role.Name.LAWYER, action=action)


@pytest.fixture
def pair(action):
    """The pair of two claims of Ana Muster, found by a search."""
    make_double(action, user=make_user("ana@muster.example"))
    make_double(action, given_name="Anna", email="other@muster.example")
    search(action)
    return DuplicatePair.objects.get()
