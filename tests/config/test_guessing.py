"""Guessing is stopped without locking the owner out: the real limits, by account and block of addresses."""

import pytest
import time_machine
from django.test import Client

from claims.models import Role
from tests.config.test_factors import read_code
from tests.factories import make_user

PASSWORD = "correct horse battery"
LOGIN, FACTOR = "/accounts/login/", "/accounts/factors/enter/"
STRANGER, HOME = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def lawyer(action):
    return make_user("eva@office.example", role=Role.Name.LAWYER, action=action)


def enter(password, *, address=HOME, client=None, email="eva@office.example"):
    return (client or Client()).post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def guess(times, **where):
    return [enter(f"wrong {number}", **where) for number in range(times)]


def is_stopped(answer):
    return answer.status_code == 200 and "Too often wrong" in answer.content.decode()


def test_after_five_guesses_not_even_the_right_password_opens(lawyer):
    answers = guess(6, address=STRANGER)
    assert [is_stopped(answer) for answer in answers] == [False] * 5 + [True]
    assert is_stopped(enter(PASSWORD, address=STRANGER))
    assert is_stopped(enter(PASSWORD, address="203.0.113.77"))  # the same block


def test_the_owner_gets_in_from_elsewhere_while_a_stranger_is_stopped(lawyer):
    guess(6, address=STRANGER)
    assert enter(PASSWORD).url == FACTOR


def test_the_wait_grows_from_a_minute_to_six(lawyer):
    with time_machine.travel("2026-11-28 09:00", tick=False) as clock:
        assert is_stopped(guess(6, address=STRANGER)[-1])
        for _ in range(12):
            clock.shift(61)
            assert not is_stopped(enter("wrong", address=STRANGER))
        clock.shift(61)
        assert is_stopped(enter("wrong", address=STRANGER))
        clock.shift(361)
        assert not is_stopped(enter("wrong", address=STRANGER))


def test_many_machines_are_stopped_and_the_known_browser_of_the_owner_gets_in(lawyer):
    own = Client()
    enter(PASSWORD, client=own)
    own.post(FACTOR, {"code": read_code()})
    assert "known" in own.cookies
    own.post("/accounts/logout/")
    for block in range(21):
        guess(5, address=f"203.0.{block}.1")
    assert is_stopped(enter(PASSWORD, address="192.0.2.200"))  # a stranger to us
    assert enter(PASSWORD, client=own, address="192.0.2.200").url == FACTOR


def test_a_made_up_or_foreign_cookie_makes_no_browser_known(lawyer, action):
    other, client = make_user(role=Role.Name.STAFF, action=action), Client()
    enter(PASSWORD, client=client, email=other.email)
    client.post(FACTOR, {"code": read_code()})
    client.post("/accounts/logout/")
    assert is_stopped(guess(6, client=client, address=STRANGER)[-1])
    client.cookies["known"] = "made:up"
    assert is_stopped(enter(PASSWORD, client=client, address=STRANGER))


def test_unknown_addresses_are_stopped_alike(db):
    assert is_stopped(guess(6, address=STRANGER, email="nobody@office.example")[-1])


def test_codes_of_the_app_are_counted_too(lawyer):
    client = Client()
    enter(PASSWORD, client=client)
    answers = [client.post(FACTOR, {"code": f"{number:06}"}, REMOTE_ADDR=HOME) for number in range(6)]
    assert is_stopped(answers[-1]) and not is_stopped(answers[-2])
