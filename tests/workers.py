"""Real Celery workers for tests, on the broker and the database of the lane, to be killed without mercy."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.servers import PATIENCE_SECONDS


def make_environment():
    """The environment of a process that works on the database and broker of this test."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{values['NAME']}"
    else:
        user = ":".join(quote(part) for part in (values["USER"], values["PASSWORD"]) if part)
        url = f"postgres://{user}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    keys = ("SECRET_KEY", "FIELD_KEYS", "BASE_URL", "ALLOWED_HOSTS", "BROKER_DIR")
    chosen = {key: os.environ[key] for key in keys}
    return {
        **os.environ,
        **chosen,
        "DATABASE_URL": url,
        "MEDIA_ROOT": settings.MEDIA_ROOT,
        "HISTORY_CHECKPOINTS": settings.HISTORY_CHECKPOINTS,
        "BROKER_URL": settings.BROKER_URL,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@contextmanager
def run_worker(*options):
    """Run a worker in a process group of its own and yield it; it is gone afterwards."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "-c",
        "2",
        "-l",
        "ERROR",
        "--without-gossip",
        "--without-mingle",
    ]
    worker = subprocess.Popen(
        [*command, *options], env=make_environment(), start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        yield worker
    finally:
        kill(worker)


def kill(worker):
    """Kill -9 the worker and all its children."""
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_until(condition, what):
    """Return when the condition holds; fail the test where it never does."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends_at, f"{what} did not happen within {PATIENCE_SECONDS} seconds"
        time.sleep(0.02)  # polling: the condition decides, not the time


def hold_back(chunks):
    """Lease chunks to a worker that there is not, so that a job is still at work when its real worker is killed."""
    taken = chunks.filter(state="waiting")
    return taken.update(state="running", leased_until=timezone.now() + timedelta(days=1))


def free_all(chunks):
    """Let every lease be over, as after some seconds, only sooner."""
    return chunks.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))


def is_waited_for():
    """Whether anybody in this database waits for a lock (PostgreSQL)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0] > 0


def end_when_waited_for(event):
    """Set the event as soon as somebody waits for a lock, from a thread with a connection of its own."""

    def watch():
        try:
            wait_until(is_waited_for, "a wait for a lock")
        finally:
            event.set()
            connection.close()

    threading.Thread(target=watch).start()
