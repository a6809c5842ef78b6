"""What every decision begins and ends with: hold the claim, look whether the page was stale, keep the row."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.models import Claim, Decision, Deficiency, Hearing, User
from claims.quarantine import find_held
from claims.review.words import seal_words

UNDO_FOR = timedelta(minutes=10)  # mails of a decision leave after this, so that undoing it leaves no trace outside


def explain_stale() -> str:
    """Return what is said to whoever comes second."""
    return _("Someone else has already handled this claim.")


def make_stamp(claim: Claim) -> str:
    """Return what a page was made of: another status, decision or finding gives another stamp."""
    last = claim.decisions.order_by("-pk").values_list("pk", "undone_at").first()
    seen = f"{claim.status}|{last}|{claim.criteria_version_id}|{claim.findings}|{claim.joined_on}"
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def hold_claim(claim: Claim, *, stamp: str = "") -> Claim:
    """Return the claim locked until the transaction ends. Raises StaleStatus where the page showed another one."""
    held = (
        Claim.objects.select_for_update(of=("self",), no_key=True)
        .select_related("action", "claimant", "criteria_version")
        .get(pk=claim.pk)
    )
    if stamp and stamp != make_stamp(held):
        raise StaleStatus(explain_stale())
    return held


def check_undecided(held: Claim) -> None:
    """Raise StaleStatus where the claim is decided or gone, Refused where it is held for a look."""
    if held.status != Claim.Status.SUBMITTED:
        raise StaleStatus(explain_stale())
    if find_held(held):
        raise Refused(_("This claim is held for a look: release it first."))


def find_deficiency(claim: Claim) -> Deficiency | None:
    """Return what is open to be answered by the claimant."""
    return Deficiency.objects.filter(claim=claim, closed_at=None).select_related("decision").first()


def find_answered(decision: Decision) -> datetime | None:
    """Return when all was answered that a decision asked; None where something is open, or nothing was asked."""
    asked = Deficiency.objects.filter(decision=decision, closed_as=Deficiency.End.ANSWERED)
    return asked.values_list("closed_at", flat=True).first()


def find_hearing(claim: Claim) -> Hearing | None:
    """Return the announced refusal on which nobody has decided yet."""
    return Hearing.objects.filter(claim=claim, closed_at=None).select_related("decision").first()


def check_nothing_open(held: Claim) -> None:
    """Raise Refused where the claimant was asked or heard and that is not over."""
    if find_deficiency(held):
        raise Refused(_("The claimant was asked and has time to answer: take the question back first."))
    if find_hearing(held):
        raise Refused(_("A refusal is announced: drop it first, or wait for the answer."))


def keep_decision(held: Claim, kind: Decision.Kind, *, by: User, words: str = "", **fields: Any) -> Decision:
    """Write a decision, pinned to the criteria and findings of this moment. Raises Refused for one's own claim."""
    check_not_own(held, by=by)
    decision = Decision(
        claim=held, kind=kind, by=by, criteria_version=held.criteria_version, findings=held.findings,
        outcome=held.outcome, **fields,
    )  # fmt: skip
    decision.words = seal_words(held, decision.code, words)
    decision.save(force_insert=True)
    return decision
