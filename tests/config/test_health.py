"""Health: which part is not well, and how long work has waited for a worker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base import jobs
from claims.models import Job, JobChunk
from tests.factories import make_action

pytestmark = pytest.mark.django_db


def test_a_running_job_whose_workers_died_makes_the_queue_old(client):
    since = timezone.now() - timedelta(minutes=10)
    job = Job.objects.create(kind="making", action=make_action(), state="running", chunks_total=1, served_at=since)
    JobChunk.objects.create(job=job, number=0, state="running", leased_until=since)
    assert client.get("/health/").json()["queue_age_seconds"] >= 600


def test_without_a_worker_the_machine_is_not_well(client):
    assert client.get("/health/").status_code == 503
    jobs.beat_heart("worker")
    answer = client.get("/health/")
    expected = {"database": "up", "broker": "up", "worker": "up", "queue_age_seconds": 0}
    assert (answer.status_code, answer.json()) == (200, expected)
