"""A wake-up call costs nothing where the broker is away: what is to be done stands in rows."""

import threading
from time import monotonic

import pytest

from claims.base import calls
from claims.base.calls import call_worker
from tests.servers import PATIENCE_SECONDS


@pytest.fixture
def asked(monkeypatch):
    """What the broker was asked; it is there again afterwards."""
    monkeypatch.setattr(calls, "_away_until", 0.0)
    return []


def test_a_broker_that_is_away_is_not_asked_again_at_once(asked, monkeypatch):
    def fail(*given, **options):
        asked.append(given)
        raise OSError("away")

    monkeypatch.setattr(calls.current_app, "send_task", fail)
    call_worker("a")
    call_worker("b")
    assert len(asked) == 1
    monkeypatch.setattr(calls, "_away_until", monotonic())
    call_worker("c")
    assert len(asked) == 2


def test_nobody_waits_for_a_call_that_takes_long(asked, monkeypatch):
    begun, may_end = threading.Event(), threading.Event()

    def hang(*given, **options):
        asked.append(given)
        begun.set()
        may_end.wait(PATIENCE_SECONDS)

    monkeypatch.setattr(calls.current_app, "send_task", hang)
    thread = threading.Thread(target=call_worker, args=["a"])
    thread.start()
    assert begun.wait(PATIENCE_SECONDS)
    call_worker("b")
    assert thread.is_alive() and len(asked) == 1
    may_end.set()
    thread.join(PATIENCE_SECONDS)
    call_worker("c")
    assert len(asked) == 2
