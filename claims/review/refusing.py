"""A refusal in two steps: announced with a time to answer, then decided by a lawyer. Article 22 GDPR, trap 17."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.duplicates import holds_another
from claims.letters import send_letter
from claims.lifecycle import move_claim
from claims.models import Claim, Decision, Hearing, User
from claims.review.holding import (
    UNDO_FOR,
    check_nothing_open,
    check_undecided,
    explain_stale,
    find_hearing,
    hold_claim,
    keep_decision,
)  # fmt: skip
from claims.review.periods import close_period, find_end
from claims.review.record import needs_second_person, read_record
from claims.review.replies import list_unread


@transaction.atomic
def announce_refusal(
    claim: Claim, reason: str, words: str = "", *, by: User, days: int | None = None, stamp: str = ""
) -> Hearing:
    """Tell the claimant that we mean to refuse, why, and until when to answer. Nothing is refused by it."""
    held = hold_claim(claim, stamp=stamp)
    check_undecided(held)
    check_nothing_open(held)
    record = read_record(held.action)
    if reason not in dict(record.list_reasons()):
        raise Refused(_("Choose a reason from the list."))
    if reason == "other" and not words.strip():
        raise Refused(_("Say the reason in your own words."))
    if held.joined_on:
        raise Refused(_explain_joined())
    _check_alone(held)
    until = find_end(days or record.hearing_days)
    mail = send_letter(
        held, "refusal_announced", wait=UNDO_FOR, link_to=find_reply_address(held), until=until,
        reason=lambda: record.say_reason(reason),
    )  # fmt: skip
    decision = keep_decision(held, Decision.Kind.ANNOUNCE, by=by, words=words, reason=reason, mail=mail)
    hearing = Hearing.objects.create(claim=held, decision=decision, until=until)
    history.record("refusal announced", held, by=by, action=held.action, decision=decision.pk)
    return hearing


def find_reply_address(claim: Claim) -> str:
    """Return the path of the page on which the claimant answers in words."""
    return reverse("claims:my-reply", args=[claim.reference])


@transaction.atomic
def drop_refusal(claim: Claim, *, by: User, stamp: str = "") -> Decision:
    """Let an announced refusal go: the claim is as it was before, and the claimant is told."""
    held = hold_claim(claim, stamp=stamp)
    hearing = find_hearing(held)
    if held.status != Claim.Status.SUBMITTED or hearing is None:
        raise StaleStatus(explain_stale())
    mail = send_letter(held, "refusal_dropped", wait=UNDO_FOR)
    decision = keep_decision(held, Decision.Kind.DROP, by=by, mail=mail)
    close_period(hearing, Hearing.End.DECIDED)
    history.record("refusal dropped", held, by=by, action=held.action, decision=decision.pk)
    return decision


def _check_alone(held: Claim) -> None:
    """Refuse nobody unheard: a claim of another account that was merged into this one would go with it."""
    if holds_another(held):
        raise Refused(
            _("A claim of another account was merged into this one: take them apart first, so that both are heard.")
        )


def _explain_joined() -> str:
    return _("This claim has joined the court action: whether it ends there, the court decides.")


def is_running(hearing: Hearing | None) -> bool:
    """Whether the claimant was promised time to answer that has not passed yet."""
    return hearing is not None and timezone.localdate() <= hearing.until


def explain_not_refusable(claim: Claim, hearing: Hearing | None, *, by: User) -> str:
    """Return why nobody, or not this person, may refuse a claim after its hearing now; "" where it is possible."""
    if claim.joined_on:  # since it was announced
        return _explain_joined()
    if hearing is None:
        return _("Announce the refusal first: the claimant has the right to answer before it.")
    if is_running(hearing) and not hearing.decision.replies.exists():
        return _("The claimant can still answer. After that, or when an answer has come, you can refuse.")
    if list_unread(claim):
        return _("The claimant has answered: read that first.")
    if hearing.decision.by_id == by.pk and needs_second_person(claim):
        return _("A claim of this value is refused by two people: somebody else than who announced it.")
    return ""


@transaction.atomic
def refuse_claim(claim: Claim, words: str = "", *, by: User, stamp: str = "", before_end: bool = False) -> Decision:
    """Refuse a claim after the hearing; the claimant is told why and how to object.

    While the time to answer runs, `before_end` says that a person has read the answer and decides all the same.
    Raises Refused where the hearing is not over, StaleStatus where somebody was faster.
    """
    held = hold_claim(claim, stamp=stamp)
    check_undecided(held)
    hearing = find_hearing(held)
    if obstacle := explain_not_refusable(held, hearing, by=by):
        raise Refused(obstacle)
    _check_alone(held)
    assert hearing is not None  # explain_not_refusable says so where there is none
    if is_running(hearing) and not before_end:
        raise Refused(_("The time to answer still runs: say that you have read the answer and decide before its end."))
    record, reason = read_record(held.action), hearing.decision.reason
    mail = send_letter(
        held, "refused", wait=UNDO_FOR, link_to=find_reply_address(held), reason=lambda: record.say_reason(reason),
        until=timezone.localdate() + timedelta(days=record.objection_days), objection=lambda: record.say("objection"),
    )  # fmt: skip
    decision = keep_decision(held, Decision.Kind.REFUSE, by=by, words=words, reason=reason, mail=mail)
    close_period(hearing, Hearing.End.DECIDED)
    move_claim(held, Claim.Status.REFUSED)
    history.record("claim refused", held, by=by, action=held.action, decision=decision.pk)
    return decision


def find_objection_end(decision: Decision) -> date:
    """Return the last day on which we promise to look at an objection; later ones are read as well."""
    return timezone.localdate(decision.at) + timedelta(days=read_record(decision.claim.action).objection_days)
