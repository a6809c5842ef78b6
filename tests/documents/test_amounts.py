"""The least amount asked for: what it is, within floor and cap, one for all states; and the sentence that says so."""

from decimal import Decimal

import pytest
from django.utils import timezone

from claims.models import Claim
from documents.filings.drafts import draft_statement
from documents.filings.snapshots import write_snapshot
from documents.filings.texts import write_text
from documents.rules.amounts import find_least_award, list_tier_amounts
from documents.rules.tracing import read_text
from tests.factories import make_run

LOGNORMAL = {"dist": "lognormal", "p10": 100, "p90": 500}


@pytest.mark.parametrize(
    ("awards", "euros", "kind"),
    [
        ({"default": LOGNORMAL}, 100, "percentile"),
        ({"default": LOGNORMAL | {"floor": 150}}, 150, "percentile"),
        ({"default": LOGNORMAL | {"cap": 80}}, 80, "percentile"),
        ({"default": {"dist": "pert", "low": 50, "mode": 70, "high": 90}}, 50, "low"),
        ({"default": 300}, 300, "fixed"),
        ({"default": LOGNORMAL, "AT": {"value": 60}, "DE": LOGNORMAL}, 60, "fixed"),
    ],
)
def test_the_least_award_is_within_floor_and_cap_and_the_lowest_of_the_states(awards, euros, kind):
    least = find_least_award({"award_per_head": awards})
    assert (least.euros, least.kind, least.is_lowest_of_states) == (Decimal(euros), kind, len(awards) > 1)


def test_awards_of_which_one_cannot_be_read_give_no_amount():
    document = {"award_per_head": {"default": LOGNORMAL, "AT": {"dist": "discrete", "values": [0, 100]}}}
    document["population"] = {"tiers": {"adult": {"multiple": 1}}}
    assert (find_least_award(document), list_tier_amounts(document)) == (None, {})


def write_statement(book, tmp_path, language, run):
    draft = draft_statement(book, book.criteria_versions.latest("number"), run, language)
    snapshot = write_snapshot(tmp_path / language, draft.facts, draft.rows)
    return " ".join(read_text(write_text(snapshot, language=language, frozen_at=timezone.now())[0]).split())


def test_the_statement_says_that_a_tenth_percentile_is_not_the_least(book, tmp_path):
    Claim.objects.filter(action=book, outcome="eligible").update(tier="adult")
    run = make_run(book)
    english = write_statement(book, tmp_path, "en", run)
    assert "the tenth percentile of the awards that the scenario" in english and "Lower awards are possible" in english
    assert "least award that the scenario" not in english
    german = write_statement(book, tmp_path, "de", run)
    assert "das zehnte Perzentil der Zusprüche" in german and "Niedrigere Zusprüche sind möglich" in german
    assert "niedrigste Zuspruch, von dem" not in german
