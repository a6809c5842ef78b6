"""A whole view decided at once: a preview for lawyers, the number that was seen, the result and its undoing."""

import pytest
from django.urls import reverse

from claims.base import jobs
from claims.kept_searches import keep_search
from claims.models import Assignment, Claim, Decision, Job
from claims.screening import screen_range
from tests.factories import make_action, make_claim, make_claimant

pytestmark = pytest.mark.django_db
MEETS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}


@pytest.fixture
def two(action):
    made = [make_claim(action, make_claimant(), answers=MEETS) for _ in range(2)]
    screen_range(action, action.criteria, made[0].pk, made[1].pk)
    return made


def test_only_lawyers_of_the_action_decide_on_a_view(visit, action, two):
    url = reverse("claims:workspace-bulk", args=[action.slug])
    code = "00000000-0000-4000-8000-000000000000"
    undo = reverse("claims:workspace-bulk-undo", args=[action.slug, code])
    for who in ("stranger", "neighbour", "staff", "finance", "auditor", "administrator", "former"):
        assert visit(who, url).status_code == visit(who, undo, "post").status_code == 404
    assert visit("lawyer", url).status_code == 200


def test_a_view_is_previewed_decided_and_undone(client, people, action, two):
    client.force_login(people["lawyer"])
    url = reverse("claims:workspace-bulk", args=[action.slug])
    page = client.get(url, {"from": "state=AT"}).content.decode()
    assert 'class="field only-ask"' in page and 'class="field only-assign"' in page  # shown with what is chosen
    assert "2 claims are in this view" in page and two[0].reference in page
    stale = client.post(url, {"from": "state=AT", "decision": "accept", "days": 14, "seen": 7}).content.decode()
    assert "it now has 2 claims" in stale and not Job.objects.exists()
    answer = client.post(url, {"from": "state=AT", "decision": "accept", "days": 14, "seen": 2})
    jobs.work()
    page = client.get(answer.url).content.decode()
    assert "2 claims were changed." in page and "Undo all of it" in page
    job_page = reverse("claims:workspace-job", args=[action.slug, Job.objects.get().code])
    assert "Undo all of it" in client.get(job_page).content.decode()  # where the list of jobs leads to
    undone = client.post(reverse("claims:workspace-bulk-undo", args=[action.slug, Job.objects.get().code]))
    jobs.work()
    assert "2 claims were changed." in client.get(undone.url).content.decode()
    assert set(Claim.objects.values_list("status", flat=True)) == {"submitted"}


@pytest.mark.parametrize("query", ["state=XX", "outcome=%00", "criterion=consumer", "q=" + "x" * 3000])
def test_a_filter_made_up_by_hand_chooses_nobody(client, people, action, two, query):
    client.force_login(people["lawyer"])
    url = reverse("claims:workspace-bulk", args=[action.slug])
    page = client.post(url, {"from": query, "decision": "accept", "days": 14, "seen": 0})
    assert page.status_code == 200 and not Decision.objects.exists() and not Job.objects.exists()


def test_picked_claims_are_shown_first_and_no_other_is_decided(client, people, action, two):
    client.force_login(people["lawyer"])
    url = reverse("claims:workspace-bulk", args=[action.slug])
    assert f'name="c" value="{two[0].reference}"' in client.get(f"/workspace/{action.slug}/claims/").content.decode()
    sent = {"from": "state=AT", "c": [two[0].reference, "NOT-THERE"], "decision": "ask"}
    page = client.post(url, sent).content.decode()
    assert "1 claim is picked" in page and two[1].reference not in page and not Job.objects.exists()
    client.post(url, sent | {"c": two[0].reference, "decision": "accept", "days": 14, "seen": 1})
    jobs.work()
    assert list(Decision.objects.values_list("claim", flat=True)) == [two[0].pk]


def test_all_that_fit_the_filter_are_meant_where_that_is_ticked(client, people, action, two):
    client.force_login(people["lawyer"])
    url = reverse("claims:workspace-bulk", args=[action.slug])
    page = client.post(url, {"from": "state=AT", "c": two[0].reference, "all": "on", "decision": "accept"})
    assert "2 claims are in this view" in page.content.decode()


def test_a_search_is_decided_on_as_a_whole_and_by_who_typed_it_alone(client, people, action, two):
    client.force_login(people["lawyer"])
    other = make_claim(action, make_claimant(family_name="Anders"), answers=MEETS)
    screen_range(action, action.criteria, other.pk, other.pk)
    query = client.post(f"/workspace/{action.slug}/claims/", {"q": "Muster"}).url.split("?")[1]
    url = reverse("claims:workspace-bulk", args=[action.slug])
    assert "2 claims are in this view" in client.get(url, {"from": query}).content.decode()
    theirs = keep_search(action, "Muster", by=people["staff"])
    assert "0 claims are in this view" in client.get(url, {"from": f"search={theirs}"}).content.decode()
    client.post(url, {"from": query, "decision": "accept", "days": 14, "seen": 2})
    jobs.work()
    assert set(Decision.objects.values_list("claim", flat=True)) == {claim.pk for claim in two}


def test_claims_of_another_action_cannot_be_picked(client, people, action, two):
    client.force_login(people["lawyer"])
    foreign = make_claim(make_action(slug="third"), make_claimant(family_name="Fremdling"))
    url = reverse("claims:workspace-bulk", args=[action.slug])
    page = client.post(url, {"c": foreign.reference, "decision": "accept", "days": 14, "seen": 0}).content.decode()
    assert "0 claims are picked" in page and "Fremdling" not in page and not Job.objects.exists()


def test_picked_claims_are_given_to_somebody_and_back(client, people, action, two):
    client.force_login(people["lawyer"])
    url = reverse("claims:workspace-bulk", args=[action.slug])
    sent = {"c": [two[0].reference], "decision": "assign"}
    assert str(people["staff"]) in client.post(url, sent).content.decode()
    answer = client.post(url, sent | {"days": 14, "seen": 1})
    assert "Choose somebody who works in this action." in answer.content.decode()
    answer = client.post(url, sent | {"days": 14, "seen": 1, "to": people["staff"].pk})
    jobs.work()
    assert two[0].assignment.user == people["staff"] and "Undo all of it" in client.get(answer.url).content.decode()
    job = Job.objects.get(kind="bulk_assignment")
    client.post(reverse("claims:workspace-bulk-undo", args=[action.slug, job.code]))
    jobs.work()
    assert not Assignment.objects.exists()
