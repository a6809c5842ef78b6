"""Times to answer: a reminder before the end, and after it a person; never a refusal by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base.history import list_events
from claims.models import Claim, Deficiency, Hearing, Mail
from claims.review import asking, refusing, sweeping
from claims.workspace import list_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def asked(unsure, lawyer):
    return asking.ask_claimant(unsure, ["uses_privately"], by=lawyer)


def move(model, **days):
    """Let a period have begun and end some days from today."""
    now = timezone.now()
    until = timezone.localdate() + timedelta(days=days["until"])
    model.objects.update(since=now + timedelta(days=days["since"]), until=until)


def test_a_reminder_leaves_once_some_days_before_the_end(asked):
    assert sweeping.sweep_periods() == (0, 0)
    move(Deficiency, since=-17, until=4)
    assert [sweeping.sweep_periods(), sweeping.sweep_periods()] == [(1, 0), (0, 0)]
    mail = Mail.objects.get(kind="asked_reminder")
    assert "/answer/uses_privately/" in mail.text


def test_a_short_time_is_not_reminded_of_in_its_first_half(asked):
    move(Deficiency, since=-1, until=4)
    assert sweeping.sweep_periods() == (0, 0)


def test_trap_17_a_time_that_is_over_refuses_nobody_and_waits_for_a_person(asked, action, lawyer):
    move(Deficiency, since=-30, until=-1)
    assert [sweeping.sweep_periods(), sweeping.sweep_periods()] == [(0, 1), (0, 0)]
    claim = Claim.objects.get()
    assert claim.status == "submitted" and list_events(claim).first().verb == "time to answer is over"
    assert [(item.name, item.number) for item in list_waiting(action, lawyer)] == [
        ("Claims to decide", 1), ("Questions whose time is over", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["withdrawn", "merged"])
def test_a_claim_that_is_gone_waits_for_nobody(asked, action, lawyer, status):
    move(Deficiency, since=-30, until=-1)
    assert sweeping.sweep_periods() == (0, 1) and list_waiting(action, lawyer)
    Claim.objects.update(status=status)
    Deficiency.objects.update(reminded_at=None)
    assert sweeping.sweep_periods() == (0, 0) and list_waiting(action, lawyer) == []


def test_a_hearing_without_an_answer_is_reminded_of_and_refuses_nobody(unsure, lawyer):
    refusing.announce_refusal(unsure, "no_answer", by=lawyer)
    move(Hearing, since=-17, until=2)
    assert sweeping.sweep_periods() == (1, 0) and Mail.objects.filter(kind="hearing_reminder").count() == 1
    move(Hearing, since=-30, until=-1)
    assert sweeping.sweep_periods() == (0, 1) and Claim.objects.get().status == "submitted"
