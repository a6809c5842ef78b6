"""Durable jobs: rows with leases are the truth, the broker is only a wake-up call.

A chunk is taken by a conditional update with a lease, its result and the job's progress are written in the same
transaction, and the transaction of the last chunk takes the closing step. A worker that dies costs the time of a lease.
"""

from claims.base.jobs.chunks import LEASE, find_queue_age
from claims.base.jobs.kinds import KINDS, Kind
from claims.base.jobs.signs import beat_heart, forget_worker, is_broker_up, is_worker_alive
from claims.base.jobs.start import add_chunks, cancel_job, find_active_job, start_job, wait_for_job
from claims.base.jobs.sweep import sweep_jobs
from claims.base.jobs.worker import MAX_ATTEMPTS, describe_error, do_chunk, take_chunk, work

__all__ = [
    "KINDS",
    "LEASE",
    "MAX_ATTEMPTS",
    "Kind",
    "add_chunks",
    "beat_heart",
    "cancel_job",
    "describe_error",
    "do_chunk",
    "find_active_job",
    "find_queue_age",
    "forget_worker",
    "is_broker_up",
    "is_worker_alive",
    "start_job",
    "sweep_jobs",
    "take_chunk",
    "wait_for_job",
    "work",
]
