"""Distributions of uncertain inputs as functions of one standard normal (SCENARIOS, section 5).

Each gives its quantile at the probability of a standard normal z, and its distribution function for mixtures.
`floor` and `cap` clip; so the mean of a clipped distribution is not the one that its parameters name.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, ndtr

Floats = NDArray[np.float64]
REACH, PER_UNIT = 8, 512  # tables run over z in [-8, 8]; outside lie 1.2e-15 of the probability
NODES: Floats = np.arange(-REACH * PER_UNIT, REACH * PER_UNIT + 1) / PER_UNIT  # 8,193
Z90 = 1.2815515655446004  # the standard normal's P90


@dataclass(frozen=True)
class Distribution:
    """A named distribution with its numbers; `values` and `weights` belong to discrete, `parts` to mixture."""

    name: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()  # probabilities of the values or of the parts, sum 1
    parts: tuple["Distribution", ...] = ()
    floor: float = -math.inf
    cap: float = math.inf

    @property
    def is_constant(self) -> bool:
        """Whether every draw gives the same value."""
        low, high = find_support(self)
        return low == high


def fix(value: float) -> Distribution:
    """Return the distribution that is always `value`."""
    return Distribution("fixed", {"value": value})


def compute_quantiles(dist: Distribution, z: Floats) -> Floats:
    """Return the quantile at the probability of each standard normal in `z`, clipped to floor and cap."""
    return np.clip(_QUANTILES[dist.name](dist, z), dist.floor, dist.cap)


def compute_cdf(dist: Distribution, x: Floats, *, below: bool = False) -> Floats:
    """Return P(X <= x), or with `below` P(X < x); the two differ at an atom only."""
    inner = _CDFS[dist.name](dist, x, below)
    inner = np.where(x <= dist.floor if below else x < dist.floor, 0.0, inner)
    return np.where(x > dist.cap if below else x >= dist.cap, 1.0, inner)


def find_support(dist: Distribution) -> tuple[float, float]:
    """Return the least and the greatest value that the distribution can give."""
    match dist.name:
        case "fixed":
            low = high = dist.numbers["value"]
        case "discrete":
            possible = [value for value, weight in zip(dist.values, dist.weights, strict=True) if weight > 0]
            low, high = min(possible), max(possible)
        case "mixture":
            lows, highs = zip(*(find_support(part) for part in dist.parts), strict=True)
            low, high = min(lows), max(highs)
        case "lognormal":
            low, high = 0.0, math.inf
        case "beta":
            low, high = 0.0, 1.0
        case _:
            low, high = dist.numbers["low"], dist.numbers["high"]
    return min(max(low, dist.floor), dist.cap), max(min(high, dist.cap), dist.floor)


def shape_pert(numbers: Mapping[str, float]) -> tuple[float, float]:
    """Return alpha and beta of a PERT; its variance is (mu - low)(high - mu)/(gamma + 3) (Vose, Risk Analysis)."""
    low, mode, high, gamma = (numbers[key] for key in ("low", "mode", "high", "gamma"))
    return 1 + gamma * (mode - low) / (high - low), 1 + gamma * (high - mode) / (high - low)


def _invert_beta(alpha: float, beta: float, z: Floats) -> Floats:
    """From the nearer end, so that the upper tail keeps its digits."""
    out, is_low = np.empty_like(z), z < 0
    out[is_low] = betaincinv(alpha, beta, ndtr(z[is_low]))
    out[~is_low] = 1 - betaincinv(beta, alpha, ndtr(-z[~is_low]))
    return out


def _quantile_uniform(dist: Distribution, z: Floats) -> Floats:
    low, high = dist.numbers["low"], dist.numbers["high"]
    return low + (high - low) * ndtr(z)


def _quantile_triangular(dist: Distribution, z: Floats) -> Floats:
    low, mode, high = (dist.numbers[key] for key in ("low", "mode", "high"))
    rising, falling = (high - low) * (mode - low), (high - low) * (high - mode)
    is_rising = ndtr(z) * (high - low) <= mode - low
    return np.where(is_rising, low + np.sqrt(rising * ndtr(z)), high - np.sqrt(falling * ndtr(-z)))


def _quantile_pert(dist: Distribution, z: Floats) -> Floats:
    low, high = dist.numbers["low"], dist.numbers["high"]
    return low + (high - low) * _invert_beta(*shape_pert(dist.numbers), z)


def _quantile_discrete(dist: Distribution, z: Floats) -> Floats:
    place = np.searchsorted(np.cumsum(dist.weights)[:-1], ndtr(z), side="left")
    return np.asarray(dist.values)[place]


def _quantile_mixture(dist: Distribution, z: Floats) -> Floats:
    """Invert the distribution function of the whole, at the quantiles of every part; an atom is a vertical step."""
    x = np.unique(np.concatenate([compute_quantiles(part, NODES) for part in dist.parts]))
    heights = np.column_stack([_cdf_mixture(dist, x, True), _cdf_mixture(dist, x, False)]).ravel()
    return np.interp(ndtr(z), np.maximum.accumulate(heights), np.repeat(x, 2))


def _cdf_triangular(dist: Distribution, x: Floats, below: bool) -> Floats:
    low, mode, high = (dist.numbers[key] for key in ("low", "mode", "high"))
    x = np.clip(x, low, high)
    rising = (x - low) ** 2 / ((high - low) * (mode - low) or 1)
    falling = 1 - (high - x) ** 2 / ((high - low) * (high - mode) or 1)
    return np.where(x < mode, rising, falling)


def _cdf_pert(dist: Distribution, x: Floats, below: bool) -> Floats:
    low, high = dist.numbers["low"], dist.numbers["high"]
    return betainc(*shape_pert(dist.numbers), np.clip((x - low) / (high - low), 0, 1))


def _cdf_lognormal(dist: Distribution, x: Floats, below: bool) -> Floats:
    positive = np.maximum(x, 1e-300)
    return np.where(x > 0, ndtr((np.log(positive) - dist.numbers["mu"]) / dist.numbers["sigma"]), 0.0)


def _cdf_discrete(dist: Distribution, x: Floats, below: bool) -> Floats:
    heights = np.concatenate([[0.0], np.cumsum(dist.weights)])
    return heights[np.searchsorted(dist.values, x, side="left" if below else "right")]


def _cdf_mixture(dist: Distribution, x: Floats, below: bool) -> Floats:
    weighted = zip(dist.weights, dist.parts, strict=True)
    return np.sum([weight * compute_cdf(part, x, below=below) for weight, part in weighted], axis=0)


def _cdf_uniform(dist: Distribution, x: Floats, below: bool) -> Floats:
    low, high = dist.numbers["low"], dist.numbers["high"]
    return np.clip((x - low) / (high - low), 0, 1)


_QUANTILES = {
    "fixed": lambda dist, z: np.full_like(z, dist.numbers["value"]),
    "uniform": _quantile_uniform,
    "triangular": _quantile_triangular,
    "pert": _quantile_pert,
    "lognormal": lambda dist, z: np.exp(dist.numbers["mu"] + dist.numbers["sigma"] * z),
    "beta": lambda dist, z: _invert_beta(dist.numbers["alpha"], dist.numbers["beta"], z),
    "discrete": _quantile_discrete,
    "mixture": _quantile_mixture,
}
_CDFS = {
    "fixed": lambda dist, x, below: np.where(
        x > dist.numbers["value"] if below else x >= dist.numbers["value"], 1.0, 0.0
    ),
    "uniform": _cdf_uniform,
    "triangular": _cdf_triangular,
    "pert": _cdf_pert,
    "lognormal": _cdf_lognormal,
    "beta": lambda dist, x, below: betainc(dist.numbers["alpha"], dist.numbers["beta"], np.clip(x, 0, 1)),
    "discrete": _cdf_discrete,
    "mixture": _cdf_mixture,
}
