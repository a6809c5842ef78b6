"""Workers killed in the middle of a filing, and several people who ask for one at once: one filing, the same bytes."""

import hashlib
import os
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections

from claims.base import jobs
from claims.base.jobs.start import nudge
from claims.models import Job, JobChunk
from documents import filings
from documents.filings import snapshots, start
from documents.filings.making import make_volume
from documents.filings.sealing import describe_filing, lay_out_manifest, list_entries
from documents.filings.snapshots import read_snapshot
from documents.models import Filing, FilingFile
from documents.rules.manifests import build_manifest, encode_manifest
from tests.documents.conftest import fill_book, screen, work_to_the_end
from tests.factories import load_small_pack
from tests.servers import PATIENCE_SECONDS
from tests.workers import free_all, hold_back, kill, run_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
REGISTER = Filing.Kind.REGISTER
VOLUMES = 12


@pytest.fixture
def book(monkeypatch):
    """The small action with 60 eligible claims, so that a register has twelve volumes of five."""
    monkeypatch.setattr(snapshots, "VOLUME_ROWS", 5)
    action = load_small_pack()
    fill_book(action, eligible=60, ineligible=0, needs_info=0)
    screen(action)
    return action


def hash_bytes(data):
    return hashlib.sha256(data).hexdigest()


def make_undisturbed(filing):
    """Lay the volumes of a filing out in this process, beside its job; return the hash of each by its name."""
    snapshot = read_snapshot(filing.home, sha256=filing.snapshot_sha256)
    return {file.name: hash_bytes(make_volume(filing, file.number, snapshot)[0]) for file in filing.files.all()}


def is_made(filing):
    return not filing.files.exclude(state=FilingFile.State.DONE).exists()


@contextmanager
def never_read(path, aside):
    """Put a pipe in the place of a file: who reads it waits for ever."""
    path.rename(aside)
    os.mkfifo(path)
    try:
        yield
    finally:
        path.unlink()
        aside.rename(path)


def is_ended(filing):
    filing.job.refresh_from_db()
    return not filing.job.is_active


def assert_whole_and_undisturbed(filing, expected):
    """Sealed, verified, nothing lost or left over, and every byte as if nobody had been killed."""
    filing = Filing.objects.get(pk=filing.pk)
    assert filing.is_sealed, filing.job.error
    snapshot = read_snapshot(filing.home, sha256=filing.snapshot_sha256)
    manifest = build_manifest(describe_filing(filing, snapshot), list_entries(filing))
    data = encode_manifest(manifest)
    assert (manifest, hash_bytes(data)) == (filing.manifest, filing.manifest_sha256)
    expected = expected | {
        "manifest.json": filing.manifest_sha256,
        "manifest.pdf": hash_bytes(lay_out_manifest(filing, snapshot, manifest, data)),
    }
    assert {file.name: hash_bytes(file.read_bytes()) for file in filing.folder.iterdir()} == expected
    assert filings.verify_folder(filing.folder) == filings.Verified(files=VOLUMES, rows=60)
    assert sorted(file.name for file in filing.home.iterdir()) == ["files", "rows.jsonl", "snapshot.json"]
    assert list(filing.home.parent.iterdir()) == [filing.home]
    assert (filing.job.chunks_done, filing.job.units_done) == (VOLUMES + 1, VOLUMES)
    assert not JobChunk.objects.filter(job=filing.job).exclude(state=JobChunk.State.DONE).exists()


def test_a_worker_killed_between_volumes_costs_seconds_and_changes_no_byte(book):
    filing = filings.start_filing(book, REGISTER)
    expected = make_undisturbed(filing)
    made = filing.files.filter(state=FilingFile.State.DONE)
    hold_back(filing.job.chunks.filter(number__gte=VOLUMES - 1))
    with run_worker() as worker:
        wait_until(lambda: made.count() >= 3, "the third volume")
        kill(worker)
    assert 3 <= made.count() < VOLUMES
    (filing.folder / f".{filing.files.last().name}.1.part").write_bytes(b"%PDF-half")  # as a kill while writing leaves
    free_all(filing.job.chunks)
    with run_worker():
        wait_until(lambda: is_ended(filing), "the end of the filing")
    assert_whole_and_undisturbed(filing, expected)


def test_a_worker_killed_while_it_seals_costs_seconds_and_changes_no_byte(book, tmp_path):
    filing = filings.start_filing(book, REGISTER)
    expected = make_undisturbed(filing)
    closing = filing.job.chunks.filter(is_closing=True)
    hold_back(closing)
    with run_worker() as worker:
        wait_until(lambda: is_made(filing), "the last volume")
        with never_read(filing.folder / filing.files.first().name, aside=tmp_path / "aside"):
            free_all(closing)
            nudge()
            wait_until(closing.filter(attempts=1).exists, "the sealing")
            kill(worker)
    assert not Filing.objects.get(pk=filing.pk).is_sealed
    free_all(filing.job.chunks)
    with run_worker():
        wait_until(lambda: is_ended(filing), "the end of the filing")
    assert_whole_and_undisturbed(filing, expected)


def run_at_once(call, times=4):
    """Call a function in threads of their own, each with its connection; return what each of them returned."""
    results, errors = [], []

    def run():
        try:
            results.append(call())
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not errors, errors
    return results


def test_of_several_who_start_the_same_filing_at_once_all_get_one(book, monkeypatch):
    everybody_has_frozen = threading.Barrier(4, timeout=PATIENCE_SECONDS)

    def write_and_wait(*arguments):
        snapshot = snapshots.write_snapshot(*arguments)
        everybody_has_frozen.wait()  # nobody has found the filing of another; the database alone decides now
        return snapshot

    monkeypatch.setattr(start, "write_snapshot", write_and_wait)
    codes = {filing.code for filing in run_at_once(lambda: filings.start_filing(book, REGISTER))}
    filing = Filing.objects.get()
    assert codes == {filing.code}
    assert Job.objects.filter(kind=filings.JOB).count() == 1
    assert list(filing.home.parent.iterdir()) == [filing.home]
    work_to_the_end(filing)
    assert Filing.objects.get().is_sealed


def test_of_several_who_resume_a_stopped_filing_at_once_one_starts_its_job(book):
    filing = filings.start_filing(book, REGISTER)
    jobs.cancel_job(filing.job, by=None)
    assert {again.code for again in run_at_once(lambda: filings.start_filing(book, REGISTER))} == {filing.code}
    assert Job.objects.filter(kind=filings.JOB, state__in=Job.ACTIVE).count() == 1
    assert [Path(home).name for home in filing.home.parent.iterdir()] == [str(filing.code)]
    work_to_the_end(filing)
    assert Filing.objects.get().is_sealed
