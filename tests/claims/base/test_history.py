"""The history cannot be changed quietly."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from claims.base.history import record, verify_history
from claims.models import HistoryEvent
from tests.factories import make_action


def record_some(action, count=4):
    for number in range(count):
        record("thing done", action, action=action, fields=["stage"], step=number)


def unguarded(sql, *params):
    """Change rows as someone does who owns the database: with the guards off."""
    name = "claims_historyevent"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks wait
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        else:
            cursor.execute(f"DROP TRIGGER {name}_fixed")
            cursor.execute(f"DROP TRIGGER {name}_kept")
        cursor.execute(sql, params)


def test_numbers_have_no_gap_and_the_chain_holds(db):
    record_some(make_action())
    assert list(HistoryEvent.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert verify_history() == (4, None)


@pytest.mark.parametrize("change", ["UPDATE claims_historyevent SET verb = 'x'", "DELETE FROM claims_historyevent"])
def test_the_database_refuses_to_change_or_remove_an_event(db, change):
    record_some(make_action())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert verify_history() == (4, None)


@pytest.mark.parametrize("change", ["UPDATE {} SET action_id = 0", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["claims_criteriaversion", "claims_declarationtext"])
def test_the_words_that_people_rely_on_are_neither_changed_nor_removed(action, table, change):
    with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no INSERT OR REPLACE")
def test_an_event_cannot_be_replaced(db):
    record_some(make_action())
    names = "number, at, verb, subject, fields, data, previous_hash, hash"
    with pytest.raises(DatabaseError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT OR REPLACE INTO claims_historyevent ({names}) SELECT {names.replace('verb', chr(39) * 2)}"  # noqa: S608
            " FROM claims_historyevent WHERE number = 2"
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the type of a column")
def test_a_value_that_cannot_be_read_is_the_first_bad_event(db):
    record_some(make_action())
    unguarded("UPDATE claims_historyevent SET at = 'xx' WHERE number = 3")
    assert verify_history() == (2, 3)


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("UPDATE claims_historyevent SET verb = 'other' WHERE number = 2", 2),
        ("UPDATE claims_historyevent SET at = '2020-01-01 00:00:00+00' WHERE number = 3", 3),
        ("DELETE FROM claims_historyevent WHERE number = 2", 2),
        ("DELETE FROM claims_historyevent WHERE number = 4", 4),
        ("UPDATE claims_historyevent SET number = number + 10 WHERE number = 4", 4),
        ("DELETE FROM claims_historyevent", 1),
        ("DELETE FROM claims_historyhead", 5),
    ],
)
def test_a_change_behind_our_back_is_found_and_the_first_bad_event_named(db, change, bad):
    record_some(make_action())
    unguarded(change)
    assert verify_history()[1] == bad


def test_an_event_that_is_rolled_back_leaves_no_gap(db):
    action = make_action()
    record_some(action, 1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("thing undone", action)
        raise ZeroDivisionError
    record_some(action, 1)
    assert verify_history() == (2, None)


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_never_fork_the_chain():
    action = make_action()

    def write():
        for _ in range(5):
            with transaction.atomic():
                record("thing done", action)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert verify_history() == (40, None)
