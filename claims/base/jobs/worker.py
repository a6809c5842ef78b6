"""A worker's part: take a chunk under a lease, do it, book it, or keep the error."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.base.history import record
from claims.base.jobs.chunks import LEASE, list_free_chunks, list_open_chunks
from claims.base.jobs.kinds import KINDS
from claims.base.jobs.signs import beat_heart, claim_turn
from claims.base.jobs.start import finish_job, move_job, nudge
from claims.models import Job, JobChunk

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 4
TURN_SECONDS = 5.0  # a task works on one job for so long, then others get their turn


class LostLease(Exception):
    """Another worker has the chunk, or the job was cancelled: whatever was written is rolled back."""


def work() -> None:
    """Do free chunks of any job until none is left or the turn is over. Safe to run any number of times at once."""
    turn_ends = time.monotonic() + TURN_SECONDS
    while chunk := take_chunk():
        do_chunk(chunk)
        if time.monotonic() > turn_ends:
            return nudge()
    if list_open_chunks().exists() and claim_turn("watch", every=LEASE / 2):
        nudge(in_seconds=LEASE.total_seconds() / 2)  # others have the rest: look again, in case one of them dies
    return None


def take_chunk() -> JobChunk | None:
    """Take a free chunk under a new lease, or return None. Jobs take turns: the one served longest ago comes first."""
    free = list_free_chunks().order_by(F("job__served_at").asc(nulls_first=True), "job_id", "number")
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
        finish_job(job)


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
    if job.kind in KINDS:
        KINDS[job.kind].stop(job)
    record(f"{job.kind} failed", job, by=job.created_by, action=job.action, chunk=chunk.number)


@contextmanager
def keep_lease(chunk: JobChunk) -> Iterator[None]:
    """Renew the lease of a chunk, and show that a worker lives, from a thread with a connection of its own."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            try:
                JobChunk.objects.filter(pk=chunk.pk, lease=chunk.lease).update(leased_until=timezone.now() + LEASE)
                beat_heart("worker")  # the task that does so waits while every process is at a long chunk
            except DatabaseError as error:  # SQLite is busy while the chunk itself is written: then nobody can take it
                logger.info("a lease was not renewed: %s", type(error).__name__)
            finally:
                connection.close()

    threading.Thread(target=renew, name=f"lease-{chunk.pk}", daemon=True).start()
    try:
        yield
    finally:
        over.set()
