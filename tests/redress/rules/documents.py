"""Scenario documents for tests: the smallest that holds, and random ones."""

import random

STATES = ("AT", "DE", "FR", "IT", "MT")


def make_document(**changes):
    """One state, everything fixed, everybody takes part and wins: 1,000 people get 100 euros each."""
    document = {
        "schema": "scenario/1", "name": "test", "illustration": True, "seed": 7, "draws": 10_000,
        "population": make_population({("AT", "T1"): 1000}),
        "participation": {"default": {"mode": "opt_in", "rate": 1}},
        "award_per_head": {"default": 100},
        "liability": {"default": {"p": 1}},
    }  # fmt: skip
    return {**document, **changes}


def make_population(cohorts, tiers=None):
    rows = [{"state": state, "tier": tier, "n": n} for (state, tier), n in cohorts.items()]
    named = tiers or {tier: {"multiple": 1} for _state, tier in cohorts}
    return {"basis": "stated", "cohorts": rows, "tiers": named}


def make_uncertain(**changes):
    """Five states of very different size with every input uncertain and the whole waterfall."""
    sizes = {"AT": 3_000_000, "DE": 20_000_000, "FR": 40_000, "IT": 900, "MT": 60}
    cohorts = {(state, tier): n for state, n in sizes.items() for tier in ("T1", "T2")}
    document = make_document(
        draws=50_000,
        population=make_population(cohorts, {"T1": {"multiple": 1}, "T2": {"multiple": 2.5}}),
        participation={"default": {"mode": "opt_in", "rate": {"dist": "beta", "mean": 0.02, "sd": 0.01}}},
        award_per_head={"default": {"dist": "lognormal", "p10": 100, "p90": 500, "cap": 5000}},
        liability={"default": {"p": 0.45}, "DE": {"p": 0.6}},
        correlation={"liability": 0.6, "award": 0.5, "participation": 0.4},
        individual_spread_cv=0.3,
        duration_years={"dist": "pert", "low": 3, "mode": 6, "high": 12},
        interest={"default": {"rate": 0.04}},
        costs={
            "fixed": {"dist": "triangular", "low": 1_000_000, "mode": 3_000_000, "high": 8_000_000},
            "per_claimant": 3,
            "adverse_if_lost": {"default": 150_000},
        },
        funder={
            "share": 0.25, "multiple_of_outlay": 3, "outlay": 2_000_000, "caps": {"DE": {"share_of_award": 0.1}}
        },
        discount_rate=0.03,
    )  # fmt: skip
    return {**document, **changes}


def make_random(seed):
    """A document that keeps to the rules, with inputs of every shape."""
    rng = random.Random(seed)
    states = rng.sample(STATES, rng.randint(1, 5))
    cohorts = {(state, tier): rng.choice([0, 5, 70, 4000, 10**6]) for state in states for tier in ("T1", "T2")}
    cohorts[states[0], "T1"] += 10
    tiers = {"T1": {"multiple": 1}, "T2": {"multiple": rng.choice([0.5, 1, 4])}}
    low = rng.uniform(10, 200)
    awards = [
        {"dist": "fixed", "value": low},
        {"dist": "uniform", "low": 0, "high": low},
        {"dist": "lognormal", "mean": low, "cv": 0.8, "floor": 20, "cap": 900},
        {"dist": "discrete", "values": [500, 0, 100], "probs": [0.2, 0.3, 0.5]},
        {
            "dist": "mixture",
            "parts": [
                {"weight": 0.3, "dist": 0},
                {"weight": 0.7, "dist": {"dist": "triangular", "low": 50, "mode": 100, "high": 400}},
            ],
        },
    ]
    rates = [1, 0.4, {"dist": "beta", "mean": 0.3, "n": 12}, {"dist": "pert", "low": 0.001, "mode": 0.01, "high": 0.2}]
    opt_out = {
        "mode": "opt_out",
        "opt_out": {"dist": "beta", "mean": 0.02, "sd": 0.01},
        "claim_rate": rng.choice(rates),
    }
    document = make_document(
        seed=seed, draws=20_000, population=make_population(cohorts, tiers),
        participation={"default": {"mode": "opt_in", "rate": rng.choice(rates)}, "FR": opt_out},
        award_per_head={"default": rng.choice(awards), "DE": rng.choice(awards)},
        liability={"default": {"p": rng.choice([0, 0.2, 0.5, 0.9, 1])}, "IT": {"p": 0.5}},
        correlation={name: rng.choice([0, 0.3, 0.9, 1]) for name in ("liability", "award", "participation")},
        individual_spread_cv=rng.choice([0, 0.3, 1]),
        duration_years=rng.choice([0, 3, {"dist": "uniform", "low": 1, "high": 9}]),
        interest={"default": {"rate": rng.choice([0, 0.04])}, "DE": {"rate": 0.0627}},
    )  # fmt: skip
    if rng.random() < 0.3:
        share = {"dist": "beta", "mean": 0.35, "sd": 0.1}
        document["settlement"] = {"probability": 0.4, "share_of_expected": share}
    return document
