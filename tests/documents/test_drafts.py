"""What a register freezes of its sums."""

from claims.models import Claim
from documents.filings.drafts import draft_register
from tests.factories import make_run


def test_a_register_without_a_tier_of_the_scenario_has_no_sum_rather_than_zero(book):
    run = make_run(book)
    Claim.objects.filter(action=book, outcome="eligible").update(tier="of no scenario")
    assert draft_register(book, book.criteria_versions.latest("number"), run, "en").facts["total_cents"] is None
    Claim.objects.filter(action=book, outcome="eligible").update(tier="adult")
    assert draft_register(book, book.criteria_versions.latest("number"), run, "en").facts["total_cents"] == "600000"
