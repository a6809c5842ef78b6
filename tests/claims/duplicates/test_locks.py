"""Who leaves, merges or takes apart waits for a bulk step and never locks it out: all lock claims in one order."""

import threading
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction

from claims.base import jobs
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.references import show_reference
from claims.duplicates import merge_pair, unmerge_claim
from claims.duplicates.holding import hold_family, list_family
from claims.erasing import erase_claimant
from claims.joining import ProofDraft, receive_file, record_joining
from claims.models import Claim, DuplicatePair, Mail, Merge, Role
from claims.review.bulk import lock_claims
from claims.review.casework import add_note
from claims.tallies import recount
from claims.withdrawals import withdraw_claim
from tests.claims.duplicates.conftest import make_double
from tests.claims.duplicates.test_merging import make_pair
from tests.claims.joining.test_proofs import place
from tests.factories import load_small_pack, make_user
from tests.servers import PATIENCE_SECONDS
from tests.workers import is_waited_for, wait_until


@pytest.fixture
def family(only_postgresql, transactional_db):
    """A claim that was merged into one with a higher number, its pair with a third one, and a lawyer."""
    action = load_small_pack()
    lawyer = make_user(role=Role.Name.LAWYER, action=action)
    merged, kept, third = (make_double(action) for _ in range(3))
    Claim.objects.filter(pk=kept.pk).update(registered_at=merged.registered_at - timedelta(days=1))
    recount(action)
    assert merge_pair(make_pair(merged, kept), by=lawyer, reason="signs").kept_id == kept.pk
    return merged, Claim.objects.get(pk=kept.pk), make_pair(merged, third), lawyer


ACTS = {
    "withdraw": lambda merged, kept, pair, lawyer: withdraw_claim(kept, by=lawyer),
    "erase": lambda merged, kept, pair, lawyer: erase_claimant(kept.claimant, by=None),
    "unmerge": lambda merged, kept, pair, lawyer: unmerge_claim(merged, by=lawyer),
    "merge": lambda merged, kept, pair, lawyer: merge_pair(pair, by=lawyer, reason="signs"),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_bulk_step_that_has_come_to_the_first_claim_comes_to_the_others(family, name):
    merged, kept, _pair, lawyer = family
    told = []

    def act():
        try:
            ACTS[name](*family)
        except Refused:
            told.append("refused")  # merged meanwhile is merged
        except Exception as error:  # what the test is about: a deadlock has two ends
            told.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    with transaction.atomic():
        lock_claims([merged.pk])
        thread.start()
        wait_until(is_waited_for, "a wait for the first claim")
        lock_claims([merged.pk, kept.pk])
        Merge.objects.update(words="")
        DuplicatePair.objects.update(words="")
        record("claim accepted", kept, by=lawyer)
    thread.join(PATIENCE_SECONDS)
    assert told == (["refused"] if name == "merge" else [])


def test_a_merge_that_comes_in_between_is_seen_before_anything_is_done(family, monkeypatch):
    merged, kept, _pair, _lawyer = family
    asked = []

    def list_late(ids, **more):
        asked.append(1)
        return {kept.pk} if len(asked) == 1 else list_family(ids, **more)

    monkeypatch.setattr("claims.duplicates.holding.list_family", list_late)
    with transaction.atomic():
        assert hold_family([kept.pk]).keys() == {merged.pk, kept.pk}
    assert len(asked) == 3


def test_a_note_does_not_wait_for_a_bulk_step_on_its_claim(family):
    _merged, kept, _pair, lawyer = family
    told = []

    def write():
        try:
            told.append(add_note(kept, "Asked for the passport.", by=lawyer).claim_id)
        except Exception as error:  # a deadlock, where what names a claim waits for its lock with the history in hand
            told.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    with transaction.atomic():
        lock_claims([kept.pk])
        thread.start()
        thread.join(PATIENCE_SECONDS)
        assert told == [kept.pk]
        record("claim accepted", kept, by=lawyer)


def come_alone(claim):
    return lambda: record_joining(claim, ProofDraft("R1", date(2026, 3, 9), source="brief"), by=None)


def come_in_a_file(claim):
    text = f"reference,register_reference,date\n{claim.reference},R1,2026-03-09\n"
    receive_file(claim.action, BytesIO(text.encode()), name="proofs.csv", source="list of the court", by=None)
    return jobs.work


@pytest.mark.parametrize("come", [come_alone, come_in_a_file])
def test_a_proof_is_recorded_with_the_claim_it_names_where_the_merge_ends_in_between(family, come):
    merged, kept, _pair, lawyer = family
    place(merged.action, "AT-ABHILFE", action_filed=date(2026, 1, 12), order_published=date(2026, 3, 2))
    record_proof, told = come(Claim.objects.get(pk=merged.pk)), []

    def act():
        try:
            record_proof()
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    with transaction.atomic():
        unmerge_claim(merged, by=lawyer)
        thread.start()
        wait_until(is_waited_for, "a wait for the claims that come apart")
    thread.join(PATIENCE_SECONDS)
    joined = {claim.pk: claim.joined_on for claim in Claim.objects.filter(pk__in=[merged.pk, kept.pk])}
    assert not told and joined == {merged.pk: date(2026, 3, 9), kept.pk: None}
    (mail,) = Mail.objects.filter(kind="joined")
    assert show_reference(merged.reference) in mail.text
