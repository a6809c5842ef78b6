"""A registration that is never sent is not kept for ever (Article 5(1)(e) GDPR): a mail first, then all of it goes.

No claim and no time limit rests on it, so nothing speaks for keeping it but that its owner may come back.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone

from claims.base import history
from claims.base.errors import Refused
from claims.base.mails import queue_mail
from claims.closing import find_closing_moment
from claims.erasing import erase_registration
from claims.models import Action, HistoryEvent, Mail, Registration

logger = logging.getLogger(__name__)

DAYS = 90  # where the pack says nothing: long enough to look for papers and come back twice
AFTER_CLOSING = timedelta(days=30)  # nothing can come of it any more: only time to take one's words along
NOTICE = timedelta(days=14)
# A mailbox that puts us off without ever refusing is no reason to keep a registration for ever: after this many mails,
# two weeks and more between them, it ends all the same, four weeks after its time at the soonest.
MOST_NOTICES = 3
ANNOUNCED = "deletion of a registration announced"
UNDER_WAY = Q(state__in=[*Mail.OPEN, Mail.State.SENT])
# As claims.base.mails.faults writes where an address takes no mail for good: whoever has it cannot be told.
NO_WAY = Q(state=Mail.State.FAILED, error__startswith="recipient refused: 5")


@dataclass
class Expired:
    """Of how many registrations the owners were told, and how many are deleted."""

    told: int = 0
    deleted: int = 0


def count_days_kept(action: Action) -> int:
    """Return how many days after it was last saved a registration is kept that was never sent."""
    return int(action.facts.get("drafts", {}).get("days", DAYS))


def delete_drafts(*, is_trial: bool = False) -> Expired:
    """Tell whose registration is deleted in two weeks, and delete those whose time is over; with a trial, count only.

    Nobody's is deleted less than two weeks after the mail has left; one that has not left is written anew, twice. Safe
    to run any number of times.
    """
    done = Expired()
    for action in Action.objects.order_by("pk"):
        to_tell, to_delete = _list_to_tell(action), _list_to_delete(action)
        if is_trial:
            done.told, done.deleted = done.told + to_tell.count(), done.deleted + to_delete.count()
            continue
        done.deleted += sum(_try(_delete, to_delete, pk) for pk in list(to_delete.values_list("pk", flat=True)))
        done.told += sum(_try(_tell, to_tell, pk) for pk in list(to_tell.values_list("pk", flat=True)))
    return done


def _try(work: Callable[[QuerySet[Registration], int], bool], due: QuerySet[Registration], pk: int) -> bool:
    """One that cannot be told of or deleted keeps no other waiting: the next run tries it again."""
    try:
        return work(due, pk)
    except Exception:
        logger.exception("the end of registration %s could not be brought about", pk)
        return False


def _list_over(action: Action, at: datetime) -> QuerySet[Registration]:
    """Return what was not sent and whose time is over at a moment."""
    drafts = Registration.objects.filter(action=action, state=Registration.State.OPEN)
    closed_at = _find_closed(action)
    if closed_at and closed_at + AFTER_CLOSING <= at:
        return drafts
    return drafts.filter(saved_at__lte=at - timedelta(days=count_days_kept(action)))


def _list_to_tell(action: Action) -> QuerySet[Registration]:
    now = timezone.now()
    untold = Q(warned_at=None) | Q(warned_at__lt=F("saved_at"))
    in_vain = Q(warned_at__lte=now - NOTICE, warning__isnull=False) & ~_has_mail(UNDER_WAY | NO_WAY) & ~_is_enough()
    return _list_over(action, now + NOTICE).filter(untold | in_vain)


def _list_to_delete(action: Action) -> QuerySet[Registration]:
    now = timezone.now()
    told = Q(warning=None) | _has_mail(Q(state=Mail.State.SENT, sent_at__lte=now - NOTICE) | NO_WAY)
    in_vain = _is_enough() & ~_has_mail(UNDER_WAY)
    return _list_over(action, now).filter(told | in_vain, warned_at__gte=F("saved_at"), warned_at__lte=now - NOTICE)


def _has_mail(standing: Q) -> Exists:
    return Exists(Mail.objects.filter(standing, pk=OuterRef("warning")))


def _is_enough() -> GreaterThanOrEqual:
    """Whether the end was announced as often as it ever is since the last save."""
    lines = HistoryEvent.objects.filter(
        subject=Registration._meta.model_name, subject_id=OuterRef("pk"), verb=ANNOUNCED, at__gte=OuterRef("saved_at")
    )
    told = lines.order_by().values("subject_id").annotate(times=Count("pk")).values("times")
    return GreaterThanOrEqual(Coalesce(Subquery(told), 0), MOST_NOTICES)


def _find_closed(action: Action) -> datetime | None:
    """Return since when nobody can register, as far as we know; None while people can, or may again."""
    moment = find_closing_moment(action)
    if moment and moment <= timezone.now():
        return moment
    if not action.has_ended:
        return None
    entered = action.event_entries.aggregate(last=Max("entered_at"))["last"]
    return max(entered or action.loaded_at, action.loaded_at)


@transaction.atomic
def _tell(due: QuerySet[Registration], pk: int) -> bool:
    held = due.select_for_update(of=("self",)).select_related("action", "user").filter(pk=pk).first()
    if held is None:  # saved, sent or erased at this moment
        return False
    now, closed_at = timezone.now(), _find_closed(held.action)
    end = held.saved_at + timedelta(days=count_days_kept(held.action))
    on = max(now + NOTICE, min(end, closed_at + AFTER_CLOSING) if closed_at else end)
    context = {
        "action": held.action.name, "is_illustration": held.action.is_illustration, "is_closed": closed_at is not None,
        "on": timezone.localdate(on), "contact": held.action.facts.get("contact"),
        "link": f"{settings.BASE_URL}{reverse('claims:my')}",
    }  # fmt: skip
    mail = None
    with suppress(Refused):  # an address that no mail can reach keeps nothing from ending
        mail = queue_mail(held.user.email, kind="draft_ends", language=held.language, context=context, forget_at=on)
    Registration.objects.filter(pk=pk).update(warned_at=now, warning=mail and mail.pk)
    history.record(ANNOUNCED, held, action=held.action)
    return True


@transaction.atomic
def _delete(due: QuerySet[Registration], pk: int) -> bool:
    held = due.select_for_update(of=("self",)).select_related("action", "user").filter(pk=pk).first()
    if held:
        erase_registration(held, by=None)
    return held is not None
