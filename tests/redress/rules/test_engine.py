"""The damage engine: cents that add up, draws that hang on nothing but their number, moments that are exact."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from redress.rules.draws import draw_part, join_parts
from redress.rules.engine import Broken, Model, Part, build_model, summarise
from redress.rules.scenarios import Misfit, read_scenario
from tests.redress.rules.documents import make_document, make_population, make_random, make_uncertain

ROOT = Path(__file__).parents[3]


def build(document, **options):
    return build_model(read_scenario(document), **options)


def draw(document):
    model = build(document)
    return dict(draw_part(model, 0, model.blocks).list_lines().items())


def run(document, counts=None):
    model = build_model(read_scenario(document), counts)
    return summarise(model, [draw_part(model, 0, model.blocks)])


def test_the_headline_comes_to_twenty_trillion_cents_in_every_draw():
    lines = draw(
        make_document(population=make_population({("AT", "T1"): 400_000_000}), award_per_head={"default": 500})
    )
    assert set(lines["total"].tolist()) == {20_000_000_000_000}


def test_costs_and_fee_come_off_in_their_order():
    document = make_document(
        population=make_population({("AT", "T1"): 1_000_000}), costs={"fixed": 20_000_000}, funder={"share": 0.25}
    )
    lines = draw(document)
    assert set(lines["fee"].tolist()) == {2_000_000_000}
    assert set(lines["net"].tolist()) == {6_000_000_000}


def test_what_is_lost_pays_nothing_and_costs_the_other_side_too():
    costs = {"fixed": 1000, "adverse_if_lost": {"default": 500}}
    result = run(make_document(liability={"default": {"p": 0}}, costs=costs))
    lines = result["lines"]
    assert (lines["net"]["p95_cents"], lines["net_per_head"]["p95_cents"]) == ("0", "0")
    assert (lines["shortfall"]["mean_cents"], result["chance_nothing_paid"]) == ("150000", 1.0)


def test_interest_is_simple():
    document = make_document(
        population=make_population({("AT", "T1"): 1}), interest={"default": 0.0627}, duration_years=3
    )
    assert set(draw(document)["interest"].tolist()) == {1881}


def test_nobody_at_all_is_no_division_by_zero():
    lines = draw(make_document(population=make_population({("AT", "T1"): 0})))
    assert not lines["net_per_head"].any() and not lines["total"].any()


@pytest.mark.parametrize("seed", range(5))
def test_the_waterfall_adds_up_to_the_cent_in_every_draw(seed):
    lines = draw(make_uncertain(seed=seed))
    assert (lines["total"] + lines["shortfall"] == lines["costs"] + lines["fee"] + lines["net"]).all()
    assert (lines["gross"] + lines["interest"] == lines["total"]).all()
    assert all((line >= 0).all() for line in lines.values())


def test_a_fee_is_capped_by_what_the_law_of_a_state_allows():
    document = make_document(
        population=make_population({("DE", "T1"): 1000}),
        funder={"share": 0.25, "caps": {"DE": {"share_of_award": 0.1}}},
    )
    result = run(document)
    assert result["lines"]["fee"]["mean_cents"] == "1000000"
    assert "inadmissible" in result["warnings"][0]


def cut(model, parts):
    edges = [model.blocks * i // parts for i in range(parts + 1)]
    return [(first, last - first) for first, last in itertools.pairwise(edges)]


@pytest.mark.parametrize("parts", [2, 7, 13])
def test_the_digest_does_not_hang_on_the_parts_or_their_order(parts):
    model = Model.from_bytes(build(make_uncertain()).to_bytes())
    whole = summarise(model, [draw_part(model, 0, model.blocks)])
    drawn = {first: draw_part(model, first, blocks).to_bytes() for first, blocks in reversed(cut(model, parts))}
    assert summarise(model, (Part.from_bytes(drawn[first]) for first in sorted(drawn))) == whole


def test_permuting_the_states_changes_nothing():
    document = make_uncertain()
    rows = document["population"]["cohorts"]
    turned = {**document, "population": {**document["population"], "cohorts": rows[::-1]}}
    assert run(turned)["digest"] == run(document)["digest"]


def test_a_new_state_moves_the_draws_of_no_other():
    one, two = (draw_part(build(document), 0, 1).by_state for document in (
        make_uncertain(), make_uncertain(population=add_state(make_uncertain()["population"])),
    ))  # fmt: skip
    assert (one[0, 0] == two[0, 0, [0, 1, 3, 4, 5]]).all()


def add_state(population):
    return {**population, "cohorts": [*population["cohorts"], {"state": "ES", "tier": "T1", "n": 1000}]}


def test_wide_vector_instructions_change_no_bit():
    script = (
        "import json; from tests.redress.rules.documents import make_uncertain;"
        "from redress.rules.engine import *; from redress.rules.scenarios import read_scenario; import sys;"
        "m = Model.from_bytes(open(sys.argv[1], 'rb').read());"
        "print(json.dumps(summarise(m, [draw_part(m, 0, m.blocks)])['digest']))"
    )
    model = build(make_uncertain())
    file = ROOT / "var" / f"model-{os.getpid()}.npz"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(model.to_bytes())
    try:
        digests = {read_digest(script, file, names) for names in ("", find_wide_instructions())}
    finally:
        file.unlink()
    assert len(digests) == 1


def find_wide_instructions():
    """The names of what this processor has beyond the baseline and NumPy can switch off."""
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    return " ".join(found)


def read_digest(script, file, names):
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": names}
    command = [sys.executable, "-W", "ignore", "-c", script, str(file)]
    return json.loads(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("seed", range(50))
def test_the_simulated_mean_is_the_exact_one(seed):
    exact = run(make_random(seed))["exact"]
    assert abs(exact["z"]) < 4


@pytest.mark.parametrize("seed", range(3))
def test_the_simulated_spread_is_the_exact_one(seed):
    model = build(make_uncertain(seed=seed))
    totals = draw_part(model, 0, model.blocks).list_lines()["total"] / 100
    assert np.std(totals) == pytest.approx(model.exact.sd, rel=0.05)


def test_doubling_everybody_doubles_the_mean_and_leaves_the_common_spread():
    document = make_uncertain()
    twice = {**document, "population": {**document["population"], "cohorts": [
        {**row, "n": 2 * row["n"]} for row in document["population"]["cohorts"]]}}  # fmt: skip
    one, two = build(document).exact, build(twice).exact
    assert two.mean == pytest.approx(2 * one.mean)
    assert two.sd / two.mean == pytest.approx(one.sd / one.mean, rel=1e-3)


def test_common_uncertainty_does_not_average_out_over_claimants():
    document = make_document(
        population=make_population({("DE", "T1"): 10**8}),
        liability={"default": {"p": 0.5}},
        correlation={"liability": 1},
    )
    exact = build(document).exact
    assert exact.sd / exact.mean == pytest.approx(1)


def test_a_latent_correlation_of_one_half_gives_outcomes_one_of_a_third():
    document = make_document(
        population=make_population({("DE", "T1"): 1, ("FR", "T1"): 1}), liability={"default": {"p": 0.5}},
        correlation={"liability": 0.5},
    )  # fmt: skip
    variance_of_one = 100**2 * 0.25
    covariance = (build(document).exact.sd ** 2 - 2 * variance_of_one) / 2
    assert covariance / variance_of_one == pytest.approx(1 / 3, abs=1e-6)


def test_a_settlement_pays_a_share_of_what_a_trial_is_expected_to_give():
    settlement = {"probability": 1, "share_of_expected": 0.4}
    result = run(make_document(liability={"default": {"p": 0.5}}, settlement=settlement))
    assert result["lines"]["total"]["p50_cents"] == str(1000 * 100 * 100 * 2 // 10)


def test_trap_12_a_pot_is_shared_by_head_up_to_the_ceiling_and_the_rest_is_told():
    document = make_document(pot={"amount": 100_000, "ceiling_per_head": 70})
    del document["award_per_head"], document["liability"]
    lines = run(document)["lines"]
    assert (lines["total"]["p50_cents"], lines["unclaimed"]["p50_cents"]) == ("7000000", "3000000")


def test_registered_claims_are_counted_by_state_and_tier():
    document = make_document(
        population={"basis": "registered", "tiers": {"T1": {"multiple": 1}, "T2": {"multiple": 3}}}
    )
    result = run(document, {("AT", "T1"): 10, ("AT", "T2"): 5})
    assert result["lines"]["total"]["p50_cents"] == str((10 + 15) * 100 * 100)


@pytest.mark.parametrize("counts", [None, {}, {("CH", "T1"): 1}, {("AT", "unheard of"): 1}])
def test_claims_that_cannot_be_counted_are_refused(counts):
    document = make_document(population={"basis": "registered", "tiers": {"T1": {"multiple": 1}}})
    with pytest.raises(Misfit):
        build(document, counts=counts)


def test_missing_draws_break_the_run():
    model = build(make_uncertain())
    with pytest.raises(Broken, match="draws are there"):
        summarise(model, [draw_part(model, 0, 2)])


def test_a_mean_that_is_far_from_the_exact_one_breaks_the_run():
    model = build(make_uncertain())
    part = draw_part(model, 0, model.blocks)
    kept = part.kept.copy()
    kept[1:3] += kept[1:3] // 10
    with pytest.raises(Broken, match="off the exact one"):
        summarise(model, [Part(kept, part.by_state)])


def test_a_draw_beyond_the_reach_of_cents_is_an_error_and_no_wrong_number():
    model = build(make_document(population=make_population({("AT", "T1"): 10**10}), award_per_head={"default": 10**6}))
    with pytest.raises(OverflowError, match="trillion"):
        draw_part(model, 0, 1)


def test_parts_join_in_the_order_of_their_blocks():
    model = build(make_uncertain())
    whole = draw_part(model, 0, 3)
    assert (join_parts([draw_part(model, 0, 1), draw_part(model, 1, 2)]).kept == whole.kept).all()


@pytest.mark.parametrize("draws", [1, 100, 5_000, 10_000])
def test_the_states_add_up_to_the_award_whatever_the_number_of_draws(draws):
    result = run(make_uncertain(draws=draws))
    states = sum(int(row["gross_mean_cents"]) for row in result["by_state"])
    assert states == pytest.approx(int(result["lines"]["gross"]["mean_cents"]), abs=len(result["by_state"]) + 1)
    people = sum(row["claimants_mean"] for row in result["by_state"])
    assert people == pytest.approx(result["lines"]["claimants"]["mean"], abs=0.1)


def test_a_cap_of_the_fee_is_a_share_of_the_award_and_not_of_the_interest():
    result = run(make_document(
        population=make_population({("DE", "T1"): 1_000_000}), interest={"default": {"rate": 0.1}}, duration_years=10,
        funder={"share": 0.25, "caps": {"DE": {"share_of_award": 0.1}}},
    ))  # fmt: skip
    assert result["lines"]["gross"]["mean_cents"] == "10000000000"
    assert result["lines"]["fee"]["mean_cents"] == "1000000000"


def test_a_present_value_beyond_all_money_is_refused_and_never_turns_round():
    with pytest.raises(OverflowError, match="90 trillion"):
        run(make_document(discount_rate=-0.5, duration_years=100))
