"""Filings: frozen once, made from the snapshot alone, the same bytes every time, sealed for good."""

import json

import pytest
from django.core.management import call_command

from claims.base.errors import Refused
from claims.models import Job
from documents import filings
from documents.filings import start
from documents.models import Filing
from tests.documents.conftest import build, fill_book, screen
from tests.factories import make_run


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_report_is_built_by_a_job_sealed_and_verified(book, language):
    filing = build(book, "eligibility-report", language=language)
    assert (filing.state, filing.job.state) == (Filing.State.SEALED, Job.State.DONE), filing.job.error
    assert sorted(file.name for file in filing.folder.iterdir()) == [
        "03-eligibility-report.pdf",
        "manifest.json",
        "manifest.pdf",
    ]
    assert filings.verify_folder(filing.folder).ok
    assert json.loads((filing.folder / "manifest.json").read_text()) == filing.manifest


def test_a_register_is_built_and_verified(book):
    filing = build(book, "claimant-register")
    assert filing.state == Filing.State.SEALED, filing.job.error
    assert filings.verify_folder(filing.folder) == filings.Verified(files=1, rows=60)


def test_who_asks_for_another_run_does_not_get_the_filing_in_the_making(book):
    base, low = make_run(book), make_run(book, "low")
    first = filings.start_filing(book, "claimant-register", run=base)
    assert filings.start_filing(book, "claimant-register", run=base) == first
    for other in (low, None):
        with pytest.raises(Refused, match="in the making, on another scenario; wait until it is sealed"):
            filings.start_filing(book, "claimant-register", run=other)
    assert Filing.objects.count() == 1


def test_nor_who_asks_for_a_correction_of_another(book):
    old = build(book, "eligibility-report")
    fill_book(book, eligible=5, ineligible=5, needs_info=0)
    screen(book)
    filings.start_filing(book, "eligibility-report")
    with pytest.raises(Refused, match="in the making, which corrects another or none"):
        filings.start_filing(book, "eligibility-report", replaces=old)
    assert Filing.objects.count() == 2


def test_who_is_faster_by_a_moment_does_not_decide_for_another(book, monkeypatch):
    base, low = make_run(book), make_run(book, "low")
    find, calls = start.find_in_the_making, []

    def overlook_once(*asked):
        calls.append(asked)
        return None if len(calls) == 1 else find(*asked)

    filings.start_filing(book, "claimant-register", run=base)
    monkeypatch.setattr(start, "find_in_the_making", overlook_once)
    with pytest.raises(Refused, match="on another scenario"):
        filings.start_filing(book, "claimant-register", run=low)
    assert len(calls) == 2 and Filing.objects.count() == 1


def test_a_correction_names_the_sealed_filing_that_it_replaces(book, capsys):
    old = build(book, "eligibility-report")
    with pytest.raises(SystemExit):
        call_command("build_filing", "small", "eligibility-report", replaces=old.code)
    assert "nothing has changed since" in capsys.readouterr().err
    fill_book(book, eligible=5, ineligible=5, needs_info=0)
    screen(book)
    build(book, "eligibility-report", replaces=old)
    assert Filing.objects.get(replaces=old).manifest["replaces"] == str(old.code)
