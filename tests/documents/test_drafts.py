"""What a register freezes of its sums."""

from claims.models import Claim, Job
from claims.templatetags.claims_wording import job_name
from documents.filings.drafts import draft_register
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
