"""No value of a row reaches the log, whichever logger an error goes through."""

import io
import logging
import logging.config

import pytest
from celery import shared_task
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client

from claims.base import jobs
from claims.models import User

CANARY = "canary@muster.example"


@pytest.fixture
def lines(monkeypatch):
    """What goes to the log, formatted as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        logging.config.DictConfigurator(settings.LOGGING).configure_formatter(settings.LOGGING["formatters"]["line"])
    )
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def insert_twice(*_):
    """The error of PostgreSQL, which quotes the row; on SQLite one that says the same."""
    try:
        User.objects.bulk_create([User(email=CANARY), User(email=CANARY)])
    except IntegrityError as error:
        if connection.vendor == "postgresql":
            assert CANARY in str(error)
            raise
        raise IntegrityError(f"duplicate key\nDETAIL:  Key (email)=({CANARY}) already exists.") from error


def test_a_failed_chunk_is_logged_without_what_the_row_held(db, monkeypatch, lines):
    monkeypatch.setitem(jobs.KINDS, "making", jobs.Kind(title="Making", unit="Things", store=insert_twice))
    jobs.start_job("making", by=None, chunks=[({}, 1)])
    jobs.work()
    log = lines.getvalue()
    assert CANARY not in log
    assert "IntegrityError" in log and "insert_twice" in log and "chunk 0 of job" in log


def test_a_failed_task_and_any_other_logger_hold_no_values(db, lines):
    shared_task(name="fails")(insert_twice).apply()
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    log = lines.getvalue()
    assert CANARY not in log
    assert "Task fails" in log and "ValueError" in log


def test_a_refused_request_is_logged_by_its_route_not_by_its_path(db, lines):
    client = Client(enforce_csrf_checks=True)
    client.post("/workspace/small/claims/6R1SQYQDQ83V/")
    written = lines.getvalue()
    assert "CSRF" in written
    assert "6R1SQYQDQ83V" not in written
