"""Signing in to the workspace in a real browser: password and app, a passkey, an expert whose time is over."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Role
from tests.factories import TOTP_SECRET, make_user
from tests.journeys.conftest import PASSWORD, follow, is_too_wide, list_barriers, press_key, sign_in

pytestmark = pytest.mark.browser
OVERVIEW = "/workspace/small/"


@pytest.fixture(autouse=True)
def localhost(live_server, settings):
    """Browsers know passkeys on https and on this name only."""
    live_server.url_of_passkeys = live_server.url.replace("127.0.0.1", "localhost")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "localhost"]
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url_of_passkeys]


def add_authenticator(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def check_look(page):
    assert list_barriers(page) == []
    assert not is_too_wide(page) and page.faults == []


def test_password_and_app_open_the_workspace_by_keyboard(open_page):
    page = open_page("/accounts/login/?next=/workspace/", width=320)
    page.fill("#id_login", "lawyer@office.example")
    page.fill("#id_password", PASSWORD)
    press_key(page, "Enter")
    assert page.url.endswith("/accounts/factors/enter/")
    check_look(page)
    page.fill("#id_code", format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30)))
    press_key(page, "Enter")
    assert page.url.endswith(OVERVIEW)


def test_a_passkey_is_made_under_our_content_policy_and_opens_the_workspace(open_page, live_server):
    page = open_page(f"{live_server.url_of_passkeys}/accounts/factors/passkeys/add/", email="lawyer@office.example")
    page.context.clear_cookies()
    page.goto(f"{live_server.url_of_passkeys}/")
    sign_in(page, "lawyer@office.example")
    add_authenticator(page)
    page.goto(f"{live_server.url_of_passkeys}/accounts/factors/passkeys/add/")
    check_look(page)
    page.fill("#id_name", "Work laptop")
    follow(page, "form[data-passkey] .btn")
    assert page.url.endswith("/accounts/factors/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Work laptop"
    check_look(page)
    page.context.clear_cookies()
    page.goto(f"{live_server.url_of_passkeys}/accounts/login/?next=/workspace/")
    check_look(page)
    follow(page, "text=Sign in with a passkey")
    assert page.url.endswith(OVERVIEW) and page.faults == []


def test_a_passkey_that_fails_says_so_and_the_other_ways_stay(open_page, live_server):
    page = open_page(f"{live_server.url_of_passkeys}/accounts/login/")
    add_authenticator(page)
    page.click("text=Sign in with a passkey")
    expect(page.locator("text=That did not work, or it was stopped")).to_be_visible()
    expect(page.locator("form.stack .btn").first).to_be_enabled()


def test_an_expert_whose_time_is_over_finds_nothing(open_page, book):
    expert = make_user("expert@office.example", role=Role.Name.AUDITOR, action=book.action)
    page = open_page("/workspace/small/", email=expert.email, width=1280)
    assert "small" in page.url and page.locator("h1").count() == 1
    Role.objects.filter(user=expert).update(ends_at=timezone.now())
    for path in ("/workspace/small/", "/workspace/small/claims/", "/api/v1/claims/", "/workspace/"):
        answer = page.goto(path)
        assert answer.status == 404 or answer.json()["results"] == []
    page.goto("/")
    assert page.locator("text=Workspace").count() == 0
