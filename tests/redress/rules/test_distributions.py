"""Distributions: the numbers that their parameters promise, before and after clipping."""

import numpy as np
import pytest
from scipy.special import ndtr

from redress.rules.distributions import Z90, compute_cdf, compute_quantiles
from redress.rules.moments import compute_mean
from redress.rules.reading import Reader
from redress.rules.tables import build_table


def read(**mapping):
    return Reader({"illustration": True, "x": mapping}, []).read_distribution(("x",))


def test_a_lognormal_by_p10_and_p90_has_their_median_and_mean():
    table = build_table(read(dist="lognormal", p10=100, p90=1000))
    assert table.look_up(np.array([0.0, -Z90, Z90])) == pytest.approx([316.22777, 100, 1000], rel=1e-6)
    assert compute_mean(table) == pytest.approx(473.42173, rel=1e-6)


@pytest.mark.parametrize(
    ("mapping", "mean", "variance"),
    [
        ({"dist": "fixed", "value": 4}, 4, 0),
        ({"dist": "uniform", "low": 2, "high": 4}, 3, 4 / 12),
        ({"dist": "triangular", "low": 0, "mode": 3, "high": 6}, 3, 1.5),
        ({"dist": "triangular", "low": 0, "mode": 0, "high": 6}, 2, 2),
        ({"dist": "pert", "low": 3, "mode": 6, "high": 12}, 6.5, 3.5 * 5.5 / 7),
        ({"dist": "lognormal", "mean": 50, "cv": 0.5}, 50, 625),
        ({"dist": "beta", "mean": 0.2, "sd": 0.1}, 0.2, 0.01),
        ({"dist": "beta", "mean": 0.2, "n": 9}, 0.2, 0.016),
        ({"dist": "discrete", "values": [5, 0], "probs": [0.2, 0.8]}, 1, 4),
    ],
)
def test_mean_and_variance_are_those_of_the_distribution(mapping, mean, variance):
    table = build_table(read(**mapping))
    assert compute_mean(table) == pytest.approx(mean, rel=1e-5)
    assert compute_mean(table, power=2) - compute_mean(table) ** 2 == pytest.approx(variance, rel=1e-4, abs=1e-9)


def test_a_discrete_input_gives_its_values_and_nothing_between():
    table = build_table(read(dist="discrete", values=[100, 0, 500], probs=[0.5, 0.25, 0.25]))
    drawn = table.look_up(np.random.default_rng(1).standard_normal(10_000))
    assert set(drawn) == {0, 100, 500}
    assert np.mean(drawn == 100) == pytest.approx(0.5, abs=0.02)


def test_a_mixture_has_the_distribution_function_of_its_parts():
    part = {"dist": "uniform", "low": 10, "high": 20}
    mixture = read(dist="mixture", parts=[{"weight": 0.4, "dist": 0}, {"weight": 0.6, "dist": part}])
    drawn = build_table(mixture).look_up(np.linspace(-3, 3, 601))
    assert drawn[ndtr(np.linspace(-3, 3, 601)) < 0.399] == pytest.approx(0)
    assert compute_cdf(mixture, np.array([0.0, 15.0, 20.0])) == pytest.approx([0.4, 0.7, 1.0])
    assert compute_mean(build_table(mixture)) == pytest.approx(9, rel=1e-3)


def test_clipping_moves_the_mean():
    free, capped = (read(dist="lognormal", p10=100, p90=1000, **clip) for clip in ({}, {"floor": 0, "cap": 500}))
    assert compute_mean(build_table(capped)) < compute_mean(build_table(free))
    assert compute_quantiles(capped, np.array([9.0]))[0] == 500
