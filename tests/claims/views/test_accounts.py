"""Signing in: labels, no placeholders, a summary of what is wrong, a code by mail, no sign-up."""

import re

import pytest
from django.core import mail
from django.test import Client

from claims.base import limits
from claims.base.limits import Limit, Rate
from claims.base.mails import send_queued_mails
from claims.models import Mail
from tests.factories import make_user

FORMS = ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"]


@pytest.mark.parametrize("url", FORMS)
def test_every_field_has_a_label_and_no_placeholder(db, client, url):
    page = client.get(url).content.decode()
    fields = set(re.findall(r'<input[^>]*id="(id_\w+)"', page))
    assert fields and fields == set(re.findall(r'<label for="(id_\w+)"', page))
    assert "placeholder" not in page and "autocomplete=" in page


def test_what_is_wrong_stands_above_and_beside_in_the_same_words(db, client):
    page = client.post("/accounts/login/", {"login": "x"}).content.decode()
    assert "<title>Error: Sign in" in re.sub(r"\s+", " ", page)
    assert "There is a problem" in page and 'href="#id_password"' in page
    assert page.count("Please fill in “Password”.") == 2
    assert 'aria-describedby="id_password_helptext id_password_error"' in page


def test_a_password_or_a_code_opens_the_own_page(db, client):
    make_user("ana@muster.example")
    client.post("/accounts/login/code/", {"email": "ana@muster.example"})
    send_queued_mails()
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE)[1]
    assert client.post("/accounts/login/code/confirm/", {"code": code}).url == "/my/"
    client.post("/accounts/logout/")
    assert (
        client.post("/accounts/login/", {"login": "ana@muster.example", "password": "correct horse battery"}).url
        == "/my/"
    )


def test_mail_subjects_hold_no_address_and_no_code(db, client):
    make_user("ana@muster.example")
    client.post("/accounts/login/code/", {"email": "ana@muster.example"})
    client.post("/accounts/password/reset/", {"email": "ana@muster.example"})
    send_queued_mails()
    assert [message.subject for message in mail.outbox] == [
        "Your sign-in code",
        "Set a new password",
    ]


def test_an_unknown_address_gets_the_same_answer_as_a_known_one(db, client):
    make_user("ana@muster.example")
    known, unknown = (
        client.post("/accounts/password/reset/", {"email": f"{name}@muster.example"}) for name in ("ana", "bea")
    )
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_nobody_can_sign_up(db, client):
    assert "There is no sign-up" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "new@muster.example", "password1": "correct horse battery"})
    from claims.models import User

    assert not User.objects.exists()


def test_who_asked_for_a_code_can_turn_back_to_the_password(db, client):
    client.post("/accounts/login/code/", {"email": "ana@muster.example"})
    page = client.get("/accounts/login/code/confirm/").content.decode()
    assert "Use another address or your password" in page and 'name="next" value="/accounts/login/"' in page
    assert client.get("/accounts/login/").status_code == 302
    assert client.post("/accounts/logout/", {"next": "/accounts/login/"}).url == "/accounts/login/"
    assert client.get("/accounts/login/").status_code == 200


def test_the_page_for_the_code_is_the_same_for_a_known_and_an_unknown_address(db):
    make_user("cleo@muster.example")
    pages = []
    for name in ("cleo", "dora"):
        client = Client()
        page = client.post("/accounts/login/code/", {"email": f"{name}@muster.example"}, follow=True).content.decode()
        pages.append(re.sub(r'(nonce|value)="[^"]*"', "", page.replace(name, "NAME")))
    assert pages[0] == pages[1] and 'role="status"' not in pages[0]


SENT = {"/accounts/login/code/": "sign_in_code", "/accounts/password/reset/": "new_password"}


@pytest.mark.parametrize("url", SENT)
def test_mails_of_signing_in_are_in_the_queue_and_are_blanked_when_they_have_left(db, client, url):
    make_user("ana@muster.example")
    client.post(url, {"email": "ana@muster.example"})
    queued = Mail.objects.get()
    assert (queued.kind, queued.state, mail.outbox) == (SENT[url], "queued", []) and queued.forget_at
    send_queued_mails()
    queued.refresh_from_db()
    assert (queued.state, queued.text, len(mail.outbox)) == ("sent", "", 1)


@pytest.mark.parametrize("url", SENT)
def test_every_address_gets_one_mail_and_the_same_status(db, client, url):
    make_user("ana@muster.example")
    answers = [Client().post(url, {"email": f"{name}@muster.example"}) for name in ("ana", "bea")]
    assert answers[0].status_code == answers[1].status_code and answers[0].url == answers[1].url
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["ana@muster.example", "bea@muster.example"]


@pytest.mark.parametrize("url", SENT)
def test_an_address_too_long_for_a_mail_makes_no_error(db, client, url):
    assert client.post(url, {"email": f"{'a' * 60}@{'b.' * 120}example"}).status_code in {200, 302}


@pytest.mark.parametrize("url", ["/accounts/login/", *SENT, "/accounts/login/code/confirm/"])
def test_a_block_of_addresses_has_a_limit_and_the_page_says_when_to_come_back(db, client, monkeypatch, url):
    for kind in ("sign-in", "code"):
        monkeypatch.setitem(limits.LIMITS, kind, Limit(Rate(1, 60), Rate(9, 60)))
    codes = [client.post(url, {}, REMOTE_ADDR=f"192.0.2.{n}") for n in range(2)]
    assert codes[0].status_code != 429 == codes[1].status_code
    assert 0 < int(codes[1].headers["Retry-After"]) <= 60 and "it works again" in codes[1].content.decode()
    assert client.get(url).status_code in {200, 302}


def test_the_limit_of_one_account_is_the_same_for_known_and_unknown_addresses(db):
    make_user("ana@muster.example")
    for name in ("ana", "bea"):
        answers = [Client().post("/accounts/login/code/", {"email": f"{name}@muster.example"}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
        assert "Too many failed login attempts" in answers[3].content.decode()
    assert Mail.objects.count() == 6
