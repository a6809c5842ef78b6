"""One reads in a day what the work needs: beyond that one confirms, then stops, and administrators are told."""

import pytest
from django.urls import reverse

from claims.models import HistoryEvent
from claims.models.history import SPENT
from tests.factories import make_claim
from tests.signing_in import set_proofs, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_budget(settings):
    settings.READS_PER_DAY = {"claims": 2, "words": 1, "exports": 1}


def open_claims(client, claims):
    return [client.get(reverse("claims:workspace-claim", args=["small", claim.reference])) for claim in claims]


def test_beyond_the_budget_one_confirms_and_beyond_twice_it_one_stops(client, people, action, small_budget):
    claims = [make_claim(action) for _ in range(6)]
    sign_in(client, people["staff"])
    set_proofs(client, people["staff"], ("password", "mfa"), age=600)
    found = open_claims(client, claims[:3])
    assert [answer.status_code for answer in found] == [200, 200, 302] and "reauthenticate" in found[2].url
    set_proofs(client, people["staff"], ("password", "mfa"))
    found = open_claims(client, claims[2:])
    assert [answer.status_code for answer in found] == [200, 200, 429, 429]
    assert "You have opened 4 claims and files today" in found[3].content.decode()


def test_administrators_see_once_who_used_up_a_budget(client, visit, people, action, small_budget):
    sign_in(client, people["lawyer"])
    open_claims(client, [make_claim(action) for _ in range(4)])
    (event,) = HistoryEvent.objects.filter(verb=SPENT)
    assert (event.by, event.action, event.data["kind"]) == (people["lawyer"], action, "claims")
    page = visit("administrator", reverse("claims:workspace-people", args=["small"])).content.decode()
    assert "More was read than is usual" in page and people["lawyer"].email in page
    assert "More was read" not in visit("lawyer", "/workspace/small/").content.decode()


def test_uncovering_has_a_budget_of_its_own_and_a_foreign_claim_stays_hidden(
    client, visit, people, action, small_budget
):
    claims = [make_claim(action) for _ in range(3)]
    for claim in claims:
        url = reverse("claims:workspace-reveal", args=["small", claim.reference])
        answer = visit("staff", url, "post", {"reason": "court"})
    assert answer.status_code == 429
    foreign = reverse("claims:workspace-claim", args=["other", claim.reference])
    open_claims(client, [make_claim(action) for _ in range(3)])
    assert client.get(foreign).status_code == 404


def test_the_api_keeps_to_the_same_budget(client, people, action, small_budget):
    sign_in(client, people["staff"])
    claims = [make_claim(action) for _ in range(5)]
    found = [client.get(reverse("api-claim", args=[claim.reference])).status_code for claim in claims]
    assert found == [200, 200, 200, 200, 403]
