"""Times that a claimant has to answer: how they begin, how an answer ends them."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base.errors import Refused, StaleStatus
from claims.models import Claim, Deficiency, Period
from claims.review.holding import explain_stale, find_deficiency, hold_claim

MOST_DAYS = 365
EVIDENCE = "evidence"  # what is asked for like a question and answered with a file


def find_end(days: int) -> date:
    """Return the last day of a period that begins today, in the time of the court."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("Give the claimant between 1 and {most} days.").format(most=MOST_DAYS))
    return timezone.localdate() + timedelta(days=days)


def close_period(period: Period, end: Period.End) -> None:
    """Close a period once. Raises StaleStatus where it is closed already."""
    still_open = type(period)._default_manager.filter(pk=period.pk, closed_at=None)
    if still_open.update(closed_at=timezone.now(), closed_as=end) != 1:
        raise StaleStatus(explain_stale())
    period.refresh_from_db()


def list_open_questions(claim: Claim) -> list[str]:
    """Return the ids of the questions that the office asked and that wait for an answer."""
    asked = find_deficiency(claim)
    return list(asked.open_questions) if asked else []


def note_answer(held: Claim, question: str) -> None:
    """Take an answered question off what is open; the last one closes it. In the transaction of the answer."""
    asked = find_deficiency(held)
    if asked is None or question not in asked.open_questions:
        return
    asked.open_questions = [name for name in asked.open_questions if name != question]
    asked.save(update_fields=["open_questions"])
    if not asked.open_questions:
        close_period(asked, Deficiency.End.ANSWERED)


@transaction.atomic
def answer_with_file(claim: Claim) -> None:
    """Take the file that was asked for off what is open, when one has come in."""
    note_answer(hold_claim(claim), EVIDENCE)
