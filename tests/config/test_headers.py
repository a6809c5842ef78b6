"""The headers of every kind of answer, and how strangers are counted behind a proxy and without one."""

import json
import subprocess
import sys

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from claims.models import Role
from tests.config.test_environment import GOOD, ROOT
from tests.factories import make_user

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ANSWERS = {
    "page": ("get", "/", 200),
    "sign-in": ("get", "/accounts/login/", 200),
    "404": ("get", "/no-such-page/", 404),
    "403": ("post", "/accounts/login/", 403),
    "API": ("get", "/api/v1/actions/", 200),
    "API 404": ("get", "/api/v1/actions/none/", 404),
    "sign-out": ("post", "/accounts/logout/", 302),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_has_the_headers_of_the_trust_model(action, method, path, status):
    answer = getattr(Client(enforce_csrf_checks=status == 403), method)(path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    policy = answer.headers["Permissions-Policy"]
    assert policy.count("=()") + 2 == policy.count("=") > 30 and "camera=()" in policy
    assert "publickey-credentials-get=(self)" in policy
    assert "Server" not in answer.headers


@pytest.mark.parametrize("path", ["/accounts/login/", "/health/"])
def test_a_form_that_is_not_utf_8_is_refused_with_every_header(db, path):
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    answer = client.post(path, "a=1", content_type="application/x-www-form-urlencoded; charset=utf-7")
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (400, "DENY")
    assert b"cannot be read" in answer.content


def test_a_static_file_has_the_headers_too(settings, tmp_path, db):
    (tmp_path / "site.css").write_text("p {}")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH = str(tmp_path), False  # as in production
    headers = Client().get("/static/site.css").headers
    assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "Permissions-Policy" in headers
    # Pages of people with a session start a worker from it, also from what a cache kept before there was a session.
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_signing_out_clears_what_the_browser_keeps(client, action):
    client.force_login(make_user(role=Role.Name.LAWYER, action=action))
    assert "Clear-Site-Data" not in client.get("/accounts/logout/").headers
    assert client.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("path", ["/", "/no-such-page/", "/api/v1/actions/"])
def test_an_answer_to_head_has_no_body_and_the_length_of_the_page(action, rf, path):
    # Not the test client: it takes the body away itself, a web server does not.
    answer = WSGIHandler().get_response(rf.head(path))
    assert answer.content == b"" and int(answer.headers["Content-Length"]) > 0
    assert answer.status_code == Client().get(path).status_code


def read_settings(names, **changes):
    code = f"import environ, json; environ.Env.read_env = lambda *a, **k: None; import config.settings as s; print(json.dumps([getattr(s, n) for n in {names!r}]))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**GOOD, **changes}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_cookies_are_bound_to_the_host_in_production():
    names = [
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_SAMESITE",
    ]
    assert read_settings(names) == ["__Host-session", "__Host-csrf", True, True, "Lax"]


def test_keys_that_were_in_use_before_still_count():
    old = "old-production-0123456789-abcdefghijklmnopqrstuvwxyz"
    assert read_settings(["SECRET_KEY_FALLBACKS"], SECRET_KEY_FALLBACKS=old) == [[old]]


@pytest.mark.parametrize(("behind", "count"), [("off", 0), ("on", 1)])
def test_both_limits_believe_as_many_proxies_as_there_are(behind, count):
    limits, allauth = read_settings(["REST_FRAMEWORK", "ALLAUTH_TRUSTED_PROXY_COUNT"], BEHIND_PROXY=behind)
    assert (limits["NUM_PROXIES"], allauth) == (count, count)


@pytest.mark.parametrize(("proxies", "named"), [(0, "10.0.0.9"), (1, "203.0.113.5")])
def test_an_address_that_a_person_sent_counts_for_nothing(rf, settings, proxies, named):
    from allauth.account.adapter import get_adapter
    from rest_framework.throttling import AnonRateThrottle

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.5"}, REMOTE_ADDR="10.0.0.9")
    assert AnonRateThrottle().get_ident(request) == get_adapter().get_client_ip(request) == named


def test_reports_of_the_policy_are_counted_within_a_budget_and_never_kept(client, settings, monkeypatch):
    from config import reports

    monkeypatch.setattr(reports, "BUDGET", 2)
    body = {"csp-report": {"effective-directive": "img-src", "document-uri": "https://x/ana"}}
    for _ in range(3):
        assert client.post("/csp-report/", json.dumps(body), content_type="application/csp-report").status_code == 204
    for nonsense in ("", "[]", "\x00", '{"csp-report": {"effective-directive": ["x"]}}'):
        assert client.post("/csp-report/", nonsense, content_type="text/plain").status_code == 204
    counts = {name: count for name, count in reports.list_counts().items() if count}
    assert counts == {"img-src": 2, "other": 2}
