"""Two people on one claim, and any steps in any order: what is counted is always what there is."""

import threading

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.base.errors import Refused, StaleStatus
from claims.base.history import list_events
from claims.counts import list_counts, scan_counts
from claims.models import Claim, Decision, Hearing, Mail, Role
from claims.review import asking, deciding, refusing, undoing
from claims.screening import screen_range
from claims.tallies import read_tallies, recount, scan_tallies
from tests.factories import load_small_pack, make_claim, make_claimant, make_user
from tests.servers import PATIENCE_SECONDS

MEETS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}


@pytest.mark.django_db(transaction=True)
def test_of_two_lawyers_at_once_one_decides(only_postgresql):
    action = load_small_pack()
    claim = make_claim(action, make_claimant(), answers=MEETS)
    screen_range(action, action.criteria, claim.pk, claim.pk)
    recount(action)
    lawyers = [make_user(role=Role.Name.LAWYER, action=action) for _ in range(4)]
    told, gate = [], threading.Barrier(4)

    def decide(lawyer, place):
        try:
            gate.wait(PATIENCE_SECONDS)
            if place % 2:
                deciding.accept_claim(Claim.objects.get(pk=claim.pk), by=lawyer)
            else:
                asking.ask_claimant(Claim.objects.get(pk=claim.pk), ["uses_privately"], by=lawyer)
        except (StaleStatus, Refused) as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(lawyer, i)) for i, lawyer in enumerate(lawyers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(told) == 3 and Decision.objects.count() == Mail.objects.count() == 1
    assert list_events(claim).count() == 1 and read_tallies(action) == scan_tallies(action)


STEPS = ("accept", "ask", "announce", "drop", "refuse", "reopen", "undo", "take_back")


@pytest.mark.django_db
@settings(max_examples=25)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=10))
def test_in_any_order_of_steps_the_counts_are_those_of_a_recount(action, make, lawyer, colleague, steps):
    claims = [make(), make()]
    recount(action)
    for name, place in steps:
        claim = Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claims[place].pk)
        try:
            take(name, claim, lawyer, colleague)
        except Refused:
            continue
    assert list_counts(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)
    for claim in Claim.objects.filter(pk__in=[it.pk for it in claims]):
        last = claim.decisions.filter(undone_at=None, kind__in=["accept", "refuse", "reopen"]).last()
        meant = {"accept": "accepted", "refuse": "refused"}.get(last.kind, "submitted") if last else "submitted"
        assert claim.status == meant


def take(name, claim, lawyer, colleague):
    if name == "accept":
        deciding.accept_claim(claim, by=lawyer)
    elif name == "ask":
        asking.ask_claimant(claim, ["uses_privately"], by=lawyer)
    elif name == "announce":
        refusing.announce_refusal(claim, "criterion", by=lawyer)
        Hearing.objects.update(until="2025-01-01")
    elif name == "drop":
        refusing.drop_refusal(claim, by=lawyer)
    elif name == "refuse":
        refusing.refuse_claim(claim, by=colleague)
    elif name == "reopen":
        deciding.reopen_claim(claim, "Again", by=lawyer)
    elif name == "undo" and (last := undoing.find_last(claim)):
        undoing.undo_decision(last, by=colleague)
    elif name == "take_back" and (asked := asking.find_deficiency(claim)):
        asking.take_back_question(asked, by=lawyer)
