"""The office asks for what is missing: which questions, until when, and what follows if nobody answers."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.base.mails import NO_WAIT
from claims.conflicts import check_not_own
from claims.curing import list_asked
from claims.letters import send_letter
from claims.models import Claim, Decision, Deficiency, Mail, User
from claims.review.holding import (
    UNDO_FOR,
    check_undecided,
    explain_stale,
    find_deficiency,
    find_hearing,
    hold_claim,
    keep_decision,
)  # fmt: skip
from claims.review.periods import EVIDENCE, close_period, find_end
from claims.review.record import read_record


@transaction.atomic
def ask_claimant(
    claim: Claim, questions: Sequence[str], words: str = "", *, by: User, days: int | None = None, stamp: str = ""
) -> Deficiency:
    """Ask the claimant these questions and return what is open until when; the mail links to the first one.

    The days are those of the record of the action where none are given. Raises StaleStatus, or Refused with the
    reason.
    """
    held = hold_claim(claim, stamp=stamp)
    check_undecided(held)
    if find_deficiency(held):
        raise StaleStatus(explain_stale())
    _check_questions(held, questions)
    until = find_end(days or read_record(held.action).cure_days)
    mail = send_question(held, list(questions), until, wait=UNDO_FOR)
    decision = keep_decision(held, Decision.Kind.ASK, by=by, words=words, mail=mail)
    asked = Deficiency.objects.create(
        claim=held, decision=decision, questions=list(questions), open_questions=list(questions), until=until
    )
    history.record("more was asked", held, by=by, action=held.action, fields=questions, decision=decision.pk)
    return asked


def _check_questions(held: Claim, questions: Sequence[str]) -> None:
    if not questions:
        raise Refused(_("Choose at least one question."))
    if held.joined_on:
        raise Refused(_("This claim is before the court with these answers: nothing can be asked here any more."))
    if find_hearing(held):
        raise Refused(_("A refusal is announced: drop it first, or wait for the answer."))
    asked = list_asked(held)
    if unknown := [name for name in questions if name not in asked and name != EVIDENCE]:
        raise Refused(_("This person is not asked “{question}”.").format(question=unknown[0]))


def send_question(
    held: Claim, questions: Sequence[str], until: date, *, kind: str = "asked", wait: timedelta = NO_WAIT
) -> Mail | None:
    """Queue the mail whose button opens the first question; it says by when and what happens otherwise."""
    return send_letter(
        held, kind, wait=wait, link_to=find_address(held, questions[0]), until=until, number=len(questions),
        warning=lambda: read_record(held.action).say("warning"),
    )  # fmt: skip


def find_address(claim: Claim, question: str) -> str:
    """Return the path of the page on which the claimant answers this question."""
    if question == EVIDENCE:
        return reverse("claims:my-evidence", args=[claim.reference])
    return reverse("claims:my-answer", args=[claim.reference, question])


@transaction.atomic
def take_back_question(asked: Deficiency, *, by: User) -> None:
    """Close what was asked without an answer: it is no longer needed, or a person decides without it."""
    check_not_own(asked.claim, by=by)
    close_period(asked, Deficiency.End.TAKEN_BACK)
    history.record("question taken back", asked.claim, by=by, action=asked.claim.action, decision=asked.decision_id)
