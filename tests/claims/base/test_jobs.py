"""Durable jobs: leases, progress, errors, cancelling; all without a broker."""

import threading
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from claims.base import jobs
from claims.base.errors import Refused, StaleStatus
from claims.base.jobs import sweep
from claims.base.jobs.start import nudge
from claims.base.jobs.worker import keep_lease
from claims.models import Job, JobChunk
from tests.factories import make_action
from tests.workers import wait_until


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
    monkeypatch.setitem(
        jobs.KINDS, "making", jobs.Kind(title="Making", unit="Things", store=work.store, finish=work.finish)
    )
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


def test_a_closing_chunk_waits_for_all_others_and_is_booked_like_them(work):
    job = start(chunks=2, has_closing=True)
    first, second = jobs.take_chunk(), jobs.take_chunk()
    jobs.do_chunk(second)
    assert jobs.take_chunk() is None
    jobs.do_chunk(first)
    closing = jobs.take_chunk()
    assert (closing.number, closing.is_closing, closing.units) == (2, True, 0)
    jobs.do_chunk(closing)
    job.refresh_from_db()
    assert (job.state, job.chunks_done, work.done) == (Job.State.DONE, 3, [1, 0, 2])


def test_a_closing_chunk_that_a_dead_worker_left_is_begun_again(work):
    job = start(chunks=0, has_closing=True)
    assert jobs.take_chunk().is_closing
    JobChunk.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    jobs.work()
    job.refresh_from_db()
    assert job.state == Job.State.DONE


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
    with time_machine.travel(timezone.now(), tick=False):
        Job.objects.update(started_at=timezone.now() - timedelta(seconds=10), units_done=10)
        job.refresh_from_db()
        assert job.time_left == timedelta(seconds=30)


@pytest.fixture
def calls(monkeypatch):
    """The wake-up calls of the sweep, which may call again at once."""
    calls = []
    monkeypatch.setattr(sweep, "nudge", calls.append)
    monkeypatch.setattr(sweep, "EVERY", timedelta())
    return calls


def test_the_sweep_wakes_workers_where_a_chunk_is_free_though_others_are_at_work(work, calls):
    start(chunks=2)
    jobs.take_chunk()
    assert jobs.sweep_jobs()
    jobs.take_chunk()
    assert not jobs.sweep_jobs()  # each chunk has its worker
    JobChunk.objects.filter(number=1).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep_jobs()
    assert calls == [1, 1]


def test_the_sweep_wakes_workers_once_in_a_while(work, calls, monkeypatch):
    monkeypatch.setattr(sweep, "EVERY", timedelta(hours=1))
    start()
    assert jobs.sweep_jobs()
    assert not jobs.sweep_jobs()


@pytest.mark.django_db(transaction=True)
def test_a_worker_at_a_long_chunk_is_seen_to_live(work, monkeypatch):
    monkeypatch.setattr("claims.base.jobs.worker.LEASE", timedelta(seconds=0.3))
    start(chunks=1)
    with keep_lease(jobs.take_chunk()):
        wait_until(jobs.is_worker_alive, "a sign of life")
    wait_until(lambda: not [it for it in threading.enumerate() if it.name.startswith("lease-")], "the end of it")


def test_the_queue_is_as_old_as_its_oldest_chunk_without_a_worker(work):
    assert jobs.find_queue_age() == timedelta()
    with time_machine.travel(timezone.now(), tick=False):
        start(chunks=2)
        Job.objects.update(created_at=timezone.now() - timedelta(seconds=90))
        assert jobs.find_queue_age() == timedelta(seconds=90)
        jobs.take_chunk()
        assert jobs.find_queue_age() == timedelta()  # the job has just been served
        jobs.take_chunk()
        JobChunk.objects.filter(number=0).update(leased_until=timezone.now() - timedelta(seconds=60))
        assert jobs.find_queue_age() == timedelta(seconds=60)


def test_an_action_has_one_active_job_of_a_kind(work):
    action = make_action()
    job = start(action=action)
    with pytest.raises(Refused, match="already waiting or running"):
        start(action=action)
    start(action=make_action("another"))
    jobs.cancel_job(job, by=None)
    assert start(action=action).is_active


def test_an_action_has_one_active_job_of_a_kind_for_each_subject(work):
    action = make_action()
    low = start(action=action, subject="low")
    assert start(action=action, subject="base").is_active
    with pytest.raises(Refused, match="already waiting or running"):
        start(action=action, subject="low")
    assert jobs.find_active_job("making", action, "low") == low
    assert jobs.find_active_job("making", action) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_is_refused(work, only_postgresql):
    action, barrier, answers = make_action(), threading.Barrier(2), []

    def ask():
        barrier.wait()
        try:
            answers.append(start(action=action).state)
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["refused", "waiting"]


def test_two_jobs_take_turns(work):
    first, second = start(chunks=2), start(chunks=2)
    taken = [jobs.take_chunk().job_id for _ in range(4)]
    assert taken == [first.pk, second.pk, first.pk, second.pk]


def test_a_broker_that_is_away_does_not_stop_the_job_from_being_kept(work, settings, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr(current_app, "send_task", refuse)
    nudge()
    assert start().state == Job.State.WAITING
