"""A decision is undone within ten minutes: as if it had not been, since its mail has not left yet."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.lifecycle import move_claim
from claims.models import Claim, Decision, Deficiency, Hearing, Mail, Period, User
from claims.review.holding import UNDO_FOR, explain_stale, hold_claim

Kind, Status = Decision.Kind, Claim.Status
# What a decision moved, to where it came from. A reopened claim goes back to where the decision before it had put it.
LEFT = {Kind.ACCEPT: (Status.ACCEPTED, Status.SUBMITTED), Kind.REFUSE: (Status.REFUSED, Status.SUBMITTED)}
ONCE_DECIDED = {Kind.ACCEPT: Status.ACCEPTED, Kind.REFUSE: Status.REFUSED}


def is_undoable(decision: Decision) -> bool:
    """Whether a decision can be undone still."""
    return decision.undone_at is None and timezone.now() < decision.at + UNDO_FOR


@transaction.atomic
def undo_decision(decision: Decision, *, by: User) -> Claim:
    """Undo the last decision of a claim and return the claim as it was before it.

    Raises Refused when the time is over, StaleStatus where something else has happened to the claim since.
    """
    held = hold_claim(decision.claim)
    check_not_own(held, by=by)
    fresh = Decision.objects.get(pk=decision.pk)
    if not is_undoable(fresh):
        raise Refused(_("The time to undo this is over: take the claim up again instead."))
    if find_last(held) != fresh:
        raise StaleStatus(explain_stale())
    undo_held(held, fresh, by=by)
    history.record("decision undone", held, by=by, action=held.action, decision=fresh.pk)
    return held


def find_last(claim: Claim) -> Decision | None:
    """Return the newest decision of a claim that was not undone."""
    return claim.decisions.filter(undone_at=None).last()


def undo_held(held: Claim, decision: Decision, *, by: User) -> None:
    """Undo the last decision of a claim that is held: the mail, the row, the periods, the status."""
    if is_answered(decision):
        raise Refused(_("The claimant has answered already, so this can no longer be undone."))
    _take_back_mail(decision)
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now(), undone_by=by)
    _put_back_periods(held, decision)
    status, target = LEFT.get(Kind(decision.kind), (Status.SUBMITTED, None))
    if held.status != status:  # withdrawn or merged meanwhile: it stays that
        raise StaleStatus(explain_stale())
    if decision.kind == Kind.REOPEN:
        target = find_last_status(held)
    if target:
        move_claim(held, target)


def is_answered(decision: Decision) -> bool:
    """Whether the claimant has said something to a decision: a question answered, a message to an announcement."""
    asked = Deficiency.objects.filter(decision=decision).first()
    return bool(asked and was_answered(asked)) or decision.replies.exists()


def was_answered(asked: Deficiency) -> bool:
    """Whether one question at least was answered."""
    return asked.closed_as == Period.End.ANSWERED or asked.open_questions != asked.questions


def find_last_status(held: Claim) -> Claim.Status:
    """Return where the newest decision that stands has put a claim."""
    last = held.decisions.filter(undone_at=None, kind__in=ONCE_DECIDED).last()
    if last is None:
        raise StaleStatus(explain_stale())
    return ONCE_DECIDED[Kind(last.kind)]


def _take_back_mail(decision: Decision) -> None:
    if decision.mail_id is None:
        return
    waiting = Mail.objects.filter(pk=decision.mail_id, state=Mail.State.QUEUED)
    if waiting.delete()[0] == 0 and Mail.objects.filter(pk=decision.mail_id).exists():
        raise Refused(_("The mail about it has left already: take the claim up again instead."))


def _put_back_periods(held: Claim, decision: Decision) -> None:
    """Close what this decision opened, open again what it closed."""
    now, mine = timezone.now(), {"decision": decision, "closed_at": None}
    for periods in (Deficiency.objects, Hearing.objects):
        periods.filter(**mine).update(closed_at=now, closed_as=Period.End.TAKEN_BACK)
    if decision.kind in {Kind.REFUSE, Kind.DROP}:
        closed = Hearing.objects.filter(claim=held, closed_as=Period.End.DECIDED).order_by("-pk").first()
        if closed and closed.decision_id == _find_announcement(held, decision):
            Hearing.objects.filter(pk=closed.pk).update(closed_at=None, closed_as="")


def _find_announcement(held: Claim, decision: Decision) -> int | None:
    before = held.decisions.filter(kind=Kind.ANNOUNCE, undone_at=None, pk__lt=decision.pk).last()
    return before.pk if before else None
