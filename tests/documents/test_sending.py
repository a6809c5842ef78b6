"""What leaves the office: sealed files only, as they were sealed, by their names, and noted in the history."""

import hashlib
import json
import zipfile

import pytest

from claims.base.errors import Refused
from claims.base.jobs import cancel_job, work
from claims.models import HistoryEvent, Job
from documents import filings
from documents.filings.sealing import describe_filing, lay_out_manifest
from documents.filings.snapshots import read_snapshot
from documents.filings.verifying import check_print
from documents.models import Filing
from documents.rules.manifests import build_manifest
from tests.documents.conftest import build, fill_book, screen

REPORT = "eligibility-report"


@pytest.fixture
def report(book):
    return build(book, REPORT)


def stop(filing):
    cancel_job(filing.job, by=None)
    return Filing.objects.select_related("job", "action").get(pk=filing.pk)


def test_a_file_leaves_as_it_was_sealed_and_the_history_knows(report):
    sent = filings.open_file(report, "03-eligibility-report.pdf", by=None)
    data = sent.file.read()
    assert data == (report.folder / "03-eligibility-report.pdf").read_bytes()
    assert hashlib.sha256(data).hexdigest() == report.files.get().sha256
    event = HistoryEvent.objects.latest("number")
    assert (event.verb, event.subject_id, event.data) == ("filing downloaded", report.pk, {"file": 1})


def test_a_name_that_is_not_of_the_filing_is_no_path(report):
    for name in (
        "",
        ".",
        "..",
        "../snapshot.json",
        "../rows.jsonl",
        "/etc/passwd",
        "manifest.json/",
        "MANIFEST.JSON",
        "\0",
    ):
        assert filings.open_file(report, name, by=None) is None, name
    assert not HistoryEvent.objects.filter(verb="filing downloaded").exists()


def test_nothing_leaves_before_the_seal(book):
    filing = filings.start_filing(book, REPORT)
    filing.folder.mkdir()
    (filing.folder / "03-eligibility-report.pdf").write_bytes(b"%PDF-half")
    assert filings.open_file(filing, "03-eligibility-report.pdf", by=None) is None
    assert filings.open_bundle(filing, by=None) is None


@pytest.mark.parametrize("name", ["03-eligibility-report.pdf", "manifest.json"])
def test_a_file_that_was_changed_on_the_server_is_not_sent(report, name):
    with (report.folder / name).open("ab") as file:
        file.write(b" ")
    for leave in (lambda: filings.open_file(report, name, by=None), lambda: filings.open_bundle(report, by=None)):
        with pytest.raises(Refused, match=f"{name} was changed"):
            leave()
    (report.folder / name).unlink()
    with pytest.raises(Refused, match=f"{name} is missing"):
        filings.open_file(report, name, by=None)
    assert not HistoryEvent.objects.filter(verb="filing downloaded").exists()


def test_everything_in_one_file_can_be_verified_where_it_is_unpacked(report, tmp_path):
    bundle = filings.open_bundle(report, by=None)
    with zipfile.ZipFile(bundle.file) as packed:
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}
        packed.extractall(tmp_path / "unpacked")
    assert filings.verify_folder(tmp_path / "unpacked" / bundle.name.removesuffix(".zip")).ok
    assert HistoryEvent.objects.latest("number").data == {"file": "all"}


def test_a_folder_that_was_exchanged_as_a_whole_is_found(book, report):
    other = build(book, REPORT, language="de")
    for file in report.folder.iterdir():
        file.unlink()
    for file in other.folder.iterdir():
        (report.folder / file.name).write_bytes(file.read_bytes())
    assert filings.verify_folder(report.folder).ok
    assert "not the one that was sealed" in filings.verify_filing(report, by=None).difference


def forge_print(filing):
    """Print another hash of the file in manifest.pdf, with the true data and snapshot inside."""
    snapshot = read_snapshot(filing.home, sha256=filing.snapshot_sha256)
    told = json.loads(json.dumps(filing.manifest))
    told["files"][0]["sha256"] = "f" * 64
    data = (filing.folder / "manifest.json").read_bytes()
    (filing.folder / "manifest.pdf").write_bytes(lay_out_manifest(filing, snapshot, told, data))


def test_a_printed_manifest_that_says_something_else_is_found_without_the_server(report):
    forge_print(report)
    found = filings.verify_folder(report.folder)
    assert found.difference == "manifest.pdf does not print 03-eligibility-report.pdf as manifest.json has it"


def test_a_printed_manifest_that_was_changed_anyhow_is_found_on_the_server_and_not_sent(report):
    with (report.folder / "manifest.pdf").open("ab") as file:
        file.write(b"\n")
    assert filings.verify_folder(report.folder).ok
    assert filings.verify_filing(report, by=None).difference == "manifest.pdf is not the one that was sealed"
    with pytest.raises(Refused, match=r"manifest\.pdf was changed"):
        filings.open_file(report, "manifest.pdf", by=None)


def test_a_list_of_many_pages_is_read_as_it_is_printed(report):
    snapshot = read_snapshot(report.home, sha256=report.snapshot_sha256)
    files = [
        {"number": n, "name": f"02-claimant-register-vol-{n:02}-of-90.pdf", "sha256": f"{n:064x}", "rows": 2500, "pages": 1234,
         "bytes": 12345678 + n} for n in range(1, 91)
    ]  # fmt: skip
    manifest = build_manifest(describe_filing(report, snapshot), files)
    for language in ("en", "de"):
        report.language = language
        check_print(lay_out_manifest(report, snapshot, manifest, b"{}"), manifest, hashlib.sha256(b"{}").hexdigest())


def test_what_was_sealed_before_the_hash_was_kept_is_verified_as_then(report):
    Filing.objects.filter(pk=report.pk).update(manifest_pdf_sha256="")
    report.refresh_from_db()
    assert filings.verify_filing(report, by=None).ok
    assert filings.open_file(report, "manifest.pdf", by=None)


def test_a_missing_folder_is_told_without_its_place(report, settings):
    report.folder.rename(report.home / "elsewhere")
    found = filings.verify_filing(report, by=None)
    assert not found.ok and settings.MEDIA_ROOT not in found.difference
    assert HistoryEvent.objects.latest("number").data == {"files": 0, "differs": 1}


def test_one_whose_job_failed_goes_on_where_it_stopped(book):
    filing = stop(filings.start_filing(book, REPORT))
    assert (filing.state, filing.is_stopped) == (Filing.State.BUILDING, True)
    again = filings.resume_filing(filing, by=None)
    assert again.is_at_work and again.pk == filing.pk
    work()
    assert Filing.objects.get().state == Filing.State.SEALED


def test_two_who_go_on_at_once_begin_one_job(book):
    filing = stop(filings.start_filing(book, REPORT))
    same = Filing.objects.select_related("job", "action").get(pk=filing.pk)
    first, second = (filings.resume_filing(seen, by=None) for seen in (filing, same))
    assert first.job == second.job and second.is_at_work
    assert Job.objects.filter(kind=filings.JOB, state__in=Job.ACTIVE).count() == 1


def test_an_old_one_waits_for_a_newer_one_of_its_kind(book):
    old = stop(filings.start_filing(book, REPORT))
    fill_book(book, eligible=5, ineligible=5, needs_info=0)
    screen(book)
    newer = filings.start_filing(book, REPORT)
    assert newer.pk != old.pk
    old = Filing.objects.select_related("job", "action").get(pk=old.pk)
    with pytest.raises(Refused, match="newer filing of this kind is in the making"):
        filings.resume_filing(old, by=None)
    old.refresh_from_db()
    assert old.is_stopped


def test_a_report_takes_no_scenario():
    from documents.filings.runs import find_run

    with pytest.raises(Refused, match="rests on no scenario"):
        find_run(None, REPORT, "base")
