"""A database that is away is said, with 503; who is signed in is no exception."""

import html
import re
import sqlite3
from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from claims.intake import read_values, save_step, start_registration
from tests.factories import load_small_pack, make_user


def refuse(execute, sql, params, many, context):
    raise OperationalError("could not connect to host db.internal")


def test_a_database_that_is_down_answers_503_and_says_when_to_come_back(client, db):
    client.force_login(make_user())
    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        answers = [client.get(path) for path in ("/", "/my/", "/workspace/", "/api/v1/claims/")]
    assert [answer.status_code for answer in answers] == [503] * 4
    assert {answer["Retry-After"] for answer in answers} == {"30"}
    assert b"db.internal" not in answers[0].content


def test_health_names_the_part_that_is_down(client, db):
    with connection.execute_wrapper(refuse):
        answer = client.get("/health/")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")


def test_metrics_do_not_exist_without_their_token(client, db, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404
    assert b"redress_jobs" in client.get("/metrics", HTTP_AUTHORIZATION="Bearer a-token").content


def test_the_log_names_the_code_of_the_fault_and_not_its_sentence(client, db, caplog):
    client.raise_request_exception = False

    def lock(execute, sql, params, many, context):
        cause = sqlite3.OperationalError("secret.sqlite3 is locked")
        cause.sqlite_errorname = "SQLITE_BUSY_RECOVERY"
        raise OperationalError(*cause.args) from cause

    with connection.execute_wrapper(lock):
        client.get("/")
    assert "OperationalError SQLITE_BUSY_RECOVERY" in caplog.text and "secret.sqlite3" not in caplog.messages[0]


def read_hidden(answer):
    fields = re.findall('<input type="hidden" name="([^"]*)" value="([^"]*)"', answer.content.decode())
    return {name: html.unescape(text) for name, text in fields}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time: PostgreSQL has no such lock")
@pytest.mark.django_db(transaction=True)
def test_a_step_that_meets_a_locked_database_is_told_so_and_sent_again_as_it_was_typed(client):
    registration = start_registration(load_small_pack(), by=make_user(), language="en")
    save_step(registration, {"given_name": "Eleni"})
    client.force_login(registration.user)
    client.raise_request_exception = False
    url, typed = "/actions/small/register/damage_text/", 'I <am>\n"upset" & more'
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        connection.cursor().execute("PRAGMA busy_timeout = 1")
        answer = client.post(url, {"answer.damage_text": typed, "x": ""})
    connection.close()  # and with it the short wait
    assert (answer.status_code, answer["Retry-After"]) == (503, "30") and b">Try again</button>" in answer.content
    assert read_values(registration) == {"given_name": "Eleni"}
    assert client.post(url, read_hidden(answer)).status_code == 302
    assert read_values(registration) == {"given_name": "Eleni", "damage_text": typed}


def test_no_password_and_no_file_is_shown_to_be_sent_again(client, db):
    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        answers = [
            client.post("/accounts/login/", {"login": "a@b.example", "password": "secret horse"}),
            client.post("/", {"words": "mine", "files": SimpleUploadedFile("a.txt", b"a")}),
        ]
    assert not any(b"<form" in answer.content or b"secret horse" in answer.content for answer in answers)
