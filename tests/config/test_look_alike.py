"""Who has an account here is told by no page: neither by words, nor by cookies, nor by what the database is asked."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Mail, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGES = {
    "/accounts/login/": {"login": "{}", "password": "wrong horse battery"},
    "/accounts/login/code/": {"email": "{}"},
    "/accounts/password/reset/": {"email": "{}"},
}


def watch(path, email, monkeypatch):
    """Return what somebody sees, and what the server does, without the values."""
    client, hashed = Client(), []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    data = {name: text.format(email) for name, text in PAGES[path].items()}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(path, data)
        page = client.get(answer.url) if answer.status_code == 302 else answer
        wrong = client.post(answer.url, {"code": "0000-0000"}) if path.endswith("code/") else answer
    shown = page.content.decode() + wrong.content.decode()
    said = re.sub(r'(nonce|value)="[^"]*"|[\w.]+@muster', "", shown)
    asked = [re.sub(r"'(?:[^']|'')*'|[0-9a-f]{16,}|\d+", "?", query["sql"]) for query in queries]
    cookies = sorted((name, bool(morsel.value), morsel["max-age"]) for name, morsel in client.cookies.items())
    headers = sorted({*answer.headers, *page.headers})
    return answer.status_code, answer.get("Location"), page.status_code, said, headers, cookies, len(hashed), asked


@pytest.mark.parametrize("path", PAGES)
def test_an_address_that_has_an_account_and_one_that_has_none_look_alike(path, monkeypatch, action):
    make_user("office@muster.example", role="lawyer", action=action)
    User.objects.create_user("claimant@muster.example")  # signs in with codes alone
    watch(path, "first@muster.example", monkeypatch)  # fills what is kept between requests
    unknown = watch(path, "nobodyy@muster.example", monkeypatch)
    for known in ("office@muster.example", "claimant@muster.example"):
        seen = watch(path, known, monkeypatch)
        for one, other in zip(seen[:-1], unknown[:-1], strict=True):
            assert one == other
        assert "\n".join(seen[-1]) == "\n".join(unknown[-1])
    assert len(set(Mail.objects.values_list("to", flat=True))) == (0 if path == "/accounts/login/" else 4)
