"""What a statement prints gives back no small count, by no difference and no equation; and no report promises more."""

from collections import Counter
from itertools import product

import pytest

from claims.models import Claim
from claims.rules.eligibility import Outcome, Verdict
from documents.filings.counting import Tally
from documents.filings.drafts import draft_report, draft_statement, has_unpriced_merged
from documents.filings.snapshots import write_snapshot
from documents.filings.statements import build_statement_tables
from documents.filings.tables import build_report_tables
from documents.filings.texts import write_text
from tests.factories import REGISTERED_AT

AMOUNTS = {"public": 50_00, "special": 150_00, "adult": 100_00}


class Version:
    document = {"criteria": [{"id": "a"}, {"id": "b"}], "tiers": [{"id": tier} for tier in AMOUNTS]}


def make_tally(tiers, *, others=0, met=None):
    eligible = sum(tiers.values())
    found = [Counter({Verdict.YES: n}) for n in met or (eligible + others, eligible)]
    outcomes = Counter({Outcome.ELIGIBLE: eligible, Outcome.INELIGIBLE: others})
    return Tally(eligible + others, eligible + others, outcomes, found, tiers=Counter(tiers))


def list_solutions(builder, people, amounts):
    """Every split of the people over the tiers that fits all that is printed."""
    figures = builder.figures
    rows = [(row["keys"], {name: int(figures[key]["value"]) for name, key in row["cells"].items()}) for row in builder.tables.get("tiers", [])]  # fmt: skip
    fits = []
    for split in product(range(people + 1), repeat=len(amounts)):
        n = dict(zip(amounts, split, strict=True))
        if sum(split) != people or any(sum(n[tier] for tier in keys) != cells["n"] for keys, cells in rows):
            continue
        exact = [
            sum(n[tier] * amounts[tier] for tier in keys) == cells["sum"] for keys, cells in rows if "sum" in cells
        ]
        if all(exact) and sum(n[tier] * amounts[tier] for tier in amounts) >= int(figures["claimed"]["value"]):
            fits.append(split)
    return fits


def test_of_merged_tiers_no_split_follows_from_the_money():
    tiers = {"public": 11, "special": 6}  # 17 people, EUR 1,450
    amounts = {tier: AMOUNTS[tier] for tier in tiers}
    builder = build_statement_tables(make_tally(tiers), Version, amounts, None)
    assert not any(key.endswith(".sum") for key in builder.figures)
    assert builder.figures["claimed"]["value"] == "85000"  # 17 times the lowest amount
    assert len(list_solutions(builder, 17, amounts)) == 18  # all there are


def test_it_is_said_where_merged_tiers_add_nothing_to_the_total_since_one_has_no_amount():
    tiers = {"public": 12, "special": 50, "": 6}
    builder = build_statement_tables(make_tally(tiers), Version, AMOUNTS, None)
    assert builder.figures["claimed"]["value"] in {str(12 * 50_00), str(50 * 150_00)}
    assert has_unpriced_merged(builder.tables["tiers"], AMOUNTS)
    assert not has_unpriced_merged(builder.tables["tiers"], AMOUNTS | {"": 50_00})


def test_beside_a_tier_that_is_shown_the_total_gives_nothing_back():
    tiers = {"public": 7, "special": 6, "adult": 20}
    builder = build_statement_tables(make_tally(tiers), Version, AMOUNTS, None)
    assert [row["keys"] for row in builder.tables["tiers"]] == [["adult"], ["public", "special"]]
    assert builder.figures["claimed"]["value"] == str(20 * 100_00 + 13 * 50_00)
    assert len(list_solutions(builder, 33, AMOUNTS)) == 14


def test_where_every_tier_is_shown_the_total_is_exact():
    tiers = {"public": 11, "special": 12, "adult": 20}
    builder = build_statement_tables(make_tally(tiers), Version, AMOUNTS, None)
    assert builder.figures["claimed"]["value"] == str(11 * 50_00 + 12 * 150_00 + 20 * 100_00)


def test_a_criterion_that_all_met_does_not_give_back_how_many_were_examined():
    builder = build_statement_tables(make_tally({"adult": 60}, others=3), Version, {}, None)
    assert "examined" not in builder.figures
    assert [row["cells"] for row in builder.tables["criteria"]] == [{}, {}]
    shown = build_statement_tables(make_tally({"adult": 60}, others=30), Version, {}, None)
    assert [bool(row["cells"]) for row in shown.tables["criteria"]] == [True, True]
    near = build_statement_tables(make_tally({"adult": 60}, others=30, met=(65, 60)), Version, {}, None)
    assert [bool(row["cells"]) for row in near.tables["criteria"]] == [False, True]


@pytest.mark.parametrize(
    ("language", "promise", "plain"),
    [
        ("en", "no difference of counts points to", "may still conclude"),
        ("de", "noch ein Unterschied zweier Anzahlen", "kann noch auf wenige Personen"),
    ],
)
def test_a_report_says_what_merging_does_and_what_it_does_not(book, tmp_path, language, promise, plain):
    draft = draft_report(book, book.criteria_versions.latest("number"), None, language)
    snapshot = write_snapshot(tmp_path / "filing", draft.facts, draft.rows)
    html, _figures = write_text(snapshot, language=language, frozen_at=REGISTERED_AT)
    assert plain in html.replace("\u00a0", " ") and promise not in html.replace("\u00a0", " ")


def test_a_small_tier_with_an_amount_joins_another_with_one_so_that_both_count_in_the_total():
    tiers = {"public": 3, "special": 40, "": 12}  # the smallest other tier has no amount
    builder = build_statement_tables(make_tally(tiers), Version, AMOUNTS, None)
    assert [row["keys"] for row in builder.tables["tiers"]] == [["public", "special"], [""]]
    assert builder.figures["claimed"]["value"] == str(43 * 50_00)
    assert not has_unpriced_merged(builder.tables["tiers"], AMOUNTS)


def test_small_tiers_that_all_have_no_amount_take_nothing_from_the_total():
    tiers = {"public": 30, "x": 6, "y": 7}
    builder = build_statement_tables(make_tally(tiers), Version, AMOUNTS, None)
    assert builder.figures["claimed"]["value"] == str(30 * 50_00)
    assert not has_unpriced_merged(builder.tables["tiers"], AMOUNTS)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "a decision is still to come"), ("de", "steht die Entscheidung")]
)
@pytest.mark.parametrize("draw", [draft_report, draft_statement])
def test_a_document_says_that_no_lawyer_has_accepted_all_yet_and_stops_saying_it(book, tmp_path, draw, language, words):
    for status, is_said in (("submitted", True), ("accepted", False)):
        Claim.objects.filter(action=book).update(status=status)
        draft = draw(book, book.criteria_versions.latest("number"), None, language)
        snapshot = write_snapshot(tmp_path / status, draft.facts, draft.rows)
        html, _figures = write_text(snapshot, language=language, frozen_at=REGISTERED_AT)
        assert (words in html.replace("\u00a0", " ")) == is_said == ("undecided" in draft.warnings)


def test_merged_reasons_stand_in_the_order_of_the_criteria_which_tells_nothing_of_their_counts():
    outcomes = Counter({Outcome.INELIGIBLE: 42})
    tally = Tally(42, 42, outcomes, [Counter(), Counter()], failed=Counter({0: 3, 1: 9, 2: 30}))
    assert [row["keys"] for row in build_report_tables(tally, Version).tables["failed"]] == [["2"], ["0", "1"]]
