"""A job from its start to its end: begin, wake workers, move, cancel, wait."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base.calls import call_worker
from claims.base.errors import Refused, StaleStatus
from claims.base.history import record
from claims.base.jobs.kinds import KINDS
from claims.models import Action, Job, JobChunk, User

WIDTH = 4  # tasks sent at once for one job
TASK = "claims.tasks.work"


def start_job(
    kind: str,
    *,
    by: User | None,
    action: Action | None = None,
    subject: str = "",
    params: Mapping[str, Any] | None = None,
    chunks: Sequence[tuple[Mapping[str, Any], int]],
    has_closing: bool = False,
) -> Job:
    """Write a job and its chunks, (params, units) each, and wake a worker once the transaction has ended.

    With `has_closing` one more chunk without units follows when all others are done: for what puts their results
    together but takes too long for the transaction of `finish`. Like any chunk it is leased and begun again.
    Raises Refused where a job of this kind and subject is active for the action already.
    """
    with transaction.atomic():
        units = sum(units for _params, units in chunks)
        job = Job(kind=kind, action=action, subject=subject, params=dict(params or {}), created_by=by)
        job.chunks_total, job.units_total = len(chunks) + has_closing, units
        _save_only_active_job(job)
        rows = [JobChunk(job=job, number=n, params=dict(p), units=u) for n, (p, u) in enumerate(chunks)]
        if has_closing:
            rows.append(JobChunk(job=job, number=len(chunks), units=0, is_closing=True))
        JobChunk.objects.bulk_create(rows, batch_size=1000)
        record(f"{kind} started", job, by=by, action=action, chunks=job.chunks_total, units=units)
        if not rows:
            finish_job(job)
    transaction.on_commit(lambda: nudge(min(WIDTH, len(chunks))))
    return job


def add_chunks(job: Job, chunks: Sequence[tuple[Mapping[str, Any], int]]) -> None:
    """Give a running job more chunks, in the transaction of one that found out what there is to do."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    rows = [JobChunk(job=job, number=row.chunks_total + n, params=dict(p), units=u) for n, (p, u) in enumerate(chunks)]
    JobChunk.objects.bulk_create(rows, batch_size=1000)
    more = {"chunks_total": F("chunks_total") + len(rows), "units_total": F("units_total") + sum(u for _p, u in chunks)}
    Job.objects.filter(pk=job.pk).update(**more)
    transaction.on_commit(lambda: nudge(min(WIDTH, len(rows))))


def _save_only_active_job(job: Job) -> None:
    """Let the database say whether another one is active: of two requests at once, both would find none."""
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        text = _("a job of this kind is already waiting or running for this action; let it end or stop it")
        raise Refused(text) from None


def nudge(times: int = 1, *, in_seconds: float = 0) -> None:
    """Ask workers to look for free chunks. A broker that is away costs nothing but time: the sweep asks again."""
    call_worker(TASK, times=times, in_seconds=in_seconds)


def find_active_job(kind: str, action: Action, subject: str = "") -> Job | None:
    """Return the job of this kind and subject that waits or runs for an action; there is at most one."""
    return Job.objects.filter(kind=kind, action=action, subject=subject, state__in=Job.ACTIVE).first()


def move_job(job: Job, state: Job.State, **fields: Any) -> None:
    """Move a job, if it may move there from where it is; raise StaleStatus otherwise."""
    moved = Job.objects.filter(pk=job.pk, state__in=Job.MOVES[state]).update(state=state, **fields)
    if moved != 1:
        raise StaleStatus(f"job {job.pk} is no longer waiting or running")
    job.refresh_from_db()


def finish_job(job: Job) -> None:
    """Take the closing step of a job whose chunks are all done."""
    result = KINDS[job.kind].finish(job)
    move_job(job, Job.State.DONE, result=result, finished_at=timezone.now())
    record(f"{job.kind} finished", job, by=job.created_by, action=job.action, chunks=job.chunks_total)


@transaction.atomic
def cancel_job(job: Job, *, by: User | None) -> None:
    """Stop a job. Chunks that are written stay, the one at work is rolled back."""
    move_job(job, Job.State.CANCELLED, finished_at=timezone.now())
    if job.kind in KINDS:
        KINDS[job.kind].stop(job)
    record(f"{job.kind} cancelled", job, by=by, action=job.action, chunks=job.chunks_done)


def wait_for_job(job: Job, *, report: Callable[[Job], None], seconds: float | None = None) -> Job:
    """Return the job when it has ended; `report` sees it twice a second. Raises Refused after `seconds`."""
    ends_at = time.monotonic() + (seconds or float("inf"))
    while job.is_active:
        if time.monotonic() > ends_at:
            raise Refused(f"job {job.pk} did not end in {seconds:.0f} seconds; it goes on when a worker runs")
        time.sleep(0.05 if job.units_total < 20_000 else 0.2)  # polling, not synchronisation: the row says when it ends
        job.refresh_from_db()
        report(job)
    return job
