"""Words of names while two work at once: an erasure never waits for an import, and no word of a gone person stays."""

import threading

import pytest
from django.db import connection, transaction

from claims.models import NameWord
from claims.names import forget_names, renew_names, sweep_words, write_names
from tests.factories import make_claim, make_claimant
from tests.servers import PATIENCE_SECONDS


@pytest.fixture
def named(action):
    claim = make_claim(action, make_claimant(given_name="Ana", family_name="Muster"))
    renew_names(claim.claimant)
    return claim


def words():
    return set(NameWord.objects.values_list("text", flat=True))


@pytest.mark.django_db(transaction=True)
def test_an_erasure_does_not_wait_for_an_import_and_the_sweep_removes_what_it_left(only_postgresql, named, action):
    other = make_claim(action, make_claimant(given_name="Ana", family_name="Beispiel"))
    forget_names([other.pk])
    holds, may_end = threading.Event(), threading.Event()

    def bring_in():
        with transaction.atomic():
            write_names(action.pk, [(other.pk, ["ana", "muster"])])
            holds.set()
            may_end.wait(PATIENCE_SECONDS)
            transaction.set_rollback(True)
        connection.close()  # its own one: each thread has one

    thread = threading.Thread(target=bring_in)
    thread.start()
    try:
        assert holds.wait(PATIENCE_SECONDS)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")  # waiting would be an error
            forget_names([named.pk])
        assert words() == {"ana", "muster"}
    finally:
        may_end.set()
        thread.join(PATIENCE_SECONDS)
    assert sweep_words() == 2 and words() == set()


def test_a_sweep_leaves_words_that_somebody_has(named, action):
    NameWord.objects.create(action=action, text="verwaist")
    assert sweep_words() == 1 and words() == {"ana", "muster"}


def test_a_new_name_takes_the_place_of_the_old_one(named):
    named.claimant.family_name = "Neumann"
    named.claimant.save()
    renew_names(named.claimant)
    assert words() == {"ana", "neumann"}
