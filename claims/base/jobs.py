"""Durable jobs: rows with leases are the truth, the broker is only a wake-up call.

A chunk is taken by a conditional update with a lease, its result and the job's progress are written in the same
transaction, and the transaction of the last chunk takes the closing step. A worker that dies costs the time of a lease.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.base.errors import Refused, StaleStatus
from claims.base.history import record
from claims.models import Action, Heartbeat, Job, JobChunk, User

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=12)  # a killed worker's chunk is free again after this
MAX_ATTEMPTS = 4
TURN_SECONDS = 5.0  # a task works on one job for so long, then others get their turn
WIDTH = 4  # tasks sent at once for one job
TASK = "claims.tasks.work"


@dataclass(frozen=True)
class Kind:
    """What a kind of job does.

    `compute` runs outside of any transaction and returns what `store` writes; `store` runs in the transaction that
    also books the progress and returns the result to keep with the chunk; `finish` runs once, in the transaction of
    the last chunk, and returns the result of the job.
    """

    store: Callable[[Job, JobChunk, Any], dict]
    compute: Callable[[Job, JobChunk], Any] = lambda job, chunk: None
    finish: Callable[[Job], dict] = lambda job: {}


KINDS: dict[str, Kind] = {}


class LostLease(Exception):
    """Another worker has the chunk, or the job was cancelled: whatever was written is rolled back."""


def start_job(
    kind: str,
    *,
    by: User | None,
    action: Action | None = None,
    params: Mapping[str, Any] | None = None,
    chunks: Sequence[tuple[Mapping[str, Any], int]],
) -> Job:
    """Write a job and its chunks, (params, units) each, and wake a worker once the transaction has ended."""
    with transaction.atomic():
        units = sum(units for _, units in chunks)
        job = Job.objects.create(
            kind=kind,
            action=action,
            params=dict(params or {}),
            created_by=by,
            chunks_total=len(chunks),
            units_total=units,
        )
        JobChunk.objects.bulk_create(
            (JobChunk(job=job, number=n, params=dict(p), units=u) for n, (p, u) in enumerate(chunks)), batch_size=1000
        )
        record(f"{kind} started", job, by=by, action=action, chunks=len(chunks), units=units)
        if not chunks:
            _finish_job(job)
    transaction.on_commit(lambda: nudge(min(WIDTH, len(chunks))))
    return job


def nudge(times: int = 1, *, in_seconds: float = 0) -> None:
    """Ask workers to look for free chunks. A broker that is away costs nothing but time: the sweep asks again."""
    try:
        for _ in range(times):
            current_app.send_task(TASK, countdown=in_seconds or None)
    except Exception as error:  # kombu raises what its transport raises
        logger.warning("the broker did not take a wake-up call: %s", type(error).__name__)


def work() -> None:
    """Do free chunks of any job until none is left or the turn is over. Safe to run any number of times at once."""
    turn_ends = time.monotonic() + TURN_SECONDS
    while chunk := take_chunk():
        do_chunk(chunk)
        if time.monotonic() > turn_ends:
            return nudge()
    if _open_chunks().exists() and claim_turn("watch", every=LEASE / 2):
        nudge(in_seconds=LEASE.total_seconds() / 2)  # others have the rest: look again, in case one of them dies
    return None


def _open_chunks() -> QuerySet[JobChunk]:
    return JobChunk.objects.filter(
        job__state__in=Job.ACTIVE, state__in=[JobChunk.State.WAITING, JobChunk.State.RUNNING]
    )


def _free_chunks() -> QuerySet[JobChunk]:
    is_free = Q(state=JobChunk.State.WAITING) | Q(leased_until__lt=timezone.now())
    return _open_chunks().filter(is_free)


def take_chunk() -> JobChunk | None:
    """Take a free chunk under a new lease, or return None. Jobs take turns: the one served longest ago comes first."""
    free = _free_chunks().order_by(F("job__served_at").asc(nulls_first=True), "job_id", "number")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True, of=("self",))
        chunk = free.first()
        if chunk is None:
            return None
        if chunk.attempts >= MAX_ATTEMPTS:
            _fail_job(chunk, f"chunk {chunk.number} was begun {chunk.attempts} times and never ended")
        else:
            _lease_chunk(chunk)
    return chunk if chunk.state == JobChunk.State.RUNNING else take_chunk()


def _lease_chunk(chunk: JobChunk) -> None:
    now = timezone.now()
    chunk.lease, chunk.leased_until, chunk.state = uuid.uuid4(), now + LEASE, JobChunk.State.RUNNING
    chunk.attempts += 1
    chunk.save(update_fields=["lease", "leased_until", "state", "attempts"])
    Job.objects.filter(pk=chunk.job_id, state__in=Job.ACTIVE).update(
        served_at=now, started_at=Coalesce("started_at", now), state=Job.State.RUNNING
    )


def do_chunk(chunk: JobChunk) -> None:
    """Compute and store one chunk. An error is kept with the chunk, which is tried again a few times."""
    job = Job.objects.select_related("action").get(pk=chunk.job_id)
    try:
        kind = KINDS[job.kind]
        with keep_lease(chunk):
            data = kind.compute(job, chunk)
            with transaction.atomic():
                result = kind.store(job, chunk, data)
                _book_chunk(job, chunk, result)
    except LostLease:
        logger.info("chunk %s of job %s was taken over or cancelled", chunk.number, job.pk)
    except Exception as error:  # any error of the work belongs to the job, not to the worker
        logger.exception("chunk %s of job %s failed", chunk.number, job.pk)
        _release_chunk(chunk, error)


def _book_chunk(job: Job, chunk: JobChunk, result: dict) -> None:
    mine = JobChunk.objects.filter(pk=chunk.pk, lease=chunk.lease, state=JobChunk.State.RUNNING)
    if mine.update(state=JobChunk.State.DONE, result=result, error="", leased_until=None) != 1:
        raise LostLease
    booked = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        chunks_done=F("chunks_done") + 1, units_done=F("units_done") + chunk.units
    )
    if booked != 1:
        raise LostLease
    job.refresh_from_db()
    if job.chunks_done == job.chunks_total:
        _finish_job(job)


def _finish_job(job: Job) -> None:
    result = KINDS[job.kind].finish(job)
    move_job(job, Job.State.DONE, result=result, finished_at=timezone.now())
    record(f"{job.kind} finished", job, by=job.created_by, action=job.action, chunks=job.chunks_total)


def _release_chunk(chunk: JobChunk, error: Exception) -> None:
    """Keep the error and free the chunk, or give up the job after the last attempt."""
    text = describe_error(error)
    with transaction.atomic():
        mine = JobChunk.objects.filter(pk=chunk.pk, lease=chunk.lease, state=JobChunk.State.RUNNING)
        if mine.update(state=JobChunk.State.WAITING, lease=None, leased_until=None, error=text) != 1:
            return
        if chunk.attempts >= MAX_ATTEMPTS:
            _fail_job(chunk, text)


def describe_error(error: Exception) -> str:
    """Return what went wrong in one line, without the values that databases quote in theirs."""
    lines = str(error).strip().splitlines()
    quotes_values = isinstance(error, DatabaseError)
    return type(error).__name__ if quotes_values or not lines else f"{type(error).__name__}: {lines[0]}"[:500]


def _fail_job(chunk: JobChunk, text: str) -> None:
    chunk.state = JobChunk.State.FAILED
    JobChunk.objects.filter(pk=chunk.pk).update(state=chunk.state, error=text)
    job = Job.objects.get(pk=chunk.job_id)
    if not job.is_active:
        return
    move_job(job, Job.State.FAILED, error=text, finished_at=timezone.now())
    record(f"{job.kind} failed", job, by=job.created_by, action=job.action, chunk=chunk.number)


def move_job(job: Job, state: Job.State, **fields: Any) -> None:
    """Move a job, if it may move there from where it is; raise StaleStatus otherwise."""
    moved = Job.objects.filter(pk=job.pk, state__in=Job.MOVES[state]).update(state=state, **fields)
    if moved != 1:
        raise StaleStatus(f"job {job.pk} is no longer waiting or running")
    job.refresh_from_db()


@transaction.atomic
def cancel_job(job: Job, *, by: User | None) -> None:
    """Stop a job. Chunks that are written stay, the one at work is rolled back."""
    move_job(job, Job.State.CANCELLED, finished_at=timezone.now())
    record(f"{job.kind} cancelled", job, by=by, action=job.action, chunks=job.chunks_done)


@contextmanager
def keep_lease(chunk: JobChunk) -> Iterator[None]:
    """Renew the lease of a chunk while it is worked on, from a thread with a connection of its own."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            try:
                JobChunk.objects.filter(pk=chunk.pk, lease=chunk.lease).update(leased_until=timezone.now() + LEASE)
            except DatabaseError as error:  # SQLite is busy while the chunk itself is written: then nobody can take it
                logger.info("a lease was not renewed: %s", type(error).__name__)
            finally:
                connection.close()

    threading.Thread(target=renew, name=f"lease-{chunk.pk}", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def sweep_jobs() -> bool:
    """Wake workers where chunks are free and nobody is at work; return whether that was so.

    Whoever is at work takes the free chunks next, so calls do not pile up behind a long job.
    """
    at_work = _open_chunks().filter(leased_until__gte=timezone.now())
    if not _free_chunks().exists() or at_work.exists() or not claim_turn("sweep", every=timedelta(seconds=4)):
        return False
    nudge(WIDTH)
    return True


def claim_turn(name: str, *, every: timedelta) -> bool:
    """Whether the caller is the one that may do this now: at most one does in each `every`."""
    now = timezone.now()
    Heartbeat.objects.get_or_create(name=name, defaults={"at": now - 2 * every})
    return Heartbeat.objects.filter(name=name, at__lte=now - every).update(at=now) == 1


def beat_heart(name: str) -> None:
    """Note that a process of this name is at work now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def is_worker_alive() -> bool:
    """Whether a worker has been seen at work in the last quarter of a minute."""
    return Heartbeat.objects.filter(name="worker", at__gt=timezone.now() - timedelta(seconds=15)).exists()


def is_broker_up() -> bool:
    """Whether the broker takes a connection."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # each transport raises errors of its own
        return False
    return True


def forget_worker() -> None:
    """Note that the worker has gone, so that nobody waits for it."""
    Heartbeat.objects.filter(name="worker").delete()


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
