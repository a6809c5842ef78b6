"""Limits by block of addresses and for everybody: no more get through than may, and nobody's address is kept."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.base import limits
from claims.base.limits import Limit, Rate
from claims.base.requests import read_address
from claims.models import Bucket
from claims.rules.suspicion import find_block
from tests.servers import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db
RATE = Rate(at_once=3, an_hour=60)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "start", Limit(RATE, Rate(at_once=5, an_hour=60)))


@pytest.fixture
def ask(rf):
    return lambda address, **more: limits.take("start", rf.post("/", REMOTE_ADDR=address, **more))


def test_as_many_as_may_get_through_and_the_next_one_waits_for_its_turn():
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert [limits.take_token("x", RATE) for _ in range(3)] == [timedelta()] * 3
        wait = limits.take_token("x", RATE)
    assert wait == timedelta(minutes=1)
    with time_machine.travel(now + wait, tick=False):
        assert not limits.take_token("x", RATE) and limits.take_token("x", RATE)


def test_who_is_refused_writes_nothing():
    for _ in range(3):
        limits.take_token("x", RATE)
    with CaptureQueriesContext(connection) as queries:
        limits.take_token("x", RATE)
    before = Bucket.objects.get().full_at
    assert len(queries) == 2 and Bucket.objects.get().full_at == before


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("[2001:db8:1::4]", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "local"),
        ("unix:", "local"),
    ],
)
def test_neighbours_are_one_block(address, block):
    assert find_block(address) == block


def test_one_block_that_floods_takes_nothing_from_the_others(ask):
    assert [bool(ask(f"192.0.2.{n}").wait) for n in range(9)] == [False] * 3 + [True] * 6
    assert not ask("198.51.100.1").wait and not ask("2001:db8::1").wait


def test_all_together_have_a_limit_too(ask):
    assert [bool(ask(f"10.0.{n}.1").wait) for n in range(7)] == [False] * 5 + [True] * 2


def test_no_address_is_stored_and_nothing_stays(ask):
    ask("192.0.2.77")
    assert not [bucket for bucket in Bucket.objects.all() if "192" in bucket.name]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        limits.forget_buckets()
    assert not Bucket.objects.exists()


def test_a_bucket_that_is_in_use_is_not_forgotten(ask):
    ask("192.0.2.77")
    limits.forget_buckets()
    assert Bucket.objects.count() == 2


def test_a_header_that_anyone_can_send_counts_behind_a_proxy_only(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.77")
    assert read_address(request) == "10.0.0.1"
    settings.PROXY_COUNT = 1
    assert read_address(request) == "192.0.2.77"
    assert read_address(rf.get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


def test_a_cache_that_is_away_changes_nothing(ask, monkeypatch):
    for name in ("get", "set", "add", "incr"):
        monkeypatch.setattr(type(cache._connections["default"]), name, lambda *args, **kwargs: 1 / 0)
    assert [bool(ask("192.0.2.1").wait) for _ in range(4)] == [False] * 3 + [True]


def test_the_places_of_a_queue_follow_each_other_until_it_is_full():
    turns = [limits.book_turn("q", RATE) for _ in range(4)]
    assert turns[3] is None
    assert [later - earlier for earlier, later in pairwise(turns[:3])] == [timedelta(minutes=1)] * 2


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_get_through_than_may(only_postgresql):
    taken, gate = [], threading.Barrier(12)

    def take():
        try:
            gate.wait(PATIENCE_SECONDS)
            taken.append(not limits.take_token("x", RATE))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert (len(taken), sum(taken)) == (12, 3)
