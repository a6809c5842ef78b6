"""What every test may use."""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests import factories

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


@pytest.fixture
def action(db):
    """A small action with questions, criteria and tiers, and no claims."""
    return factories.load_small_pack()


@pytest.fixture
def only_postgresql(db):
    """Skip where the promise is about PostgreSQL alone; the server lane runs these."""
    if connection.vendor != "postgresql":
        pytest.skip("a promise of PostgreSQL; the server lane keeps it")
