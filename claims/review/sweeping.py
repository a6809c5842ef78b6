"""What comes round: remind before a period ends, and put what is over before a person. Nothing is decided here."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.base import history
from claims.letters import send_letter
from claims.models import Claim, Deficiency, Hearing
from claims.review.asking import send_question
from claims.review.record import read_record
from claims.review.refusing import find_reply_address

BATCH = 200


def sweep_periods() -> tuple[int, int]:
    """Remind whose time is nearly over, note whose is; return how many of each. Safe to run any number of times."""
    return _remind(), _note_over()


def _list_running(model: type[Deficiency] | type[Hearing]) -> QuerySet[Any]:
    """Return the open periods of claims that nobody has decided or withdrawn."""
    return model._default_manager.filter(closed_at=None, claim__status=Claim.Status.SUBMITTED)


def _remind() -> int:
    done = 0
    for model in (Deficiency, Hearing):
        due = _list_running(model).filter(reminded_at=None, over_at=None, until__gte=timezone.localdate())
        near = due.filter(until__lte=timezone.localdate() + timedelta(days=31)).order_by("until")
        for period in near.select_related("claim__action", "claim__claimant", "decision").iterator(BATCH):
            done += _remind_of(period)
    return done


@transaction.atomic
def _remind_of(period: Deficiency | Hearing) -> int:
    """Remind once: some days before the end, but not in the first half of the time."""
    claim = period.claim
    first_day = period.until - timedelta(days=read_record(claim.action).remind_days)
    began = timezone.localdate(period.since)
    if timezone.localdate() < max(first_day, began + (period.until - began) / 2):
        return 0
    fresh = type(period)._default_manager.filter(pk=period.pk, reminded_at=None, closed_at=None)
    if fresh.update(reminded_at=timezone.now()) != 1:
        return 0
    if isinstance(period, Deficiency):
        send_question(claim, period.open_questions, period.until, kind="asked_reminder")
    elif not period.decision.replies.exists():
        send_letter(claim, "hearing_reminder", link_to=find_reply_address(claim), until=period.until)
    history.record("claimant reminded", claim, action=claim.action, decision=period.decision_id)
    return 1


def _note_over() -> int:
    """A period is over without an answer: the claim waits for a person, and stays what it is."""
    done = 0
    for model in (Deficiency, Hearing):
        over = _list_running(model).filter(over_at=None, until__lt=timezone.localdate())
        for period in over.select_related("claim__action").iterator(BATCH):
            done += _note_one_over(period)
    return done


@transaction.atomic
def _note_one_over(period: Deficiency | Hearing) -> int:
    fresh = type(period)._default_manager.filter(pk=period.pk, over_at=None, closed_at=None)
    if fresh.update(over_at=timezone.now()) != 1:
        return 0
    history.record("time to answer is over", period.claim, action=period.claim.action, decision=period.decision_id)
    return 1
