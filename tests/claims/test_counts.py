"""The kept counts under two writers."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from claims.counts import add_counts
from claims.models import ClaimCount
from tests.factories import make_action
from tests.workers import is_waited_for, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = [(state, "", "") for state in ("AT", "BE", "CZ", "DE")]


def in_thread(work, *arguments):
    """Run this with a connection of its own."""

    def run():
        work(*arguments)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def is_locked(state):
    try:
        with transaction.atomic():
            return not ClaimCount.objects.select_for_update(nowait=True).filter(state=state)
    except DatabaseError:
        return True


def add_all(action):
    with transaction.atomic():
        with connection.cursor() as cursor:  # a plan that reads the table as it lies there
            cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off")
        add_counts(action.pk, dict.fromkeys(KEYS, 1))


def test_the_rows_are_locked_in_the_order_of_their_keys(only_postgresql):
    action = make_action()
    for key in reversed(KEYS):  # in the table the other way round
        add_counts(action.pk, {key: 1})
    with transaction.atomic():
        ClaimCount.objects.select_for_update().get(state="BE")
        writer = in_thread(add_all, action)
        wait_until(is_waited_for, "a wait for the row that we hold")
        found = []
        in_thread(lambda: found.extend(is_locked(state) for state in ("AT", "CZ", "DE"))).join()
    writer.join()
    assert found == [True, False, False]


def test_two_writers_never_deadlock_and_lose_nothing(only_postgresql):
    action = make_action()
    for key in reversed(KEYS):
        add_counts(action.pk, {key: 1})
    writers = [in_thread(lambda: [add_all(action) for _ in range(100)]) for _ in range(2)]
    for writer in writers:
        writer.join()
    assert set(ClaimCount.objects.values_list("claims", flat=True)) == {201}
