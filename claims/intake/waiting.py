"""What was sent and is no claim after minutes: the office sees that it waits, since when and why, and tries again."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base.errors import Refused, StaleStatus
from claims.base.vault import Unreadable
from claims.intake.drafts import open_draft
from claims.intake.entering import enter_registration
from claims.models import Action, Claim, Registration

LATE = timedelta(minutes=10)  # a worker takes seconds, at a deadline minutes
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Late:
    """A registration that waits, and why, in words that say nothing of the person."""

    registration: Registration
    why: str


def list_late(action: Action) -> QuerySet[Registration]:
    """Return what was sent in an action and could not be entered, or waits for minutes; the longest first."""
    sent = Registration.objects.filter(action=action, state=Registration.State.SENT)
    is_late = Q(failed_at__isnull=False) | Q(sent_at__lt=timezone.now() - LATE)
    return sent.filter(is_late).order_by("sent_at", "pk")


def describe_late(registration: Registration) -> Late:
    """Say why a registration waits, and whose turn it is."""
    if registration.failed_at is None:
        return Late(registration, _("No worker has come to it. Ask whoever runs this server to start the workers."))
    try:
        open_draft(registration)
    except Unreadable:
        words = _(
            "What was sent cannot be opened, because a key is missing on this server. Ask whoever runs it to put the "
            "key back from the backup. After that it is entered by itself."
        )
        return Late(registration, words)
    words = _(
        "A fault in the program. It is tried again every minute. Whoever runs this server finds the fault in the log, "
        "under this number: {number}."
    )
    return Late(registration, words.format(number=registration.pk))


def enter_late(registration: Registration) -> Claim:
    """Try again at once, and return the claim. Raises Refused where it fails again, StaleStatus where it is entered."""
    try:
        claim = enter_registration(registration.pk)
    except Exception as fault:  # whatever it is: the page says so, and the log says more
        logger.exception("registration %s could not be entered", registration.pk)
        Registration.objects.filter(pk=registration.pk).update(failed_at=timezone.now())
        raise Refused(_("It could not be entered this time either. Nothing is lost.")) from fault
    if claim is None:
        raise StaleStatus(_("It has been entered in the meantime."))
    return claim
