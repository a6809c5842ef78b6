"""What every test may use."""

import gc
import pickle
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client
from django.utils import timezone, translation

from claims.base import calls, documents
from claims.copies import making
from claims.duplicates import comparing
from tests import factories
from tests.mailserver import MailServer
from tests.servers import PATIENCE_SECONDS
from tests.signing_in import sign_in

FIXED_TABLES = (
    *import_module("claims.migrations.0002_hold_promises_in_the_database").FIXED_TABLES,
    *import_module("redress.migrations.0002_fix_versions_of_scenarios").FIXED_TABLES,
)
DatabaseOperations = DatabaseWrapper.ops_class
_flush_of_django = DatabaseOperations.sql_flush


def _flush_with_triggers(self, style, tables, **kwargs):
    """Empty append-only tables too: between tests only, the guards are taken off and put back."""
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    drops, creates = [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
    return [*drops, *_flush_of_django(self, style, tables, **kwargs), *creates]


DatabaseOperations.sql_flush = _flush_with_triggers  # type: ignore[method-assign]
_truncate_of_django = PostgresOperations.sql_flush


def _truncate_with_triggers(self, style, tables, **kwargs):
    """The same on PostgreSQL: only TRUNCATE between tests passes its guard."""
    statements = _truncate_of_django(self, style, tables, **kwargs)
    guarded = [f"ALTER TABLE {table} {{}} TRIGGER {table}_whole" for table in FIXED_TABLES]
    off, on = ([guard.format(word) for guard in guarded] for word in ("DISABLE", "ENABLE"))
    return [*off, *statements, *on] if statements else []


PostgresOperations.sql_flush = _truncate_with_triggers  # type: ignore[method-assign]
Client.force_login = sign_in  # type: ignore[method-assign]
_parse = documents.parse_document
_parsed: dict[tuple[str, str], bytes] = {}


def _parse_once(text, *, name):
    """The same text is the same document: each is parsed once for all tests, and every caller gets a copy of its own."""
    if (text, name) not in _parsed:
        _parsed[text, name] = pickle.dumps(_parse(text, name=name))
    return pickle.loads(_parsed[text, name])


documents.parse_document = _parse_once
# The same examples each time, and as much time for them as they take: `--hypothesis-profile=default` looks for others.
hypothesis.settings.register_profile(
    "redress",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("redress")


def pytest_collection_finish():
    """What is loaded now stays to the end: looking for garbage among it took a sixth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(autouse=True)
def own_checkpoints(settings, tmp_path):
    """Each test has its own history, so its own checkpoints."""
    settings.HISTORY_CHECKPOINTS = str(tmp_path / "history" / "checkpoints.log")
    settings.ERASURES_LOG = str(tmp_path / "history" / "erasures.log")


@pytest.fixture(autouse=True)
def nothing_used_up():
    """What is counted by address and account is in the cache, which tests share: the same people come again."""
    cache.clear()


@pytest.fixture(autouse=True)
def names_counted_anew():
    """Ids come again where everything is rolled back: what a process has counted for a job is of no other test."""
    comparing._count_names.cache_clear()


@pytest.fixture(autouse=True)
def there_is_a_broker(monkeypatch):
    """A test whose broker was away keeps no call of the next one from being made."""
    monkeypatch.setattr(calls, "_away_until", 0.0)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """What works in the process of a test ends its work, however slow the machine: no turn, lease or cage is over."""
    for place in ("jobs.worker", "mails.sending"):
        monkeypatch.setattr(f"claims.base.{place}.TURN_SECONDS", float("inf"))
    monkeypatch.setattr("claims.evidence.checking.TURN_SECONDS", float("inf"))
    monkeypatch.setattr("claims.base.jobs.worker.LEASE", timedelta(days=1))
    for name in ("LIMITS", "DRAWN_WITHIN"):
        monkeypatch.setattr(making, name, replace(getattr(making, name), clock_seconds=PATIENCE_SECONDS))


@pytest.fixture
def noon():
    """It is noon: midnight comes between no two steps of a test."""
    with time_machine.travel(timezone.localtime().replace(hour=12)):
        yield


@pytest.fixture(autouse=True)
def english():
    """A page that was read in another language leaves its thread in it; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def action(db):
    """A small action with questions, criteria and tiers, and no claims."""
    return factories.load_small_pack()


@pytest.fixture
def mail_server(settings):
    """A mail server that runs, to which our mails go."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    server.start()
    yield server
    server.stop()


@pytest.fixture
def only_postgresql(db):
    """Skip where the promise is about PostgreSQL alone; the server lane runs these."""
    if connection.vendor != "postgresql":
        pytest.skip("a promise of PostgreSQL; the server lane keeps it")
