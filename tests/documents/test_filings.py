"""Filings: frozen once, made from the snapshot alone, the same bytes every time, sealed for good."""

import json

import pytest

from claims.models import Job
from documents import filings
from documents.models import Filing
from tests.documents.conftest import build


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
