"""What a register freezes of its sums."""

import pytest

from claims.base.errors import Refused
from claims.models import Claim, Job
from claims.templatetags.claims_wording import job_name
from documents.filings.drafts import draft_register, draft_report, draft_statement
from tests.factories import make_filing, make_run


def test_a_register_without_a_tier_of_the_scenario_has_no_sum_rather_than_zero(book):
    run = make_run(book)
    Claim.objects.filter(action=book, outcome="eligible").update(tier="of no scenario")
    assert draft_register(book, book.criteria_versions.latest("number"), run, "en").facts["total_cents"] is None
    Claim.objects.filter(action=book, outcome="eligible").update(tier="adult")
    assert draft_register(book, book.criteria_versions.latest("number"), run, "en").facts["total_cents"] == "600000"


def test_a_register_warns_of_people_whom_no_lawyer_has_accepted(book):
    version = book.criteria_versions.latest("number")
    assert "undecided" in draft_register(book, version, None, "en").warnings
    Claim.objects.filter(action=book).update(status="accepted")
    assert "undecided" not in draft_register(book, version, None, "en").warnings


def test_a_job_says_which_filing_it_makes(book):
    filing = make_filing(book, "eligibility-report")
    job = Job.objects.create(kind="filing", action=book, subject=str(filing.code), params={"filing": filing.pk})
    assert job_name(job) == "Filing: Eligibility report"


@pytest.mark.parametrize("draft", [draft_register, draft_statement])
def test_nothing_that_counts_people_before_a_court_leaves_out_those_whom_nobody_screened(book, draft):
    version = book.criteria_versions.latest("number")
    Claim.objects.filter(pk__in=Claim.objects.values("pk")[:2]).update(criteria_version=None, outcome="", findings="")
    with pytest.raises(Refused, match="2 claims are not screened under version 1 of the criteria"):
        draft(book, version, None, "en")
    report = draft_report(book, version, None, "en")
    assert "unscreened" in report.warnings and report.facts["is_partial"]  # it says so itself, the number or "a few"
