"""Workers killed in the middle, brokers emptied: the job still ends right, nothing is lost and nothing done twice."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from claims import screening
from claims.base.history import verify_history
from claims.counts import scan_counts
from claims.criteria import assess_claim, read_rulebook
from claims.models import Claim, Job
from tests.factories import load_small_pack, make_claim, make_claimant
from tests.workers import free_all, hold_back, kill, run_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 600
ANSWERS = [{}, {"uses_privately": "yes", "effort_hours": 2}, {"uses_privately": "no"}, {"platform": "instagram"}]


@pytest.fixture
def job(monkeypatch):
    """A screening in 200 chunks that waits for a worker."""
    monkeypatch.setattr(screening, "RANGE", 3)
    empty_broker()
    action = load_small_pack()
    with transaction.atomic():
        for number in range(CLAIMS):
            make_claim(action, make_claimant(), answers=ANSWERS[number % len(ANSWERS)])
        chunks = [({"first": first, "last": last}, units) for first, last, units in screening.list_ranges(action, 3)]
        params = {"criteria_version": action.criteria.pk, "criteria_number": 1}
        return screening.jobs.start_job("screening", by=None, action=action, params=params, chunks=chunks)


def empty_broker():
    """Lose every message, as an emptied Redis or a wiped folder does."""
    if settings.BROKER_URL.startswith("redis"):
        import redis

        redis.Redis.from_url(settings.BROKER_URL).flushdb()
    else:
        for message in Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]).glob("*"):
            message.unlink(missing_ok=True)


def progress(job):
    job.refresh_from_db()
    return job.chunks_done


def assert_ended_right(job):
    """Every claim screened as Python says, every chunk booked once, counts and history in order."""
    assert (job.state, job.chunks_done, job.units_done) == (Job.State.DONE, 200, CLAIMS), job.error
    assert job.result["changed"] == CLAIMS
    book = read_rulebook(job.action.criteria.document)
    for claim in Claim.objects.select_related("claimant"):
        assert (claim.findings, claim.outcome, claim.tier) == assess_claim(claim, book)
    kept = {(c.state, c.tier, c.outcome): c.claims for c in job.action.counts.all() if c.claims}
    assert kept == scan_counts(job.action)
    assert verify_history()[1] is None


def is_done(job):
    job.refresh_from_db()
    return job.state == Job.State.DONE


def test_a_worker_killed_in_the_middle_costs_seconds_and_nothing_else(job):
    hold_back(job.chunks.filter(number__gte=100))
    with run_worker() as first:
        wait_until(lambda: progress(job) >= 5, "the first worker's start")
        kill(first)
    assert 5 <= progress(job) < 200
    free_all(job.chunks.filter(number__gte=100))  # what the killed one had is free after its lease
    with run_worker():
        wait_until(lambda: is_done(job), "the end of the job")
    assert_ended_right(job)


def test_a_broker_emptied_under_a_living_worker_costs_seconds_and_nothing_else(job, tmp_path, monkeypatch):
    hold_back(job.chunks.filter(number__gte=100))
    with run_worker("-B", "-s", str(tmp_path / "beat")) as worker:
        for chunks in (5, 50, 100):
            wait_until(lambda chunks=chunks: progress(job) >= chunks, f"chunk {chunks}")
            empty_broker()
        assert progress(job) < 200
        free_all(job.chunks)
        wait_until(lambda: is_done(job), "the end of the job")
        monkeypatch.setattr(screening.jobs.start, "nudge", lambda times: None)
        again = screening.start_screening(job.action, by=None)  # the sweep still finds its way to the worker
        wait_until(lambda: is_done(again), "the end of a job after it")
        assert worker.poll() is None
    assert_ended_right(job)


def test_a_job_whose_wake_up_call_was_lost_is_found_by_the_sweep(job, tmp_path):
    empty_broker()
    with run_worker("-B", "-s", str(tmp_path / "beat")):
        wait_until(lambda: is_done(job), "the end of the job")
    assert_ended_right(job)
