"""The second factor of the office: nothing of the workspace or its API answers before it, and mail alone never opens it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from claims.base.mails import send_queued_mails
from claims.keys import rotate_keys
from claims.models import HistoryEvent, Role, User
from config.factors import reckon_code, set_app
from tests.factories import TOTP_SECRET, make_user
from tests.signing_in import set_proofs

PASSWORD = "correct horse battery"
WORKSPACE = "/workspace/small/"


@pytest.fixture
def lawyer(action):
    return make_user("eva@office.example", role=Role.Name.LAWYER, action=action)


def read_code(secret=TOTP_SECRET, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def enter_by_mail(client, email):
    mail.outbox.clear()
    client.post("/accounts/login/code/", {"email": email})
    send_queued_mails()
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    return client.post("/accounts/login/code/confirm/", {"code": code})


def test_password_and_app_open_the_workspace(client, lawyer):
    answer = client.post("/accounts/login/", {"login": lawyer.email, "password": PASSWORD})
    assert answer.url == "/accounts/factors/enter/"
    assert client.get(WORKSPACE).url.startswith("/accounts/login/")
    assert client.post(answer.url, {"code": "000000"}).status_code == 200
    assert client.get(WORKSPACE).url.startswith("/accounts/login/")
    client.post(answer.url, {"code": read_code()})
    assert client.get(WORKSPACE).status_code == 200


def test_a_code_of_the_app_works_once(client, lawyer):
    code = read_code()
    for status in (302, 200):
        client = Client()
        client.post("/accounts/login/", {"login": lawyer.email, "password": PASSWORD})
        assert client.post("/accounts/factors/enter/", {"code": code}).status_code == status


def test_a_code_on_paper_opens_the_workspace_once(client, lawyer):
    paper = Authenticator.objects.get(user=lawyer, type="recovery_codes").wrap().get_unused_codes()[0]
    for status in (302, 200):
        client = Client()
        client.post("/accounts/login/", {"login": lawyer.email, "password": PASSWORD})
        assert client.post("/accounts/factors/enter/", {"code": paper}).status_code == status


def test_a_code_by_mail_and_the_app_still_ask_for_the_password(client, lawyer):
    assert enter_by_mail(client, lawyer.email).url == "/accounts/factors/enter/"
    client.post("/accounts/factors/enter/", {"code": read_code()})
    asked = client.get(WORKSPACE)
    assert asked.url == "/accounts/reauthenticate/?next=%2Fworkspace%2Fsmall%2F"
    assert client.post(asked.url, {"password": PASSWORD}).url == WORKSPACE
    assert client.get(WORKSPACE).status_code == 200


@pytest.mark.parametrize("methods", [[], ["code"], ["password"], ["mfa"], ["code", "mfa"], ["code", "password"]])
def test_half_a_proof_opens_neither_page_nor_api(client, lawyer, methods):
    client.force_login(lawyer)
    set_proofs(client, lawyer, methods)
    assert client.get(WORKSPACE).url.startswith("/accounts/")
    assert client.post("/workspace/small/screen/").url.startswith("/accounts/")
    for path in ("claims", "actions", "schema"):
        assert client.get(f"/api/v1/{path}/").status_code == 403


def test_whoever_has_no_role_needs_no_factor(client, action):
    client.force_login(make_user("ana@muster.example"))
    assert client.get("/my/").status_code == 200 and client.get(WORKSPACE).status_code == 404
    assert client.get("/api/v1/actions/").status_code == 200
    assert client.get("/accounts/factors/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_new_member_is_led_from_the_mail_to_the_workspace(client, action):
    user = User.objects.create_user("new@office.example")
    Role.objects.create(user=user, action=action, name=Role.Name.LAWYER)
    enter_by_mail(client, user.email)
    assert client.get(WORKSPACE).url == "/accounts/factors/?next=%2Fworkspace%2Fsmall%2F"
    page = client.get("/accounts/factors/app/").content.decode()
    secret = re.search(r">([A-Z2-7]{32})</code>", page)[1]
    assert client.post("/accounts/factors/app/", {"code": read_code(secret)}).url == "/accounts/factors/codes/"
    assert len(re.findall(r">\d{8}</code>", client.get("/accounts/factors/codes/").content.decode())) == 10
    assert not re.findall(r">\d{8}</code>", client.get("/accounts/factors/codes/").content.decode())
    asked = client.get(WORKSPACE)
    assert asked.url.startswith("/accounts/password/set/")
    new = {"password1": "a long new sentence", "password2": "a long new sentence"}
    assert client.post(asked.url, new).url == WORKSPACE
    assert client.get(WORKSPACE).status_code == 200


def test_secrets_of_factors_are_sealed(lawyer):
    for factor in Authenticator.objects.filter(user=lawyer):
        assert TOTP_SECRET not in str(factor.data) and ("master:" in str(factor.data))


def test_the_only_factor_stays(client, lawyer):
    client.force_login(lawyer)
    assert client.post("/accounts/factors/app/remove/").url == "/accounts/factors/"
    assert Authenticator.objects.filter(user=lawyer, type="totp").exists()


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_factor_is_in_the_history_without_a_secret(client, action):
    user = User.objects.create_user("new@office.example")
    Role.objects.create(user=user, action=action, name=Role.Name.LAWYER)
    enter_by_mail(client, user.email)
    secret = re.search(r">([A-Z2-7]{32})</code>", client.get("/accounts/factors/app/").content.decode())[1]
    client.post("/accounts/factors/app/", {"code": read_code(secret)})
    assert HistoryEvent.objects.get(verb="factor set up").data == {"kind": "totp"}


def test_the_secret_of_an_app_opens_under_a_new_master_key_when_the_keys_were_rotated(lawyer, settings):
    set_app(lawyer, TOTP_SECRET)
    code = reckon_code(lawyer)
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, "master-2": bytes(range(32))}
    assert rotate_keys().unreadable == 0
    del settings.FIELD_KEYS["master"]
    assert reckon_code(lawyer) in {code, read_code()}
