"""Claims are withdrawn: always before joining, afterwards as the law of the action allows."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import find_event, get_regime
from claims.base import history
from claims.base.errors import Refused
from claims.duplicates import find_joining_day, hold_family, is_left_alone, leave, tell_released
from claims.letters import send_letter
from claims.models import Claim, User
from claims.procedure.dates import find_deadline
from claims.rules.deadlines import State
from claims.terms import describe_leaving

NEVER, ANY_TIME = "never", "any_time"


def find_obstacle(claim: Claim, *, on: date) -> str:
    """Return why the law does not let this claim be withdrawn on a day, in a sentence; "" where it does.

    A claim that has not joined binds nobody. Of one that has, our record of the regime says; where that is unknown,
    nothing is done here that could not be taken back.
    """
    if claim.status == Claim.Status.WITHDRAWN:
        return _("This claim is withdrawn already.")
    if claim.status == Claim.Status.MERGED and not is_left_alone(claim):
        return _("This registration was put together with another one of yours. Withdraw that one.")
    if find_joining_day(claim) is None:
        return ""
    allowed = get_regime(claim.action)["withdrawal_allowed"].value
    if allowed == ANY_TIME:
        return ""
    if allowed == NEVER:
        return _("The law no longer allows it: you have joined the court action, and joining cannot be taken back.")
    leaving = describe_leaving(claim.action)
    if (last_day := _find_last_day(claim)) is None:
        return _(
            "You have joined the court action, and until when one can leave it is not certain. Write to the office."
        )
    if on > last_day:
        return _(
            "The law no longer allows it: you have joined the court action, and the time to leave it is over ({end})."
        ).format(end=leaving.says)
    return ""


def _find_last_day(claim: Claim) -> date | None:
    """Return the last day on which leaving is certain to be in time; `date.max` while what starts the time is to come.

    Where it is unknown whether a weekend makes it longer, it does not: a day too early is a question to the office, a
    day too late is a right lost.
    """
    deadline = find_deadline(claim.action, "withdraw_until")
    if deadline.state == State.WAITING and find_event(claim.action, deadline.event):
        return date.max
    return deadline.on


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: User, with_letter: bool = True) -> Claim:
    """Withdraw a claim and return it; it leaves the counts at once. Raises Refused, or StaleStatus.

    One transaction: the move, the counts, the receipt and the history. Claims of other accounts that were merged into
    it stand again, and their holders are told.
    """
    # Held until the end: a screening that runs at the same time would otherwise count it under another outcome.
    held = hold_family([claim.pk])[claim.pk]
    if obstacle := find_obstacle(held, on=timezone.localdate()):
        raise Refused(obstacle)
    released = leave(held)
    if with_letter:
        send_letter(held, "withdrawn", joined=held.joined_on is not None)
    tell_released(released, by=by)
    history.record("claim withdrawn", held, by=by, action=held.action)
    return held
