"""A database that is away is said, with 503; who is signed in is no exception."""

import sqlite3

from django.db import OperationalError, connection

from tests.factories import make_user


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
