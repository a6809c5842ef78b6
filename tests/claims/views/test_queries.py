"""A page asks the database as often for many rows as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Job
from tests.factories import make_claim


def add_rows(action):
    version = action.criteria
    for state in ("AT", "DE", "GR", "FR", "", "IT"):
        claim = make_claim(action, habitual_residence=state)
        Claim.objects.filter(pk=claim.pk).update(criteria_version=version, outcome="needs_info", findings="u")
    for _ in range(3):
        Job.objects.create(kind="screening", action=action, state="done", units_total=10, units_done=10)


@pytest.mark.parametrize(
    "url", ["/workspace/small/", "/workspace/small/claims/", "/workspace/small/claims/{claim}/", "/actions/small/"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(visit, client, action, claim, job, url):
    url = url.format(claim=claim.reference)
    add_rows(action)  # the neighbours of a claim in the list are two queries, however many there are
    visit("lawyer", url)  # fills what is kept between requests
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    add_rows(action)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url).status_code == 200
    # The overview has a line for each thing that can wait, and the page of a claim gathers what a dozen tables know of it, and writes down that it was opened.
    assert len(many) == len(few) <= (42 if "/claims/" in url and not url.endswith("/claims/") else 26)
