"""Who acts for a claimant, in words: by what right, and what the day is that is kept with it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from claims.models import Representation
from claims.questions import Question
from claims.rules import eligibility as rules
from claims.wording import day

Kind = Representation.Kind


def say_right(kind: str) -> str:
    """Return by what right somebody acts, in words."""
    return str(Kind(kind).label)


def date_right(kind: str, since: date | str | None) -> str:
    """Return the day on which that right rests, and what happened on it; "" where no day is kept."""
    if not since:
        return ""
    sentences = {
        Kind.GUARDIAN: _("Consent of all custodians: %(day)s"),
        Kind.REPRESENTATIVE: _("Written mandate of %(day)s"),
        Kind.HEIR: _("The person died on %(day)s"),
    }
    return sentences[Kind(kind)] % {"day": day(since)}


def answer_by_representing(questions: Iterable[Question], kind: str, since: str) -> dict[str, str]:
    """Return question -> answer for the questions of a pack that the day of this right answers: that day, or yes."""
    return {
        question["id"]: since if question["kind"] == rules.Kind.DATE else "yes"
        for question in questions
        if since and question.get("represented") == kind
    }
