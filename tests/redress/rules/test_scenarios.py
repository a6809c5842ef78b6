"""Scenario documents: what cannot be is refused, with the key that has to be mended."""

import copy
import math

import pytest

from redress.rules.scenarios import Misfit, compute_scenario_id, merge_overlay, read_scenario
from tests.redress.rules.documents import make_document, make_uncertain

AWARD = ("award_per_head", "default")


def put(document, path, value):
    changed = copy.deepcopy(document)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        (AWARD, {"dist": "lognormal", "p10": 500, "p90": 100}, "award_per_head.default.p10", "below p90"),
        (AWARD, {"dist": "lognormal", "p10": 0, "p90": 100}, "award_per_head.default.p10", "above 0"),
        (AWARD, {"dist": "lognormal", "p10": 1}, "award_per_head.default", "takes (p10, p90)"),
        (AWARD, {"dist": "normal", "mean": 1}, "award_per_head.default.dist", "is no distribution"),
        (AWARD, {"value": 1}, "award_per_head.default.dist", "is no distribution"),
        (AWARD, {"dist": "fixed", "value": 1, "colour": 2}, "award_per_head.default.colour", "unknown key"),
        (AWARD, {"dist": "fixed", "value": math.nan}, "award_per_head.default.value", "not a finite number"),
        (AWARD, {"dist": "fixed", "value": "100 euros"}, "award_per_head.default.value", "not a finite number"),
        (AWARD, {"dist": "uniform", "low": 2, "high": 2}, "award_per_head.default.low", "below high"),
        (AWARD, {"dist": "triangular", "low": 1, "mode": 9, "high": 2}, "award_per_head.default.mode", "between"),
        (AWARD, {"dist": "pert", "low": 1, "mode": 1, "high": 2, "gamma": 0}, "award_per_head.default.gamma", "range"),
        (AWARD, {"dist": "beta", "mean": 0.5, "sd": 0.5}, "award_per_head.default.sd", "square below"),
        (AWARD, {"dist": "beta", "alpha": 0, "beta": 1}, "award_per_head.default", "above 0"),
        (AWARD, {"dist": "discrete", "values": [1, 2], "probs": [0.5, 0.4]}, "award_per_head.default.probs", "not to 1"),
        (AWARD, {"dist": "discrete", "values": [1, 2], "probs": [1.5, -0.5]}, "award_per_head.default.probs", "below 0"),
        (AWARD, {"dist": "discrete", "values": [1], "probs": [0.5, 0.5]}, "award_per_head.default.probs", "1 values"),
        (AWARD, {"dist": "fixed", "value": 1, "floor": 3, "cap": 2}, "award_per_head.default.floor", "above the cap"),
        (AWARD, -1, "award_per_head.default", "at least 0"),
        (AWARD, True, "award_per_head.default", "not a finite number"),
        (("award_per_head",), {"DE": 100}, "award_per_head", "`default` is missing"),
        (("award_per_head",), ..., "the document", "`award_per_head` is missing"),
        (("draws",), 0, "draws", "1 to"),
        (("draws",), 10**9, "draws", "1 to"),
        (("draws",), 1.5, "draws", "whole number"),
        (("seed",), -1, "seed", "0 to"),
        (("schema",), "scenario/2", "schema", "must be scenario/1"),
        (("pots",), 1, "pots", "unknown key"),
        (("correlation",), {"award": 1.1}, "correlation.award", "0 to 1"),
        (("participation", "default", "rate"), 1.2, "participation.default.rate", "0 to 1"),
        (("participation", "default", "mode"), "by post", "participation.default.mode", "opt_in or opt_out"),
        (("participation", "XX"), {"mode": "opt_in", "rate": 1}, "participation.XX", "unknown key"),
        (("liability", "default", "p"), 2, "liability.default.p", "0 to 1"),
        (("population", "basis"), "accounts", "population.basis", "cannot be reckoned yet"),
        (("population", "basis"), "guessed", "population.basis", "there are: stated, registered"),
        (("population", "cohorts", 0, "state"), "CH", "population.cohorts.0.state", "no state of the EU"),
        (("population", "cohorts", 0, "tier"), "T9", "population.cohorts.0.tier", "none of the tiers"),
        (("population", "cohorts", 0, "n"), -5, "population.cohorts.0.n", "0 to"),
        (("population", "tiers", "T1", "multiple"), -1, "population.tiers.T1.multiple", "0 to"),
        (("funder",), {"share": 0.2, "multiple_of_outlay": 3}, "funder.multiple_of_outlay", "outlay"),
        (("pot",), {"amount": 1, "ceiling_per_head": 1}, "award_per_head", "keep one of them"),
        (("overlay_of",), "base", "overlay_of", "over its base first"),
        (("duration_years",), {"dist": "uniform", "low": -1, "high": 3}, "duration_years", "can give -1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_key(path, value, at, says):
    with pytest.raises(Misfit) as caught:
        read_scenario(put(make_document(), path, value))
    assert str(caught.value).startswith(f"{at}: ")
    assert says in caught.value.message


def test_the_same_cohort_twice_is_refused():
    document = make_document()
    document["population"]["cohorts"] *= 2
    with pytest.raises(Misfit, match="there twice"):
        read_scenario(document)


def test_a_number_without_a_source_is_refused_unless_the_document_is_an_illustration():
    with pytest.raises(Misfit, match="has no source"):
        read_scenario(make_document(illustration=False))


def test_a_source_around_a_number_is_its_source():
    document = make_document(illustration=False)
    for section in ("population", "participation", "award_per_head", "liability"):
        document[section] = {**document[section], "source": "a court file"}
    assert read_scenario(document).award["default"].numbers["value"] == 100


def test_a_long_tail_and_a_share_above_the_law_are_warned_of():
    document = put(make_uncertain(), AWARD, {"dist": "lognormal", "mu": 3, "sigma": 1.6})
    tail, multiple, share = read_scenario(document).warnings
    assert "sigma" in tail and "inadmissible" in share and "multiple of the outlay" in multiple


def test_an_overlay_changes_what_it_names_and_nothing_else():
    base = make_uncertain()
    merged = merge_overlay(base, {"name": "low", "overlay_of": "base", "liability": {"default": {"p": 0.1}}})
    assert merged["liability"] == {"default": {"p": 0.1}, "DE": {"p": 0.6}}
    assert ("overlay_of" in merged, merged["award_per_head"]) == (False, base["award_per_head"])


def test_an_overlay_that_names_a_distribution_replaces_that_of_the_base():
    merged = merge_overlay(make_uncertain(), {"award_per_head": {"default": {"dist": "fixed", "value": 3}}})
    assert merged["award_per_head"]["default"] == {"dist": "fixed", "value": 3}


def test_the_id_of_a_scenario_hangs_on_its_values_and_not_on_how_they_are_written():
    document = make_document()
    turned = dict(reversed(document.items()))
    assert compute_scenario_id(document) == compute_scenario_id({**turned, "draws": 10_000.0})
    assert compute_scenario_id(document) != compute_scenario_id({**document, "seed": 8})


def test_the_notes_of_a_source_fall_away_with_the_source():
    base = {"liability": {"default": {"p": 0.4, "source": "a court", "as_of": "2025", "status": "interim"}}}
    other = merge_overlay(base, {"liability": {"default": {"p": 0.6, "source": "another court"}}})
    assert other["liability"]["default"] == {"p": 0.6, "source": "another court"}
    same = merge_overlay(base, {"liability": {"default": {"p": 0.6}}})
    assert same["liability"]["default"]["as_of"] == "2025"


def test_a_pot_bears_no_interest():
    document = make_document(pot={"amount": 1000, "ceiling_per_head": 70}, interest={"default": {"rate": 0.1}})
    del document["award_per_head"]
    with pytest.raises(Misfit, match="bears no interest"):
        read_scenario(document)
