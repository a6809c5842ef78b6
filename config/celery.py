"""The Celery application of the workers and of beat."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def begin_work(**_: object) -> None:
    """Look for work as soon as a worker is up: it may be here because another one died."""
    for task in ("claims.tasks.beat_heart", "claims.tasks.work", "claims.tasks.work"):
        app.send_task(task)
