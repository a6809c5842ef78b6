"""The undoing of a decision on many claims: exactly what that job changed, nothing that others changed since."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import history, jobs
from claims.base.errors import Refused
from claims.models import Claim, Decision, Deficiency, Job, JobChunk, Mail, Period, User
from claims.review.bulk import (
    ACCEPT,
    HELD_BACK,
    KIND,
    Status,
    add_up,
    find_page,
    hold_mails,
    lock_claims,
    move_claims,
)
from claims.review.choosing import cut
from claims.review.holding import UNDO_FOR
from claims.review.undoing import was_answered

UNDO = "bulk_undo"


def is_undoable(job: Job) -> bool:
    """Whether what a job decided can be undone: it has ended, not longer than ten minutes ago."""
    return job.kind == KIND and job.finished_at is not None and timezone.now() < job.finished_at + UNDO_FOR


def find_undoing(job: Job) -> Job | None:
    """Return the job that undoes this one, or has undone it."""
    return Job.objects.filter(kind__in=(UNDO, "bulk_assignment_undo"), subject=str(job.pk)).order_by("-pk").first()


def start_undo(job: Job, *, by: User) -> Job:
    """Start the job that undoes another one. Raises Refused when the time is over or it is being undone already."""
    if not is_undoable(job):
        raise Refused(_("The time to undo this is over: take claims up again one by one."))
    if not job.decisions.filter(undone_at=None).exists():
        raise Refused(_("There is nothing left to undo."))
    hold_mails(job, timezone.now() + HELD_BACK)  # none leaves while its decision waits to be undone
    params = {"of": str(job.code), "decision": job.params["decision"], "by": by.pk}
    chunks: list[tuple[dict[str, Any], int]] = [({"of": job.pk}, 0)]
    return jobs.start_job(UNDO, by=by, action=job.action, subject=str(job.pk), params=params, chunks=chunks)


def _compute(_job: Job, chunk: JobChunk) -> list[int] | None:
    """Return the decisions to undo, for the chunk that finds out which they are."""
    if "of" not in chunk.params:
        return None
    rows = Decision.objects.filter(job=chunk.params["of"], undone_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _finish(job: Job) -> dict:
    """Add up, and let the mails leave of what stays decided."""
    _let_go(job)
    return add_up(job)


def _let_go(job: Job) -> None:
    hold_mails(Job.objects.get(code=job.params["of"]), timezone.now())


def _store(job: Job, chunk: JobChunk, ids: list[int] | None) -> dict:
    if ids is not None:
        jobs.add_chunks(job, cut(ids, "decisions"))
        return {}
    assert job.action is not None  # start_undo gives one
    by = User.objects.get(pk=job.params["by"])
    rows = list(Decision.objects.filter(pk__in=chunk.params["decisions"], undone_at=None).select_related("mail"))
    claims = {claim.pk: claim for claim in lock_claims(sorted(row.claim_id for row in rows))}
    skipped = _find_obstacles(rows, claims, job.params["decision"])
    undone = [row for row in rows if row.pk not in skipped]
    pks, now = [row.pk for row in undone], timezone.now()
    Mail.objects.filter(pk__in=[row.mail_id for row in undone if row.mail_id], state=Mail.State.QUEUED).delete()
    Decision.objects.filter(pk__in=pks).update(undone_at=now, undone_by=by, mail=None)
    open_ones = Deficiency.objects.filter(decision__in=pks, closed_at=None)
    open_ones.update(closed_at=now, closed_as=Period.End.TAKEN_BACK)
    moved = [claims[row.claim_id] for row in undone]
    if job.params["decision"] == ACCEPT:
        move_claims(job.action, moved, Status.ACCEPTED, Status.SUBMITTED)
    history.record_each("decision undone", "claim", [it.pk for it in moved], by=by, action=job.action, job=job.pk)
    return {"done": len(undone), "skipped": Counter(skipped.values())}


def _find_obstacles(rows: Iterable[Decision], claims: dict[int, Claim], kind: str) -> dict[int, str]:
    """Return id of the decision -> why it stays."""
    last = dict(
        Decision.objects.filter(claim__in=claims, undone_at=None).values_list("claim_id").annotate(last=Max("pk"))
    )
    periods = Deficiency.objects.filter(decision__in=[row.pk for row in rows])
    answered = {it.decision_id for it in periods if it.closed_at or was_answered(it)}
    left = Status.ACCEPTED if kind == ACCEPT else Status.SUBMITTED
    found: dict[int, str] = {}
    for row in rows:
        if claims[row.claim_id].status != left or last.get(row.claim_id) != row.pk or row.pk in answered:
            found[row.pk] = "later"
        elif row.mail and row.mail.state != Mail.State.QUEUED:
            found[row.pk] = "mail"
    return found


jobs.KINDS[UNDO] = jobs.Kind(
    title=gettext_lazy("Undoing of a decision on many claims"), unit=gettext_lazy("Claims"), compute=_compute,
    store=_store, finish=_finish, find_page=find_page, name_subject=lambda job: "", stop=_let_go,
)  # fmt: skip
