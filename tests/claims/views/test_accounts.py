"""Signing in: labels, no placeholders, a summary of what is wrong, a code by mail, no sign-up."""

import re

import pytest
from django.core import mail
from django.test import Client

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
    assert [re.sub(r"^\[.*?\] ", "", message.subject) for message in mail.outbox] == [
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
