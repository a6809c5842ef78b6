"""What a claimant was told about decisions, and wrote back: part of what we hold about the person (Article 15 GDPR)."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from claims.models import Claim, Decision, Deficiency, HistoryEvent, Job, Period
from claims.review.holding import UNDO_FOR, find_deficiency
from claims.review.record import read_record
from claims.review.words import open_words

Kind, Status = Decision.Kind, Claim.Status
UNDONE = "decision undone"
DECIDED = frozenset((
    "claim accepted", "claim taken up again", "more was asked", "question taken back", "refusal announced",
    "refusal dropped", "claim refused",
))  # fmt: skip
PUT = {Kind.ACCEPT: Status.ACCEPTED, Kind.REFUSE: Status.REFUSED, Kind.REOPEN: Status.SUBMITTED}


def is_told(decision: Decision) -> bool:
    """Whether a claimant sees a decision: it stands, and the time in which it can be undone has passed."""
    if decision.undone_at or timezone.now() < decision.at + UNDO_FOR:
        return False
    return decision.job is None or _is_settled(decision.job)


def _is_settled(job: Job) -> bool:
    """Whether what a job decided about many claims can no longer be undone."""
    if job.finished_at is None or timezone.now() < job.finished_at + UNDO_FOR:
        return False
    return not Job.objects.filter(kind="bulk_undo", subject=str(job.pk), finished_at=None).exists()


def list_told_decisions(claim: Claim) -> list[Decision]:
    """Return the decisions that the claimant sees, in order."""
    return [it for it in claim.decisions.select_related("job") if is_told(it)]


def list_untold_mails(claims: Iterable[Claim]) -> list[int]:
    """Return the mails that wait for the time of undoing, by id."""
    rows = Decision.objects.filter(claim__in=claims, mail__isnull=False).select_related("job")
    return [it.mail_id for it in rows if it.mail_id and not is_told(it)]


def find_told_status(claim: Claim) -> str:
    """Return where a claim stands as far as the claimant was told."""
    if claim.status not in PUT.values():  # withdrawn or merged: nothing about that is undone in ten minutes
        return claim.status
    rows = [it for it in claim.decisions.select_related("job") if it.kind in PUT and it.undone_at is None]
    if not rows or is_told(rows[-1]):
        return claim.status
    told = [it for it in rows if is_told(it)]
    return PUT[Kind(told[-1].kind)] if told else Status.SUBMITTED


def find_told_question(claim: Claim) -> Deficiency | None:
    """Return what the claimant was asked and can answer."""
    asked = find_deficiency(claim) if claim.status == Status.SUBMITTED and not claim.joined_on else None
    return asked if asked and is_told(asked.decision) else None


def find_told_refusal(claim: Claim) -> Decision | None:
    """Return the announced or final refusal that the claimant was told of and that nothing told has overtaken."""
    if claim.status not in PUT.values():
        return None
    told = [it for it in list_told_decisions(claim) if it.kind != Kind.ASK]
    last = told[-1] if told else None
    if last is None or last.kind not in {Kind.ANNOUNCE, Kind.REFUSE}:
        return None
    if last.kind == Kind.REFUSE or last.hearing.closed_as in {"", Period.End.DECIDED}:
        return last
    return None


def leave_told(claim: Claim, events: Iterable[HistoryEvent]) -> list[HistoryEvent]:
    """Return the events of a claim without decisions that were undone or still can be."""
    told = list_told_decisions(claim)
    decisions, jobs = {it.pk for it in told}, {it.job_id for it in told if it.job_id}
    return [event for event in events if event.verb != UNDONE and _is_told_of(event, decisions, jobs)]


def _is_told_of(event: HistoryEvent, decisions: set[int], jobs: set[int]) -> bool:
    if event.verb not in DECIDED:
        return True
    return event.data.get("decision") in decisions or event.data.get("job") in jobs


def list_told(claim: Claim) -> list[dict[str, Any]]:
    """Return what was decided and told, as values that JSON has, without who decided and without notes."""
    record = read_record(claim.action)
    return [
        {
            "kind": decision.kind,
            "at": decision.at.isoformat(),
            "reason": record.say_reason(decision.reason) if decision.reason else "",
            "words": open_words(claim, decision.code, decision.words),
            "replies": [
                {"at": reply.at.isoformat(), "words": open_words(claim, reply.code, reply.words)}
                for reply in decision.replies.all()
            ],
        }
        for decision in list_told_decisions(claim)
    ]
