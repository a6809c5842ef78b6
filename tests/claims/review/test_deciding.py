"""Accepting, asking and undoing: by a person, once, pinned to what was found then."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from claims.base.errors import Refused, StaleStatus
from claims.base.history import list_events
from claims.counts import list_counts, scan_counts
from claims.curing import correct_answer, find_question
from claims.lifecycle import Step, take_steps
from claims.models import Claim, Decision, Deficiency, Mail, Quarantine
from claims.review import asking, deciding, holding, undoing
from claims.review.periods import EVIDENCE, answer_with_file
from claims.screening import screen_range
from claims.terms import describe_joining
from claims.withdrawals import withdraw_claim

pytestmark = pytest.mark.django_db


def test_accepting_moves_the_claim_tells_the_claimant_and_is_in_the_history(eligible, lawyer):
    decision = deciding.accept_claim(eligible, by=lawyer)
    eligible.refresh_from_db()
    mail = Mail.objects.get(kind="accepted")
    assert (eligible.status, decision.mail, mail.language) == ("accepted", mail, "de")
    assert list_events(eligible).first().verb == "claim accepted"
    assert eligible.claimant.full_name not in mail.subject + mail.text and eligible.reference in mail.html


def test_what_may_change_until_the_mail_leaves_is_left_to_the_page_of_the_claim(action, eligible, lawyer):
    deciding.accept_claim(eligible, by=lawyer)
    with translation.override("de"):
        term = describe_joining(action).says
    assert term and term not in Mail.objects.get(kind="accepted").text


def test_a_decision_stays_pinned_to_what_was_found_when_it_was_made(action, eligible, lawyer):
    decision = deciding.accept_claim(eligible, by=lawyer)
    Claim.objects.update(answers={"uses_privately": "no"})
    screen_range(action, action.criteria, eligible.pk, eligible.pk)
    eligible.refresh_from_db()
    decision.refresh_from_db()
    assert (eligible.outcome, eligible.status) == ("ineligible", "accepted")
    assert (decision.findings, decision.outcome, decision.criteria_version) == ("yyyy", "eligible", action.criteria)


def test_only_a_claim_that_meets_everything_is_accepted(unsure, lawyer):
    with pytest.raises(Refused, match="Not every criterion"):
        deciding.accept_claim(unsure, by=lawyer)
    assert not Decision.objects.exists() and not Mail.objects.exists()


def test_a_held_claim_is_released_before_it_is_accepted(eligible, lawyer):
    Quarantine.objects.create(claim=eligible, action=eligible.action, score=6, reasons=[])
    with pytest.raises(Refused, match="release it first"):
        deciding.accept_claim(eligible, by=lawyer)


@pytest.mark.parametrize("first", ["accept", "withdraw"])
def test_whoever_comes_second_is_told_and_nothing_is_half_done(eligible, lawyer, colleague, first):
    if first == "accept":
        deciding.accept_claim(eligible, by=colleague)
    else:
        withdraw_claim(eligible, by=eligible.claimant.user, with_letter=False)
    mails, events = Mail.objects.count(), list_events(eligible).count()
    for decide in (deciding.accept_claim, lambda claim, by: asking.ask_claimant(claim, ["uses_privately"], by=by)):
        with pytest.raises(StaleStatus, match="Someone else has already handled this claim"):
            decide(eligible, by=lawyer)
    assert (Mail.objects.count(), list_events(eligible).count()) == (mails, events)


def test_a_page_that_showed_other_findings_decides_nothing(action, eligible, lawyer):
    stamp = holding.make_stamp(eligible)
    Claim.objects.update(answers={"uses_privately": "yes", "effort_hours": 9})
    screen_range(action, action.criteria, eligible.pk, eligible.pk)
    Claim.objects.filter(pk=eligible.pk).update(findings="yyny")
    with pytest.raises(StaleStatus):
        deciding.accept_claim(eligible, by=lawyer, stamp=stamp)


def test_an_undone_acceptance_leaves_no_mail_and_the_claim_as_it_was(eligible, lawyer, colleague):
    decision = deciding.accept_claim(eligible, by=lawyer)
    undoing.undo_decision(decision, by=colleague)
    eligible.refresh_from_db()
    assert eligible.status == "submitted" and not Mail.objects.exists()
    assert list_counts(eligible.action) == scan_counts(eligible.action)
    assert [event.verb for event in list_events(eligible)] == ["decision undone", "claim accepted"]


def test_ten_minutes_later_nothing_is_undone(eligible, lawyer):
    decision = deciding.accept_claim(eligible, by=lawyer)
    Decision.objects.update(at=timezone.now() - timedelta(minutes=11))
    with pytest.raises(Refused, match="take the claim up again"):
        undoing.undo_decision(decision, by=lawyer)
    deciding.reopen_claim(eligible, "New facts", by=lawyer)
    eligible.refresh_from_db()
    assert eligible.status == "submitted"


def test_undo_leaves_alone_what_happened_later(eligible, lawyer):
    decision = deciding.accept_claim(eligible, by=lawyer)
    withdraw_claim(eligible, by=eligible.claimant.user, with_letter=False)
    with pytest.raises(StaleStatus):
        undoing.undo_decision(decision, by=lawyer)
    eligible.refresh_from_db()
    assert eligible.status == "withdrawn" and Mail.objects.filter(kind="accepted").exists()


@pytest.mark.parametrize("status", ["withdrawn", "merged"])
def test_what_was_withdrawn_or_merged_after_it_was_taken_up_again_stays_that(eligible, lawyer, status):
    deciding.accept_claim(eligible, by=lawyer)
    decision = deciding.reopen_claim(eligible, "New facts", by=lawyer)
    eligible.refresh_from_db()
    take_steps([Step(eligible, Claim.Status(status), is_merging=status == "merged")])
    with pytest.raises(StaleStatus):
        undoing.undo_decision(decision, by=lawyer)
    with pytest.raises(StaleStatus):
        deciding.reopen_claim(eligible, "Once more", by=lawyer)
    assert Claim.objects.get(pk=eligible.pk).status == status


@pytest.mark.usefixtures("noon")
def test_asking_opens_the_very_question_with_a_period_from_the_record(unsure, lawyer):
    asked = asking.ask_claimant(unsure, ["uses_privately"], "Only the years before 2025 count.", by=lawyer)
    mail = Mail.objects.get(kind="asked")
    assert f"/my/claims/{unsure.reference}/answer/uses_privately/" in mail.text
    assert asked.until == timezone.localdate() + timedelta(days=21) and "2025 count" not in mail.text
    assert "2025 count" not in asked.decision.words and asked.is_open


def test_an_answer_that_a_yes_rests_on_can_be_given_once_it_was_asked_for(eligible, lawyer):
    assert find_question(eligible, "uses_privately") is None
    asking.ask_claimant(eligible, ["uses_privately"], by=lawyer)
    correct_answer(eligible, "uses_privately", "no", by=eligible.claimant.user)
    eligible.refresh_from_db()
    closed = Deficiency.objects.get()
    assert (closed.closed_as, eligible.outcome, eligible.status) == ("answered", "ineligible", "submitted")


def test_a_question_stays_open_until_the_last_one_is_answered(unsure, lawyer):
    asking.ask_claimant(unsure, ["uses_privately", "effort_hours"], by=lawyer)
    correct_answer(unsure, "uses_privately", "yes", by=unsure.claimant.user)
    assert Deficiency.objects.get().open_questions == ["effort_hours"]
    with pytest.raises(Refused, match="take the question back"):
        deciding.accept_claim(unsure, by=lawyer)
    correct_answer(unsure, "effort_hours", "4", by=unsure.claimant.user)
    assert not Deficiency.objects.get().is_open
    deciding.accept_claim(unsure, by=lawyer)


def test_a_file_that_was_asked_for_closes_the_question(unsure, lawyer):
    asking.ask_claimant(unsure, [EVIDENCE], by=lawyer)
    assert f"/my/claims/{unsure.reference}/evidence/" in Mail.objects.get(kind="asked").text
    answer_with_file(unsure)
    assert Deficiency.objects.get().closed_as == "answered"


@pytest.mark.parametrize("questions", [[], ["no_such_question"]])
def test_nothing_is_asked_that_is_no_question(unsure, lawyer, questions):
    with pytest.raises(Refused):
        asking.ask_claimant(unsure, questions, by=lawyer)


def test_an_undone_question_is_closed_and_its_mail_never_leaves(unsure, lawyer):
    asked = asking.ask_claimant(unsure, ["uses_privately"], by=lawyer)
    undoing.undo_decision(asked.decision, by=lawyer)
    asked.refresh_from_db()
    assert asked.closed_as == "taken_back" and not Mail.objects.exists()


def test_what_was_answered_meanwhile_is_no_longer_undone(unsure, lawyer):
    asked = asking.ask_claimant(unsure, ["uses_privately", "effort_hours"], by=lawyer)
    Deficiency.objects.filter(pk=asked.pk).update(open_questions=["effort_hours"])
    with pytest.raises(Refused, match="answered already"):
        undoing.undo_decision(asked.decision, by=lawyer)
    assert Mail.objects.exists() and Decision.objects.get().undone_at is None
