"""Proving the address: a code or a link by mail, once and in time, the same for known and unknown addresses."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from claims.base.mails import send_queued_mails
from claims.models import Registration, User
from tests.claims.views.test_registration import EMAIL, START, find_code, prove
from tests.factories import load_small_pack, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def action():
    return load_small_pack()


def test_known_and_unknown_addresses_get_the_same_answer(client):
    make_user("known@office.example")
    pages = []
    for email in ("known@office.example", "unknown@office.example"):
        answer = client.post(START, {"email": email}, follow=True)
        pages.append(
            (
                answer.redirect_chain,
                re.sub(r"(un)?known@|value=\"[^\"]*\"|nonce-[^']*|nonce=\"[^\"]*", "", answer.content.decode()),
            )
        )
    assert pages[0] == pages[1]


def test_no_account_exists_before_the_address_is_proven(client):
    client.post(START, {"email": EMAIL})
    assert not User.objects.filter(email=EMAIL).exists() and not Registration.objects.exists()


def test_a_wrong_code_says_so_and_does_not_sign_in(client):
    client.post(START, {"email": EMAIL})
    page = client.post(f"{START}code/", {"code": "0000-0000"})
    assert "not right" in page.content.decode() and "_auth_user_id" not in client.session


def test_a_code_that_is_over_says_so_on_the_page_and_another_one_opens_the_door(client):
    with time_machine.travel("2026-11-25 12:00Z", tick=False) as clock:
        client.post(START, {"email": EMAIL})
        late = find_code()
        clock.shift(timedelta(minutes=31))
        page = client.post(f"{START}code/", {"code": late}).content.decode()
        assert "30 minutes" in page and "There is a problem" in page and "_auth_user_id" not in client.session
        client.post(f"{START}code/", {"again": "1"})
        assert client.post(f"{START}code/", {"code": find_code()}).url == f"{START}capacity/"


def test_a_code_works_once_also_on_the_second_device_that_waits_for_it(client):
    other = type(client)()
    for device in (client, other):
        device.post(START, {"email": EMAIL})
    code = find_code()
    assert client.post(f"{START}code/", {"code": code}).url == f"{START}capacity/"
    page = other.post(f"{START}code/", {"code": code}).content.decode()
    assert "There is a problem" in page and "_auth_user_id" not in other.session
    assert client.post(f"{START}code/", {"code": code}).url == f"{START}capacity/"  # pressed twice: it stays open


def test_opening_the_link_does_nothing_and_pressing_its_button_signs_in(client):
    client.post(START, {"email": EMAIL})
    send_queued_mails()
    link = re.search(r"/actions/small/register/link/[^/\s]+/", mail.outbox[-1].body).group()
    other = type(client)()
    assert other.get(link).status_code == 200 and "_auth_user_id" not in other.session
    assert other.post(link).url == f"{START}capacity/"
    assert other.post(link).url == START  # once


def test_who_asks_for_another_code_is_told_that_it_was_sent(client):
    client.post(START, {"email": EMAIL})
    assert "Another code is on its way" in client.post(f"{START}code/", {"again": "1"}, follow=True).content.decode()


def test_nobody_without_a_password_is_asked_to_change_it(client):
    prove(client)
    assert "Change my password" not in client.get(f"{START}stopped/").content.decode()
