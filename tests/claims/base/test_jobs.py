"""Durable jobs: leases, progress, errors, cancelling; all without a broker."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from claims.base import jobs
from claims.base.errors import StaleStatus
from claims.models import Job, JobChunk
from tests.factories import make_action


class Work:
    """A kind of job whose chunks make an action each, so that doing one twice is seen."""

    def __init__(self):
        self.done, self.fail_times, self.before_store = [], 0, lambda job: None

    def store(self, job, chunk, data):
        self.before_store(job)
        make_action(f"made-by-{job.pk}-{chunk.number}")
        if self.fail_times:
            self.fail_times -= 1
            raise ValueError("no ink\nand more")
        self.done.append(chunk.number)
        return {"made": 1}

    def finish(self, job):
        return {"made": sum(result["made"] for result in job.chunks.values_list("result", flat=True))}


@pytest.fixture
def work(monkeypatch, db):
    work = Work()
    monkeypatch.setitem(jobs.KINDS, "making", jobs.Kind(store=work.store, finish=work.finish))
    return work


def start(chunks=3, **fields):
    return jobs.start_job("making", by=None, chunks=[({}, 10)] * chunks, **fields)


def test_all_chunks_are_done_once_and_the_last_one_finishes_the_job(work):
    job = start()
    jobs.work()
    job.refresh_from_db()
    assert (job.state, job.result, job.units_done, job.percent) == (Job.State.DONE, {"made": 3}, 30, 100)
    assert work.done == [0, 1, 2]


def test_a_job_without_chunks_is_done_at_once(work):
    assert start(chunks=0).state == Job.State.DONE


def test_a_chunk_under_a_lease_is_left_alone_until_the_lease_is_over(work):
    start(chunks=1)
    taken = jobs.take_chunk()
    assert jobs.take_chunk() is None
    JobChunk.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.take_chunk().pk == taken.pk


def test_a_worker_that_lost_its_lease_writes_nothing(work):
    job = start(chunks=1)
    late = jobs.take_chunk()
    JobChunk.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    jobs.work()
    with transaction.atomic():
        jobs.do_chunk(late)
    job.refresh_from_db()
    assert (job.state, job.chunks_done, work.done) == (Job.State.DONE, 1, [0])


def test_an_error_rolls_the_chunk_back_and_it_is_tried_again(work):
    work.fail_times = 2
    job = start(chunks=1)
    jobs.work()
    job.refresh_from_db()
    chunk = job.chunks.get()
    assert (job.state, chunk.attempts, work.done) == (Job.State.DONE, 3, [0])


def test_after_the_last_attempt_the_job_fails_and_says_why(work):
    work.fail_times = 99
    job = start(chunks=2)
    jobs.work()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "ValueError: no ink")
    assert job.chunks_done == 0


def test_a_chunk_that_kills_every_worker_fails_in_the_end(work):
    job = start(chunks=1)
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.take_chunk()
        JobChunk.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.take_chunk() is None
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "never ended" in job.error


def test_the_values_that_a_database_quotes_are_not_kept():
    from django.db import IntegrityError

    assert jobs.describe_error(IntegrityError("Key (email)=(ana@muster.example)")) == "IntegrityError"


def test_cancelling_stops_the_job_and_rolls_the_chunk_at_work_back(work):
    job = start()
    work.before_store = lambda job: jobs.cancel_job(job, by=None) if not work.done else None
    jobs.do_chunk(jobs.take_chunk())
    job.refresh_from_db()
    assert job.chunks_done == 0
    jobs.cancel_job(job, by=None)
    assert jobs.take_chunk() is None
    with pytest.raises(StaleStatus):
        jobs.cancel_job(job, by=None)


def test_time_left_follows_the_pace_so_far(work):
    job = start(chunks=4)
    assert job.time_left is None
    Job.objects.update(started_at=timezone.now() - timedelta(seconds=10), units_done=10)
    job.refresh_from_db()
    assert 29 < job.time_left.total_seconds() < 32


def test_the_sweep_wakes_workers_only_where_nobody_is_at_work(work, monkeypatch):
    calls = []
    monkeypatch.setattr(jobs, "nudge", lambda *args, **kwargs: calls.append(args))
    start()
    assert jobs.sweep_jobs()
    assert not jobs.sweep_jobs()  # just done
    jobs.Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=1))
    jobs.take_chunk()
    assert not jobs.sweep_jobs()  # someone is at work
    JobChunk.objects.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep_jobs()


def test_two_jobs_take_turns(work):
    first, second = start(chunks=2), start(chunks=2)
    taken = [jobs.take_chunk().job_id for _ in range(4)]
    assert taken == [first.pk, second.pk, first.pk, second.pk]


def test_a_broker_that_is_away_does_not_stop_the_job_from_being_kept(work, settings, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(jobs.current_app, "send_task", refuse)
    jobs.nudge()
    assert start().state == Job.State.WAITING
