"""How many take part, and what their awards add up to as multiples of the award per head.

Of N members each takes part with the rate P. The count is binomial: exact below 50 expected, gamma (Wilson and
Hilferty, 1931) below 1,000, normal above; counted is whichever of "takes part" and "does not" is rarer. Given a count K
of members drawn without replacement, the sum of their multiples has the mean K S1/S0 and the variance
K (kappa^2 S2/S0 + (S2/S0 - (S1/S0)^2) (N - K)/(N - 1)). Over K this gives S1 P and S2 (P (1 + kappa^2) - P^2).
"""

import numpy as np
from scipy.special import ndtr

from redress.rules.distributions import NODES, Floats
from redress.rules.tables import Table

EXACT_BELOW, GAMMA_BELOW = 50, 1000
MOST_STEPS = 200  # 20 standard deviations above 50: beyond, only rounding keeps F below u
PHI = Table(ndtr(NODES))


def count_people(members: float, rate: Floats, z: Floats, phi: Table = PHI) -> Floats:
    """Return how many of the members take part at each rate, by the normals z; whole numbers."""
    if rate.max() <= 0.5:
        return _count_rarer(members, rate, z, phi)
    is_rare = rate <= 0.5
    count = _count_rarer(members, np.where(is_rare, rate, 1 - rate), np.where(is_rare, z, -z), phi)
    return np.where(is_rare, count, members - count)


def _count_rarer(members: float, rate: Floats, z: Floats, phi: Table) -> Floats:
    mean = members * rate
    count = 1 - rate
    count *= mean
    np.sqrt(count, out=count)
    count *= z
    count += mean
    np.rint(count, out=count)
    if mean.min() < GAMMA_BELOW:
        few = mean < GAMMA_BELOW
        count[few] = _count_few(members, rate[few], mean[few], z[few], phi)
    return np.clip(count, 0, members, out=count)


def _count_few(n: float, p: Floats, mean: Floats, z: Floats, phi: Table) -> Floats:
    count = np.rint(approximate_gamma(mean, mean * (1 - p), z))
    exact = mean < EXACT_BELOW
    if exact.any():
        count[exact] = invert_binomial(n, p[exact], phi.look_up(z[exact]))
    return count


def approximate_gamma(mean: Floats, variance: Floats, z: Floats) -> Floats:
    """Return the gamma quantile at z with this mean and variance, by Wilson and Hilferty; 0 where the mean is 0.

    Their cube has the mean 1 - c^3; it is divided out. Above c = 0.5 (one or two people whose awards differ by more
    than twice the mean) the form fails, and the spread is kept at that of c = 0.5.
    """
    c = np.divide(variance, 9 * mean * mean, out=np.zeros_like(mean), where=mean > 0)
    np.minimum(c, 0.5, out=c)
    root = np.maximum(1 - c + np.sqrt(c) * z, 0)
    return mean * (root * root * root / (1 - c * c * c))


def invert_binomial(n: float, p: Floats, u: Floats) -> Floats:
    """Return the binomial quantile at u: the least k with F(k) >= u. For n p < 50; only + - x and / are used."""
    mass = raise_power(1 - p, int(n))
    total, odds, count = mass.copy(), p / (1 - p), np.zeros(len(p))
    for k in range(min(int(n), MOST_STEPS)):
        is_on = total < u
        if not is_on.any():
            break
        count += is_on
        mass *= odds * ((n - k) / (k + 1))
        total += mass
    return count


def raise_power(base: Floats, exponent: int) -> Floats:
    """Return base^exponent by squaring: the same bits on every processor, unlike `**`."""
    result, square = np.ones_like(base), base.copy()
    while exponent:
        if exponent & 1:
            result *= square
        square *= square
        exponent >>= 1
    return result


def sum_multiples(
    count: Floats, members: float, weighted: float, squared: float, spread: float, z: Floats | None
) -> Floats:
    """Return the sum of the multiples of those who take part; without `z` every one of them counts the same."""
    if members == 0:
        return np.zeros_like(count)
    per_head, square = weighted / members, squared / members
    mean = count * per_head
    if z is None:
        return mean
    tiers = max(square - per_head * per_head, 0.0) / max(members - 1, 1)
    variance = count * -tiers
    variance += spread * spread * square + tiers * members
    variance *= count
    result = np.sqrt(variance)
    result *= z
    result += mean
    if count.min() < GAMMA_BELOW:
        small = count < GAMMA_BELOW
        result[small] = approximate_gamma(mean[small], variance[small], z[small])
    return np.maximum(result, 0, out=result)
