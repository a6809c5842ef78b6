"""Commands: one JSON object on standard output, one line for a refusal, no traceback."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from claims.base.commands import OwnWorker, explain_database_error
from claims.models import Claim
from claims.screening import start_screening
from tests.factories import SMALL_PACK, load_small_pack, make_claim
from tests.servers import PATIENCE_SECONDS
from tests.workers import make_environment

ROOT = Path(__file__).parents[2]


def run(*arguments, **environment):
    """Run manage.py in a process of its own and return (exit status, standard output, standard error)."""
    command = [sys.executable, "manage.py", *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**make_environment(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=4 * PATIENCE_SECONDS,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_from_pack_to_screened_book(tmp_path):
    file = tmp_path / "c.csv"
    for arguments, expected in (
        (
            ["load_pack", SMALL_PACK],
            {"action": "small", "criteria_version": 1, "criteria": 4, "declarations": 2, "changed": True},
        ),
        (["load_pack", SMALL_PACK], {"changed": False}),
        (["make_synthetic_claims", "small", 60, "--out", file, "--seed", 5, "--bad", 0.1], {"rows": 60, "bad": 5}),
        (["import_claims", "small", file, "--errors", tmp_path / "e.csv"], {"read": 60, "imported": 55, "refused": 5}),
        (["import_claims", "small", file, "--errors", tmp_path / "e.csv"], {"imported": 0, "known": 55}),
        (["screen", "small"], {"criteria_version": 1, "changed": 55}),
        (["screen", "small"], {"changed": 0}),
        (["screen", "small", "--dry-run", SMALL_PACK / "criteria.yaml"], {"moves": {}, "changed": 0}),
        (["verify_history"], {"ok": True}),
    ):
        status, out, err = run(*arguments, "--json")
        assert status == 0, err
        assert expected.items() <= json.loads(out).items(), arguments
    assert Claim.objects.exclude(outcome="").count() == 55


@pytest.mark.django_db(transaction=True)
def test_a_screening_that_a_killed_command_left_is_taken_up():
    action = load_small_pack()
    make_claim(action)
    start_screening(action, by=None)
    status, out, err = run("screen", "small", "--json")
    assert status == 0, err
    assert json.loads(out)["changed"] == 0  # the one that was left did the work
    assert Claim.objects.exclude(outcome="").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_that_a_worker_of_ours_started_outlives_the_command(monkeypatch):
    for name, value in make_environment().items():
        monkeypatch.setenv(name, value)
    with OwnWorker() as own:
        own.keep()
        child = subprocess.Popen(["sleep", "60"], process_group=own._process.pid)  # what Celery may leave behind
    assert child.wait(timeout=PATIENCE_SECONDS) == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_an_import_of_which_nothing_came_in_ends_as_refused(tmp_path):
    run("load_pack", SMALL_PACK)
    run("make_synthetic_claims", "small", 30, "--out", tmp_path / "c.csv", "--bad", 1)
    status, out, err = run("import_claims", "small", tmp_path / "c.csv", "--json")
    assert (status, json.loads(out)["refused"]) == (1, 30)
    assert "--errors FILE lists every reason" in err


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["load_pack", "/nowhere"], 1, "is not a folder"),
        (["import_claims", "small", "/nowhere.csv"], 1, "No such file"),
        (["import_claims", "other", "/nowhere.csv"], 1, "there is no action `other`; known are: small"),
        (["screen", "small", "--dry-run", "/nowhere.yaml"], 1, "is missing"),
        (["make_synthetic_claims", "small", "5", "--out", "/nowhere/x.csv"], 1, "No such file"),
        (["make_synthetic_claims", "small", "minus", "--out", "x"], 2, "whole number"),
        (["make_synthetic_claims", "small", "5", "--out", "x", "--bad", "7"], 2, "from 0 to 1"),
        (["screen"], 2, "required"),
    ],
)
def test_a_refusal_is_one_line_without_a_traceback(arguments, status, words):
    load_small_pack()
    code, out, err = run(*arguments, "--json")
    assert (code, out) == (status, "")
    assert words in err
    assert "Traceback" not in err
    assert status == 2 or len(err.strip().splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_broken_history_ends_with_status_1_and_the_event(tmp_path):
    load_small_pack()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_historyhead SET number = 7")
    status, out, err = run("verify_history", "--json")
    assert (status, json.loads(out)) == (1, {"events": 1, "checkpoints": 0, "faults": 0, "ok": False})
    assert "broken at event 2" in err


@pytest.mark.parametrize("url", ["postgres://nobody@127.0.0.1:9/none", "sqlite:////nowhere/at/all.sqlite3"])
def test_a_database_that_is_down_is_said_in_one_line(db, url):
    status, _, err = run("verify_history", DATABASE_URL=url)
    assert status == 1
    assert "DATABASE_URL" in err
    assert len(err.strip().splitlines()) == 1


def test_a_database_without_tables_asks_for_migrate(tmp_path):
    status, _, err = run("verify_history", DATABASE_URL=f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert (status, "run `manage.py migrate`" in err) == (1, True)


def test_a_missing_table_of_postgresql_asks_for_migrate(only_postgresql):
    with pytest.raises(ProgrammingError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert "run `manage.py migrate`" in explain_database_error(caught.value)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ('connection failed: FATAL:  database "x" does not exist', "DATABASE_URL"),
        ('connection failed: FATAL:  role "x" does not exist', "DATABASE_URL"),
        ("disk I/O error", "disk I/O error"),
        ("database or disk is full", "make room"),
        ("could not extend file: No space left on device", "make room"),
    ],
)
def test_each_error_of_the_database_gets_its_own_advice(message, words):
    advice = explain_database_error(OperationalError(message))
    assert words in advice
    assert ("is full" in advice) == (words == "make room") and "migrate" not in advice


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_said_in_one_line_and_the_job_is_kept(tmp_path):
    from claims.models import Job
    from tests.factories import make_claim

    make_claim(load_small_pack())
    status, _, err = run("screen", "small", BROKER_URL="redis://127.0.0.1:9/0")
    assert status == 1
    assert "BROKER_URL" in err.strip().splitlines()[-1]
    assert "Traceback" not in err
    assert Job.objects.get().is_active


def test_a_full_disk_leaves_nothing_half_done(tmp_path):
    """SQLite on a file that may not grow: the import is refused whole."""
    script = f"""
import django
from pathlib import Path
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
call_command("load_pack", Path({str(SMALL_PACK)!r}), json=True)
call_command("make_synthetic_claims", "small", "3000", out=Path({str(tmp_path / "c.csv")!r}), json=True)
with connection.cursor() as cursor:
    cursor.execute("PRAGMA page_count")
    cursor.execute(f"PRAGMA max_page_count = {{cursor.fetchone()[0] + 20}}")
try:
    call_command("import_claims", "small", Path({str(tmp_path / "c.csv")!r}), json=True)
except SystemExit as end:
    from claims.models import Claim
    print("status", end.code, "claims", Claim.objects.count())
"""
    environment = {**make_environment(), "DATABASE_URL": f"sqlite:///{tmp_path}/full.sqlite3"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "status 1 claims 0" in done.stdout, done.stderr
    assert "disk of the database is full" in done.stderr
