"""Whether the machine is well: /health/ for those who watch it, /metrics for Prometheus."""

import secrets
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from claims.base import jobs
from claims.models import Job, Registration
from config.reports import list_counts


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 where database, broker and worker are well, 503 with the part that is not."""
    parts = {"database": _is_database_up(), "broker": jobs.is_broker_up()}
    parts["worker"] = parts["database"] and jobs.is_worker_alive()
    answer: dict[str, Any] = {name: "up" if is_up else "down" for name, is_up in parts.items()}
    answer["queue_age_seconds"] = _count_queue_seconds() if parts["database"] else None
    return JsonResponse(answer, status=200 if all(parts.values()) else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, with the token of METRICS_TOKEN only; without it the page does not exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    about = "How long the oldest chunk without a worker has waited"
    Gauge("redress_queue_age_seconds", about, registry=registry).set(_count_queue_seconds())
    states = Gauge("redress_jobs", "Jobs by state", ["state"], registry=registry)
    for state in Job.State.values:
        states.labels(state).set(Job.objects.filter(state=state).count())
    sent = Registration.objects.filter(state=Registration.State.SENT)
    about = "Registrations that were sent and are no claims yet"
    Gauge("redress_registrations_waiting", about, registry=registry).set(sent.count())
    Gauge("redress_worker_up", "A worker is at work", registry=registry).set(jobs.is_worker_alive())
    reports = Gauge("redress_csp_reports", "Reports of the content policy, last day", ["directive"], registry=registry)
    for directive, count in list_counts().items():
        reports.labels(directive).set(count)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")


def _is_database_up() -> bool:
    try:
        Job.objects.exists()
    except DatabaseError:
        return False
    return True


def _count_queue_seconds() -> int:
    return int(jobs.find_queue_age().total_seconds())
