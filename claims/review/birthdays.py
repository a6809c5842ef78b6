"""The office enters a day of birth that a file did not bring, or puts one right, on a proof and with a reason.

With this day and the e-mail address a person opens a claim that came in by a file (claims.connecting).
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from claims.answers import keep_former
from claims.base import history
from claims.base.errors import Refused
from claims.conflicts import check_not_own
from claims.contacts import renew_person_key
from claims.counts import move_count
from claims.criteria import FOUND, judge_anew
from claims.models import Claim, User
from claims.review.casework import add_note
from claims.review.holding import check_undecided, hold_claim

CORRECTED = "day of birth corrected"


@transaction.atomic
def correct_birthday(claim: Claim, born_on: date, *, reason: str, by: User) -> Claim:
    """Keep a day of birth, with the reason as a sealed note, and return the claim with what the criteria find now.

    A day that was known is kept sealed as a former answer. A claim on which somebody has decided only gets a day that
    was unknown, and its findings stay as they were decided on. Raises Refused where nothing would change, for one's own
    claim and where that person is in the matter already.
    """
    held = hold_claim(claim)
    check_not_own(held, by=by)
    person = held.claimant
    if person.birth_date == born_on or person.erased_at:
        raise Refused(_("Nothing has changed, so nothing was saved."))
    is_open = held.status == Claim.Status.SUBMITTED and held.joined_on is None
    former = {}
    if person.birth_date:
        check_undecided(held)
        former = {"former": [keep_former(held, "birth_date", person.birth_date.isoformat()).pk]}
    person.birth_date = born_on
    person.save(update_fields=["birth_date"])
    renew_person_key(person, held.matter_id)
    if is_open:
        _judge(held)
    add_note(held, reason, by=by)
    history.record(CORRECTED, held, by=by, action=held.action, fields=["birth_date"], **former)
    return held


def _judge(held: Claim) -> None:
    before = (held.habitual_residence, held.tier, held.outcome)
    judge_anew(held)
    held.save(update_fields=list(FOUND))
    move_count(held.action_id, before, (held.habitual_residence, held.tier, held.outcome))
