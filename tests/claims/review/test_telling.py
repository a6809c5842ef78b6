"""What can still be undone is nothing that the claimant sees; what was undone never was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base import jobs
from claims.base.history import list_events
from claims.models import Claim, Decision, Hearing, Job
from claims.own_data import collect_own_data
from claims.review import asking, bulk, deciding, refusing, telling, undoing
from claims.tallies import recount
from claims.timeline import list_happenings

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=11)


def let_pass():
    for decision in Decision.objects.all():
        Decision.objects.filter(pk=decision.pk).update(at=decision.at - LONG_AGO)


def see(claim, client):
    client.force_login(claim.claimant.user)
    return client.get(f"/my/claims/{claim.reference}/").content.decode()


def list_verbs(claim):
    return {it.verb for it in list_happenings(Claim.objects.get(pk=claim.pk), reader=claim.claimant.user)}


def test_an_undone_acceptance_leaves_nothing_on_the_pages_of_the_claimant(client, eligible, lawyer):
    undoing.undo_decision(deciding.accept_claim(eligible, by=lawyer), by=lawyer)
    let_pass()
    page = see(eligible, client)
    assert "accepted the claim" not in page and "undone" not in page
    assert not {"claim accepted", "decision undone"} & list_verbs(eligible)
    assert [event.verb for event in list_events(eligible)] == ["decision undone", "claim accepted"]
    assert "accept" not in str(collect_own_data(eligible.claimant.user)["people"][0]["claims"][0]["decisions"])


def test_an_acceptance_is_told_once_it_cannot_be_undone(client, eligible, lawyer):
    deciding.accept_claim(eligible, by=lawyer)
    told = collect_own_data(eligible.claimant.user)
    assert "Accepted by a lawyer" not in see(eligible, client) and "claim accepted" not in list_verbs(eligible)
    assert told["mails"] == [] and told["people"][0]["claims"][0]["status"] == "submitted"
    let_pass()
    assert "Accepted by a lawyer" in see(eligible, client) and "claim accepted" in list_verbs(eligible)
    assert collect_own_data(eligible.claimant.user)["people"][0]["claims"][0]["status"] == "accepted"


def test_a_question_and_an_announced_refusal_appear_after_the_time_to_undo(client, make, unsure, lawyer):
    other = make()
    asking.ask_claimant(unsure, ["uses_privately"], by=lawyer)
    refusing.announce_refusal(other, "criterion", by=lawyer)
    assert "We need an answer from you" not in see(unsure, client)
    assert "Please read this before we decide" not in see(other, client)
    assert "nothing to answer here" in client.get(f"/my/claims/{other.reference}/reply/").content.decode()
    let_pass()
    assert "We need an answer from you" in see(unsure, client)
    assert "Please read this before we decide" in see(other, client)


def test_until_a_refusal_is_told_the_claimant_sees_the_hearing(client, unsure, lawyer):
    refusing.announce_refusal(unsure, "criterion", by=lawyer)
    let_pass()
    Hearing.objects.update(until=timezone.localdate() - timedelta(days=1))
    decision = refusing.refuse_claim(unsure, by=lawyer)
    page = see(unsure, client)
    assert "Please read this before we decide" in page and "Your claim was not accepted" not in page
    undoing.undo_decision(decision, by=lawyer)
    assert "Please read this before we decide" in see(unsure, client)


def test_a_claim_taken_up_again_stays_as_it_was_told_for_ten_minutes(eligible, lawyer):
    deciding.accept_claim(eligible, by=lawyer)
    let_pass()
    deciding.reopen_claim(eligible, "New facts", by=lawyer)
    claim = Claim.objects.get(pk=eligible.pk)
    assert (claim.status, telling.find_told_status(claim)) == ("submitted", "accepted")
    let_pass()
    assert telling.find_told_status(claim) == "submitted"


def test_many_claims_accepted_at_once_are_told_when_their_job_cannot_be_undone(action, eligible, lawyer):
    recount(action)
    job = bulk.start_bulk(action, Claim.objects.filter(action=action), "accept", by=lawyer)
    jobs.work()
    let_pass()
    assert "claim accepted" not in list_verbs(eligible)  # the ten minutes count from the end of the job
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - LONG_AGO)
    assert "claim accepted" in list_verbs(eligible)
