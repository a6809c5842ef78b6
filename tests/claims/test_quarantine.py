"""Claims that may come from machines: kept, looked at, and counted by nobody until a lawyer releases them."""

import threading

import pytest
from django.db import connection

from claims import quarantine
from claims.base.errors import StaleStatus
from claims.base.history import list_events
from claims.counts import count_by_outcome, count_by_state_and_tier, count_chosen, count_claims
from claims.models import Claim, Quarantine, Role
from claims.rules.suspicion import TRAP
from claims.screening import screen_range
from claims.tallies import read_counted
from documents.filings.counting import count_book
from documents.filings.registers import iterate_rows
from redress.counts import freeze_counts
from tests.factories import load_small_pack, make_claim, make_claimant, make_user
from tests.servers import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db
ANSWERS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}


@pytest.fixture
def claims(action):
    """Two claims that meet the criteria; the first is held."""
    made = [make_claim(action, make_claimant(), answers=ANSWERS) for _ in range(2)]
    screen_range(action, action.criteria, made[0].pk, made[-1].pk)
    hold(made[0])
    return [Claim.objects.get(pk=claim.pk) for claim in made]


@pytest.fixture
def lawyer(action):
    return make_user(role=Role.Name.LAWYER, action=action)


def hold(claim):
    Quarantine.objects.create(claim=claim, action=claim.action, score=6, reasons=[TRAP])


def list_numbers(action):
    """Every number and list that leaves the office."""
    return {
        "public": count_claims(action),
        "eligible": count_by_outcome(action)["eligible"],
        "states": sum(row["claims"] for row in count_by_state_and_tier(action)),
        "scenario": sum(row["claims"] for row in freeze_counts(action).rows),
        "report": count_book(action, action.criteria).registered,
        "sent": sum(read_counted(action)["status"].values()),
        "by week": sum(read_counted(action)["registered"].values()),
        "register": len(list(iterate_rows(action, action.criteria, {}))),
    }


def test_a_held_claim_is_in_no_number_and_no_register_until_it_is_released(action, claims, lawyer):
    assert claims[0].outcome == "eligible"
    assert set(list_numbers(action).values()) == {1}
    quarantine.release_claim(claims[0], by=lawyer)
    assert set(list_numbers(action).values()) == {2}


def test_a_screening_in_between_keeps_the_numbers_right(action, claims, lawyer):
    Claim.objects.update(answers={"uses_privately": "no"})
    screen_range(action, action.criteria, claims[0].pk, claims[1].pk)
    assert count_by_outcome(action)["ineligible"] == 1 and count_claims(action) == 1
    quarantine.release_claim(claims[0], by=lawyer)
    assert count_by_outcome(action)["ineligible"] == 2 == count_chosen(action)


def test_a_release_is_in_the_history_with_who_did_it(claims, lawyer):
    quarantine.release_claim(claims[0], by=lawyer)
    event = list_events(claims[0]).first()
    assert (event.verb, event.by) == ("held claim released", lawyer)


def test_a_claim_is_released_once(claims, lawyer):
    quarantine.release_claim(claims[0], by=lawyer)
    with pytest.raises(StaleStatus):
        quarantine.release_claim(claims[0], by=lawyer)
    with pytest.raises(StaleStatus):
        quarantine.release_claim(claims[1], by=lawyer)


@pytest.mark.django_db(transaction=True)
def test_of_two_lawyers_at_once_one_releases(only_postgresql):
    action = load_small_pack()
    claim, lawyer = make_claim(action), make_user(role=Role.Name.LAWYER, action=action)
    hold(claim)
    done, gate = [], threading.Barrier(4)

    def release():
        try:
            gate.wait(PATIENCE_SECONDS)
            quarantine.release_claim(claim, by=lawyer)
            done.append(1)
        except StaleStatus:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=release) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert done == [1] and list_events(claim).count() == 1


def test_the_office_sees_why_and_only_lawyers_get_the_button(client, action, claims, lawyer):
    staff = make_user(role=Role.Name.STAFF, action=action)
    pages = {}
    for person in (lawyer, staff):
        client.force_login(person)
        pages[person] = client.get("/workspace/small/quarantine/").content.decode()
        assert "A field that people do not see" in pages[person] and claims[1].reference not in pages[person]
    assert "/release/" in pages[lawyer] and "/release/" not in pages[staff]


def test_the_overview_the_list_and_the_claim_say_that_it_is_held(client, claims, lawyer):
    client.force_login(lawyer)
    assert "1 registration may come from a machine" in client.get("/workspace/small/").content.decode()
    assert client.get("/workspace/small/claims/").content.decode().count(">Held<") == 1
    page = client.get(f"/workspace/small/claims/{claims[0].reference}/").content.decode()
    assert "Held for a look since" in page and "/release/" in page


def test_a_lawyer_releases_by_the_button_and_a_second_press_is_said(client, action, claims, lawyer):
    client.force_login(lawyer)
    url = f"/workspace/small/claims/{claims[0].reference}/release/"
    assert "counts from now on" in client.post(url, follow=True).content.decode()
    assert "already" in client.post(url, follow=True).content.decode()
    assert client.get(url).status_code == 405 and count_claims(action) == 2


def test_the_claimant_reads_that_a_person_checks(client, claims):
    claims[0].claimant.user = make_user("held@muster.example")
    claims[0].claimant.save()
    client.force_login(claims[0].claimant.user)
    for url in ("/my/", f"/my/sent/{claims[0].reference}/"):
        assert "A person checks this registration" in client.get(url).content.decode()


def test_pages_ask_as_often_for_many_held_claims(client, action, claims, lawyer, django_assert_max_num_queries):
    for _ in range(9):
        hold(make_claim(action))
    client.force_login(lawyer)
    with django_assert_max_num_queries(14):
        client.get("/workspace/small/quarantine/")
