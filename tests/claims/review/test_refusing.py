"""A refusal is announced, heard and only then decided; by two people where much is at stake (trap 17)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base.errors import Refused, StaleStatus
from claims.counts import list_counts, scan_counts
from claims.models import Claim, Decision, Hearing, Mail
from claims.review import deciding, refusing, replies, undoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(unsure, lawyer):
    refusing.announce_refusal(unsure, "criterion", "The account was a shop.", by=lawyer)
    let_pass()
    return unsure


def let_pass():
    """What was decided is told after ten minutes, when it cannot be undone any more."""
    Decision.objects.update(at=timezone.now() - timedelta(minutes=11))


def end_hearing():
    Hearing.objects.update(until=timezone.localdate() - timedelta(days=1))


def demand_two(action):
    action.facts |= {"review": {"source": "invented", "two_people_from_cents": 1}}
    action.save()


def test_nobody_is_refused_without_a_hearing_or_before_its_end(unsure, lawyer):
    with pytest.raises(Refused, match="Announce the refusal first"):
        refusing.refuse_claim(unsure, by=lawyer)
    refusing.announce_refusal(unsure, "criterion", by=lawyer)
    with pytest.raises(Refused, match="can still answer"):
        refusing.refuse_claim(unsure, by=lawyer)
    assert Claim.objects.get(pk=unsure.pk).status == "submitted"


def test_after_the_hearing_a_lawyer_refuses_with_reason_and_a_way_to_object(announced, lawyer):
    end_hearing()
    decision = refusing.refuse_claim(announced, "It was a shop.", by=lawyer)
    mail = Mail.objects.get(kind="refused")
    claim = Claim.objects.get(pk=announced.pk)
    assert (claim.status, decision.reason, claim.stands) == ("refused", "criterion", False)
    assert f"/my/claims/{claim.reference}/reply/" in mail.text and "shop" not in mail.text + decision.words
    assert list_counts(claim.action) == scan_counts(claim.action) == {}


def test_an_answer_ends_the_hearing_once_somebody_has_read_it(announced, lawyer):
    replies.reply_to_decision(announced, "It was my own account.", by=announced.claimant.user)
    with pytest.raises(Refused, match="read that first"):
        refusing.refuse_claim(announced, by=lawyer)
    claim = Claim.objects.get(pk=announced.pk)
    assert [words for _reply, words in replies.read_replies(claim, by=lawyer)] == ["It was my own account."]
    with pytest.raises(Refused, match="still runs"):
        refusing.refuse_claim(announced, by=lawyer)
    refusing.refuse_claim(announced, by=lawyer, before_end=True)


def test_a_tick_does_not_refuse_who_has_not_answered_yet(announced, lawyer):
    with pytest.raises(Refused, match="can still answer"):
        refusing.refuse_claim(announced, by=lawyer, before_end=True)


def test_who_joined_in_court_since_the_announcement_is_not_refused(announced, lawyer):
    end_hearing()
    Claim.objects.filter(pk=announced.pk).update(joined_on=timezone.localdate())
    with pytest.raises(Refused, match="the court decides"):
        refusing.refuse_claim(announced, by=lawyer)
    assert Claim.objects.get(pk=announced.pk).status == "submitted"


def test_from_a_value_on_two_people_refuse(announced, action, lawyer, colleague):
    demand_two(action)
    end_hearing()
    with pytest.raises(Refused, match="two people"):
        refusing.refuse_claim(Claim.objects.get(), by=lawyer)
    refusing.refuse_claim(Claim.objects.get(), by=colleague)


def test_a_refused_person_objects_and_the_claim_is_taken_up_again(announced, lawyer):
    end_hearing()
    refusing.refuse_claim(announced, by=lawyer)
    let_pass()
    assert replies.reply_to_decision(announced, "A proof.", by=announced.claimant.user).decision.kind == "refuse"
    deciding.reopen_claim(announced, "The proof holds", by=lawyer)
    claim = Claim.objects.get(pk=announced.pk)
    assert claim.status == "submitted" and list_counts(claim.action) == scan_counts(claim.action)


def test_a_dropped_refusal_leaves_the_claim_as_it_was(announced, lawyer):
    refusing.drop_refusal(announced, by=lawyer)
    with pytest.raises(StaleStatus):
        refusing.drop_refusal(announced, by=lawyer)
    assert Hearing.objects.get().closed_as == "decided" and Mail.objects.filter(kind="refusal_dropped").exists()


@pytest.mark.parametrize("step", ["drop", "refuse"])
def test_undoing_opens_the_hearing_again(announced, lawyer, step):
    end_hearing()
    decide = refusing.drop_refusal if step == "drop" else refusing.refuse_claim
    undoing.undo_decision(decide(announced, by=lawyer), by=lawyer)
    assert Hearing.objects.get().is_open and Claim.objects.get().status == "submitted"
    assert list_counts(announced.action) == scan_counts(announced.action)


def test_an_answer_goes_to_what_was_told_and_never_stands_in_the_way_of_undoing(unsure, lawyer):
    refusing.announce_refusal(unsure, "criterion", by=lawyer)
    with pytest.raises(Refused, match="nothing to answer"):
        replies.reply_to_decision(unsure, "Hello", by=unsure.claimant.user)
    let_pass()
    end_hearing()
    refusal = refusing.refuse_claim(unsure, by=lawyer)
    assert replies.reply_to_decision(unsure, "But no.", by=unsure.claimant.user).decision.kind == "announce"
    assert undoing.undo_decision(refusal, by=lawyer).status == "submitted" and len(replies.list_unread(unsure)) == 1


def test_nothing_is_answered_that_was_not_said(unsure, lawyer):
    with pytest.raises(Refused, match="nothing to answer"):
        replies.reply_to_decision(unsure, "Hello", by=unsure.claimant.user)


@pytest.mark.parametrize("reason", ["", "invented", "other"])
def test_a_refusal_has_a_reason_from_the_list_or_one_in_words(unsure, lawyer, reason):
    with pytest.raises(Refused):
        refusing.announce_refusal(unsure, reason, by=lawyer)
    assert not Decision.objects.exists()
