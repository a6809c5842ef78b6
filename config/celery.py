"""The Celery application of the workers and of beat."""

import logging.config
import os
import threading
import time

from billiard import active_children
from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutting_down
from celery.worker import state
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_elsewhere(**_: object) -> None:
    """Log as the web process does: Celery's own format shows what errors say, and so what rows hold."""
    logging.config.dictConfig(settings.LOGGING)


@worker_ready.connect
def begin_work(**_: object) -> None:
    """Look for work as soon as a worker is up: it may be here because another one died."""
    for task in ("claims.tasks.beat_heart", "claims.tasks.work", "claims.tasks.work"):
        app.send_task(task)


@worker_shutting_down.connect
def end_soon(**_: object) -> None:
    """End once no task is at work: Celery alone takes some six seconds, and honcho kills after five."""
    threading.Thread(target=_end_when_idle, name="end when idle", daemon=True).start()


def _end_when_idle() -> None:
    while state.active_requests:
        time.sleep(0.05)  # polling: Celery has no signal for this
    for child in active_children():
        child.terminate()
    os._exit(0)  # messages not yet taken up are wake-up calls: the sweep sends them again
