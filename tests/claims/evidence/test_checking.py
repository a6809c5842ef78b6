"""The worker's part: nothing is released that was not checked, and a killed worker costs the time of a lease."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base import scanning, vault
from claims.base.sandbox import WasTooSlow
from claims.evidence import check_due_evidence, checking, erase_evidence, explain, open_copy
from claims.models import Evidence
from tests.claims.base.test_scanning import run_scanner, set_scanner
from tests.claims.evidence import corpus
from tests.workers import kill, make_environment, run_worker, wait_until

pytestmark = pytest.mark.django_db


def test_without_a_scanner_a_file_is_visibly_not_scanned(check):
    evidence = check(corpus.PHOTO)
    assert (evidence.state, evidence.scan) == ("ready", "none")
    assert "not checked for viruses" in explain(evidence)


def test_a_clean_file_is_released_as_clean(check, settings):
    with run_scanner() as server:
        set_scanner(settings, server)
        evidence = check(corpus.PHOTO)
        assert server.seen == corpus.PHOTO
    assert (evidence.state, evidence.scan) == ("ready", "clean")


def test_an_infected_file_is_kept_and_never_shown(check, settings, list_files):
    with run_scanner() as server:
        set_scanner(settings, server)
        evidence = check(corpus.EICAR)
    assert (evidence.state, evidence.reason, evidence.scan) == ("quarantined", "infected", "infected")
    assert [path.suffix for path in list_files()] == [".original"]
    assert "claim goes on without it" in explain(evidence)


@pytest.mark.parametrize("answer", [b"", b"nonsense\0", b"stream: size limit exceeded ERROR\0"])
def test_a_scanner_that_fails_releases_nothing_until_it_has_spoken(
    check, settings, answer, list_files, time_machine_later
):
    with run_scanner(answer) as server:
        set_scanner(settings, server)
        evidence = check(corpus.PHOTO)
    assert (evidence.state, evidence.reason, evidence.scan) == ("quarantined", "unscanned", "none")
    assert [path.suffix for path in list_files()] == [".original"]
    assert check_due_evidence() == 0
    with run_scanner() as server, time_machine_later(seconds=31):
        set_scanner(settings, server)
        check_due_evidence()
    evidence.refresh_from_db()
    assert (evidence.state, evidence.reason, evidence.scan) == ("ready", "", "clean")


def test_a_scanner_may_be_away_for_longer_than_a_file_has_attempts(check, settings, time_machine_later):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    evidence = check(corpus.PHOTO)
    for minutes in range(1, 9):
        with time_machine_later(minutes=minutes):
            check_due_evidence()
    evidence.refresh_from_db()
    assert (evidence.reason, evidence.attempts) == ("unscanned", 0)


def test_the_scanner_comes_before_the_copy(check, settings, monkeypatch):
    monkeypatch.setattr(checking, "make_copy", lambda *_: pytest.fail("copied before it was scanned"))
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    assert check(corpus.PHOTO).reason == "unscanned"


def test_of_two_workers_one_gets_a_file(send):
    send(a=b"hello")
    assert checking.take_evidence()
    assert checking.take_evidence() is None


def test_of_two_workers_that_saw_the_same_file_one_gets_it(send, monkeypatch):
    send(a=b"hello")
    seen = list(checking.list_due_evidence())
    monkeypatch.setattr(checking, "list_due_evidence", lambda: seen)
    assert checking.take_evidence()
    seen[:] = [Evidence(pk=seen[0].pk, due_at=timezone.now() - timedelta(minutes=1))]
    assert checking.take_evidence() is None


def test_a_file_that_kills_its_worker_each_time_is_given_up(send, time_machine_later):
    [evidence] = send(a=b"hello")
    for minutes in range(checking.MOST_ATTEMPTS):
        with time_machine_later(minutes=minutes):
            assert checking.take_evidence()  # and then nothing more is heard of it
    with time_machine_later(minutes=9):
        check_due_evidence()
    evidence.refresh_from_db()
    assert (evidence.state, evidence.reason, evidence.due_at) == ("quarantined", "too_slow", None)


def test_a_slow_machine_gets_another_try(check, monkeypatch, time_machine_later):
    def be_slow(*_):
        raise WasTooSlow

    with monkeypatch.context() as patch:
        patch.setattr(checking, "make_copy", be_slow)
        evidence = check(corpus.PHOTO)
    assert (evidence.state, evidence.attempts) == ("received", 1)
    with time_machine_later(minutes=1):
        check_due_evidence()
    evidence.refresh_from_db()
    assert evidence.state == "ready"


def test_a_full_disk_is_waited_for(check, monkeypatch, time_machine_later):
    def be_full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checking, "write_sealed", be_full)
        evidence = check(corpus.PHOTO)
    assert (evidence.state, evidence.attempts) == ("received", 0)
    with time_machine_later(minutes=1):
        check_due_evidence()
    evidence.refresh_from_db()
    assert evidence.state == "ready"


def test_a_file_whose_key_was_erased_is_told_apart(send):
    [evidence] = send(a=b"hello")
    Evidence.objects.update(data_key=vault.make_data_key())
    check_due_evidence()
    evidence.refresh_from_db()
    assert evidence.reason == "unreadable"


def test_a_worker_that_was_overtaken_changes_nothing(send):
    send(a=b"hello")
    slow = checking.take_evidence()
    Evidence.objects.update(lease=None, due_at=timezone.now())
    check_due_evidence()
    checking._quarantine(slow, "broken")
    assert Evidence.objects.get().state == "ready"


@pytest.mark.django_db(transaction=True)
def test_a_file_erased_while_it_is_copied_leaves_nothing_behind(send, monkeypatch, list_files):
    [evidence] = send(a=b"hello")
    make = checking.make_copy

    def erase_meanwhile(*args):
        erase_evidence([evidence])
        return make(*args)

    monkeypatch.setattr(checking, "make_copy", erase_meanwhile)
    check_due_evidence()
    assert not list_files()
    assert not Evidence.objects.exists()


def test_the_sweep_wakes_a_worker_for_what_is_due_only(send, monkeypatch):
    calls = []
    monkeypatch.setattr(checking, "nudge_checking", lambda: calls.append(1))
    assert not checking.sweep_evidence()
    send(a=b"hello")
    assert checking.sweep_evidence()
    assert not checking.sweep_evidence(), "calls pile up"
    assert calls == [1]


STALL = """
import django; django.setup()
from claims.evidence import checking
import time
def stall(*_):
    print("in the middle", flush=True)
    time.sleep(60)
checking.make_copy = stall
checking.check_due_evidence()
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_costs_a_lease_and_nothing_else(send, list_files, time_machine_later):
    [evidence] = send(**{"a.jpg": corpus.PHOTO})
    worker = subprocess.Popen(
        [sys.executable, "-c", STALL], env=make_environment(), stdout=subprocess.PIPE, start_new_session=True
    )
    assert worker.stdout.readline() == b"in the middle\n"
    kill(worker)
    worker.stdout.close()
    evidence.refresh_from_db()
    assert (evidence.state, evidence.attempts) == ("received", 1)
    assert check_due_evidence() == 0
    with time_machine_later(seconds=31):
        check_due_evidence()
    evidence.refresh_from_db()
    assert (evidence.state, evidence.due_at, evidence.lease) == ("ready", None, None)
    assert open_copy(evidence).startswith(b"\xff\xd8")
    assert [path.suffix for path in list_files()] == [".copy", ".original"]


@pytest.mark.django_db(transaction=True)
def test_real_workers_killed_at_work_end_what_they_began(send, tmp_path):
    large = corpus.make_image("PNG", mode="RGBA", size=(3000, 3000), compress_level=1)
    rows = send(**{"large.png": large, "small.jpg": corpus.PHOTO, "live.pdf": corpus.make_live_pdf()})
    with run_worker() as first:
        wait_until(lambda: Evidence.objects.filter(attempts=1, state="received").exists(), "the work")
        kill(first)
    Evidence.objects.filter(lease__isnull=False).update(due_at=timezone.now() - timedelta(seconds=1))  # leases run out
    with run_worker("-B", "-s", str(tmp_path / "beat")):
        wait_until(lambda: not Evidence.objects.filter(state="received").exists(), "the end")
    assert set(Evidence.objects.values_list("state", flat=True)) == {"ready"}
    assert all(open_copy(row) for row in Evidence.objects.filter(pk__in=[row.pk for row in rows]))


def test_no_scanner_is_asked_where_there_is_none(settings):
    settings.CLAMD_URL = ""
    assert not scanning.is_configured()
