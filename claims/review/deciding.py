"""A person accepts a claim, or takes a decided one up again."""

from django.db import transaction
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.letters import send_letter
from claims.lifecycle import move_claim
from claims.models import Claim, Decision, User
from claims.review.holding import (
    UNDO_FOR,
    check_nothing_open,
    check_undecided,
    explain_stale,
    hold_claim,
    keep_decision,
)
from claims.rules.eligibility import Outcome


def list_standing_decisions(claim: Claim) -> list[Decision]:
    """Return the decisions about a claim in order, those undone left out."""
    return list(claim.decisions.filter(undone_at=None).select_related("by", "criteria_version"))


def explain_not_acceptable(held: Claim) -> str:
    """Return why a claim cannot be accepted as it is, or ""."""
    if held.outcome != Outcome.ELIGIBLE:
        return _("Not every criterion is met: ask the claimant, or set the finding yourself and say why.")
    return ""


@transaction.atomic
def accept_claim(claim: Claim, *, by: User, stamp: str = "") -> Decision:
    """Accept a claim that meets all criteria, and return the decision; the mail leaves when undoing is over.

    Raises StaleStatus where somebody was faster, Refused where the claim is not ready for it.
    """
    held = hold_claim(claim, stamp=stamp)
    check_undecided(held)
    check_nothing_open(held)
    if obstacle := explain_not_acceptable(held):
        raise Refused(obstacle)
    mail = send_letter(held, "accepted", wait=UNDO_FOR)
    decision = keep_decision(held, Decision.Kind.ACCEPT, by=by, mail=mail)
    move_claim(held, Claim.Status.ACCEPTED)
    history.record("claim accepted", held, by=by, action=held.action, decision=decision.pk)
    return decision


@transaction.atomic
def reopen_claim(claim: Claim, words: str, *, by: User, stamp: str = "") -> Decision:
    """Take up a claim again that was accepted or refused, with a reason: after an objection, or new facts.

    Raises StaleStatus where it is neither.
    """
    if not words.strip():
        raise Refused(_("Say why the claim is taken up again."))
    held = hold_claim(claim, stamp=stamp)
    if held.status not in {Claim.Status.ACCEPTED, Claim.Status.REFUSED}:  # only unmerging takes a merged claim out
        raise StaleStatus(explain_stale())
    move_claim(held, Claim.Status.SUBMITTED)
    mail = send_letter(held, "reopened", wait=UNDO_FOR)
    decision = keep_decision(held, Decision.Kind.REOPEN, by=by, words=words, mail=mail)
    history.record("claim taken up again", held, by=by, action=held.action, decision=decision.pk)
    return decision
