"""Whether people can still come into an action; if not, why, in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import get_regime
from claims.models import Action
from claims.procedure.dates import find_deadline, list_holidays_of, read_happened
from claims.rules.courtdays import end_of_day, roll_forward
from claims.rules.deadlines import Deadline
from claims.wording import day

WINDOWS = ("join_closes", "second_join_closes")


def tell_closing(action: Action, *, at: datetime | None = None) -> str:
    """Say why nobody can register in an action, now or at a moment; "" while people can."""
    if not action.is_published:
        return _("This action is not on this site at the moment, so nobody can register now.")
    if action.has_ended:
        return _("This action has ended. Nobody can register any more.")
    if last := _find_last_day(action, at or timezone.now()):
        return _("The last day to join was %(day)s. Nobody can register any more.") % {"day": day(last.on)}
    return ""


def find_closing_moment(action: Action) -> datetime | None:
    """Return the moment at which every time to join that the law gives is over beyond doubt; None: nobody knows."""
    found = _find_last_end(action)
    return found[0] if found else None


def _find_last_day(action: Action, at: datetime) -> Deadline | None:
    found = _find_last_end(action)
    return found[1] if found and found[0] < at else None


def _find_last_end(action: Action) -> tuple[datetime, Deadline] | None:
    windows = [rule for rule in WINDOWS if rule in get_regime(action).rules]
    ends = [(_find_end(deadline, action), deadline) for deadline in (find_deadline(action, rule) for rule in windows)]
    known = [(moment, deadline) for moment, deadline in ends if moment]
    if not known or len(known) < len(ends):  # a time whose end nobody knows is not over
        return None
    return max(known, key=lambda end: end[0])


def _find_end(deadline: Deadline, action: Action) -> datetime | None:
    if deadline.on is None or not deadline.is_weekend_open:
        return deadline.moment
    # Nobody knows whether the law moves this day: whoever relies on the later one is not turned away.
    holidays = list_holidays_of(action, read_happened(action))
    return end_of_day(roll_forward(deadline.on, holidays), get_regime(action).state)
