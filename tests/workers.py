"""Real Celery workers for tests, on the broker and the database of the lane, to be killed without mercy."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from urllib.parse import quote

from django.conf import settings
from django.db import connection


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


def wait_until(condition, seconds, what):
    """Return when the condition holds; fail the test after so many seconds."""
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, f"{what} did not happen within {seconds} seconds"
        time.sleep(0.02)  # polling: the condition decides, not the time
