"""Signs of life: who is at work, who is to do what comes round, whether the broker answers."""

from datetime import timedelta

from celery import current_app
from django.utils import timezone

from claims.models import Heartbeat


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


def forget_worker() -> None:
    """Note that the worker has gone, so that nobody waits for it."""
    Heartbeat.objects.filter(name="worker").delete()


def is_broker_up() -> bool:
    """Whether the broker takes a connection."""
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # each transport raises errors of its own
        return False
    return True
