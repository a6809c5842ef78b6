"""Sessions of the office: half an hour idle, twelve hours at most, and over when account, role or password is."""

import pytest
from django.core.management import call_command
from django.test import Client

from claims.accounts import disable_user, enable_user, end_sessions, revoke_role
from claims.models import HistoryEvent, Role
from config.office import SEEN
from tests.factories import make_user
from tests.signing_in import set_proofs

PAGE = "/workspace/small/"
STRONG = ("password", "mfa")


@pytest.fixture
def lawyer(action):
    return make_user("eva@office.example", role=Role.Name.LAWYER, action=action)


def sit_down(client, lawyer, *, began=0, seen=0):
    client.force_login(lawyer)
    set_proofs(client, lawyer, STRONG, age=began)
    session = client.session
    session[SEEN] = session["account_authentication_methods"][0]["at"] + began - seen
    session.save()


@pytest.mark.parametrize(("began", "seen", "status"), [
    (0, 0, 200), (3600, 1790, 200), (3600, 1810, 302), (43_100, 10, 200), (43_300, 10, 302),
])  # fmt: skip
def test_a_session_ends_after_half_an_hour_alone_and_after_twelve_hours(client, lawyer, began, seen, status):
    sit_down(client, lawyer, began=began, seen=seen)
    answer = client.get(PAGE)
    assert answer.status_code == status
    assert status == 200 or answer.url.startswith("/accounts/login/")
    assert client.get("/my/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/") is (status == 302)


def test_what_a_page_asks_by_itself_keeps_no_session_awake(client, lawyer):
    sit_down(client, lawyer, began=3600, seen=1700)
    before = client.session[SEEN]
    assert client.get("/api/v1/jobs/").status_code == 200 and client.session[SEEN] == before
    client.get(PAGE)
    assert client.session[SEEN] > before


@pytest.mark.parametrize("end", [disable_user, end_sessions, lambda user: revoke_role(user, Role.objects.get().action)])
def test_every_session_ends_at_once_and_does_not_come_back(action, lawyer, end):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(lawyer)
        assert client.get(PAGE).status_code == 200
    end(lawyer)
    for client in clients:
        assert client.get(PAGE).url.startswith("/accounts/login/")
    if not lawyer.is_active:
        enable_user(lawyer)
        assert clients[0].get(PAGE).url.startswith("/accounts/login/")


def test_a_new_password_ends_all_other_sessions(lawyer):
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(lawyer)
    new = {
        "oldpassword": "correct horse battery",
        "password1": "a long new sentence",
        "password2": "a long new sentence",
    }
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert here.get(PAGE).status_code == 200 and there.get(PAGE).url.startswith("/accounts/login/")


def test_a_disabled_account_cannot_sign_in_and_the_history_knows(client, lawyer):
    call_command("disable_user", lawyer.email)
    answer = client.post("/accounts/login/", {"login": lawyer.email, "password": "correct horse battery"})
    assert answer.status_code == 200 or "inactive" in answer.url
    assert client.get(PAGE).url.startswith("/accounts/login/")
    call_command("enable_user", lawyer.email)
    assert [event.verb for event in HistoryEvent.objects.filter(subject="user")] == ["user disabled", "user enabled"]
