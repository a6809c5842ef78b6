"""How many take part: exact where few do, right in mean and spread where many do."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binom

from redress.rules.people import approximate_gamma, count_people, raise_power, sum_multiples

U = (np.arange(20_000) + 0.5) / 20_000
Z = ndtri(U)


@pytest.mark.parametrize(("n", "p"), [(60, 0.7), (12, 0.5), (1000, 0.03), (400_000_000, 1e-8), (5, 0.999)])
def test_few_are_counted_by_the_exact_binomial(n, p):
    count = count_people(n, np.full(len(Z), p), Z)
    for k in range(min(n, 60) + 1):
        assert np.mean(count <= k) == pytest.approx(binom.cdf(k, n, p), abs=2e-4)


@pytest.mark.parametrize(("n", "p"), [(1000, 0.2), (5000, 0.1), (10**6, 0.4), (10**6, 0.9999)])
def test_many_are_counted_with_the_mean_and_spread_of_the_binomial(n, p):
    count = count_people(n, np.full(len(Z), p), Z)
    assert count.mean() == pytest.approx(n * p, rel=1e-3)
    assert count.std() == pytest.approx(np.sqrt(n * p * (1 - p)), rel=0.02, abs=0.3)
    assert (count == np.rint(count)).all() and count.max() <= n


@pytest.mark.parametrize("p", [0, 1])
def test_nobody_and_everybody_are_exact(p):
    assert set(count_people(1000, np.full(len(Z), float(p)), Z)) == {1000 * p}


def test_a_gamma_keeps_its_mean_and_variance():
    drawn = approximate_gamma(np.full(len(Z), 200.0), np.full(len(Z), 4000.0), Z)
    assert (drawn.mean(), drawn.var()) == (pytest.approx(200, rel=1e-3), pytest.approx(4000, rel=0.02))


def test_over_the_count_the_sum_has_the_variance_of_the_model():
    rng, n, p, spread = np.random.default_rng(1), 900.0, 0.3, 0.4
    multiples = np.repeat([1.0, 3.0], 450)
    s1, s2 = multiples.sum(), (multiples**2).sum()
    count = count_people(n, np.full(200_000, p), rng.standard_normal(200_000))
    drawn = sum_multiples(count, n, s1, s2, spread, rng.standard_normal(200_000))
    assert drawn.mean() == pytest.approx(s1 * p, rel=0.002)
    assert drawn.var() == pytest.approx(s2 * (p * (1 + spread**2) - p * p), rel=0.02)


def test_a_power_is_that_of_repeated_multiplication():
    assert raise_power(np.array([0.999, 0.5]), 100) == pytest.approx(np.array([0.999**100, 0.5**100]))
