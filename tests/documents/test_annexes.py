"""The scenario annex: sums in a unit that fits, shares that are never rounded to none or all, pots, and sources."""

from copy import deepcopy

import pytest
from django.utils import translation

from documents.filings.drafts import draft_annex
from documents.filings.figures import as_share, as_sum, find_unit, say_figure
from documents.filings.snapshots import write_snapshot
from documents.filings.texts import write_text
from documents.rules.tracing import read_text
from redress import loading, scenarios
from tests.documents.conftest import build
from tests.factories import REGISTERED_AT, load_small_scenarios, make_run


@pytest.mark.parametrize(
    ("cents", "unit", "said"),
    [
        ("1832300", "thousand", "18.3"),
        ("999950", "", "9,999.50"),
        ("123456789000", "billion", "1.2"),
        ("250000000", "million", "2.5"),
        ("0", "", "0.00"),
    ],
)
def test_the_unit_fits_the_size(cents, unit, said):
    assert find_unit([cents, "0"]) == unit
    assert say_figure(as_sum(cents, unit)) == said


def test_a_small_sum_beside_large_ones_is_not_none():
    assert say_figure(as_sum("100", "million")) == "<\u00a00.1"


@pytest.mark.parametrize(
    ("share", "english", "german"),
    [
        (0.0003, "less than 0.1 %", "weniger als 0,1 %"),
        (0.9997, "more than 99.9 %", "mehr als 99,9 %"),
        (0, "0.0 %", "0,0 %"),
        (1, "100.0 %", "100,0 %"),
        (0.606, "60.6 %", "60,6 %"),
    ],
)
def test_none_and_all_are_said_only_where_they_are_exact(share, english, german):
    figure = as_share(share, decimals=1)
    assert say_figure(figure).replace("\u00a0", " ") == english
    with translation.override("de"):
        assert say_figure(figure).replace("\u00a0", " ") == german


def run_document(action, name="base", **changes):
    load_small_scenarios(action)
    document = deepcopy(loading.find_scenario(action, name).document)
    for key, value in changes.items():
        document.pop(key) if value is None else document.__setitem__(key, value)
    return scenarios.run_inline(action, scenarios.Basis(name, document, None), by=None, draws=4096)


def write_annex(book, tmp_path, language, run):
    draft = draft_annex(book, book.criteria_versions.latest("number"), run, language)
    snapshot = write_snapshot(tmp_path / language, draft.facts, draft.rows)
    text = read_text(write_text(snapshot, language=language, frozen_at=REGISTERED_AT)[0])
    return " ".join(text.split()), draft.facts


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("nothing is left for the class", "rounded means need not add up", "Population and its sources", "thousand euros")),
        ("de", ("bleibt der Gruppe nichts", "gerundete Mittel müssen sich daher nicht addieren", "die Quellen ihrer Zahl", "Tausend Euro")),
    ],
)  # fmt: skip
def test_a_small_scenario_shows_sums_with_their_unit_and_the_population_with_its_sources(book, tmp_path, language, words):  # fmt: skip
    cohorts = [{"state": "AT", "tier": "adult", "n": 1200, "source": "Statistics of nowhere, 1,200 accounts"}]
    tiers = {"adult": {"multiple": 1.0, "source": "invented"}}
    run = run_document(book, population={"basis": "stated", "cohorts": cohorts, "tiers": tiers}, costs=None)
    text, facts = write_annex(book, tmp_path, language, run)
    for said in (*words, "Statistics of nowhere, 1,200 accounts", "P5", "P95"):
        assert said in text, said
    assert {row["unit"] for row in facts["tables"]["lines"]} == {"thousand"}
    gross = facts["tables"]["lines"][0]["cells"]
    assert list(gross) == ["mean", "p05", "p10", "p25", "p50", "p75", "p90", "p95"]
    assert say_figure(facts["figures"][gross["mean"]]) != "0.0"
    assert facts["tables"]["population"][0]["sources"] == ["Statistics of nowhere, 1,200 accounts"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_pot_has_an_annex_with_what_nobody_claims(book, tmp_path, language):
    run = run_document(book, award_per_head=None, liability=None, pot={"amount": 50_000_000, "ceiling_per_head": 100})  # fmt: skip
    text, facts = write_annex(book, tmp_path, language, run)
    assert run.result["exact"] is None and "exact.mean" not in facts["figures"]
    assert ["unclaimed"] in [row["keys"] for row in facts["tables"]["lines"]]
    assert ("Not claimed" if language == "en" else "Nicht abgerufen") in text


def test_an_annex_of_those_registered_is_built_in_both_languages(book):
    run = make_run(book, "registered")
    for language in ("en", "de"):
        filing = build(book, "scenario-annex", language=language, run=run)
        assert filing.state == "sealed", filing.job.error
