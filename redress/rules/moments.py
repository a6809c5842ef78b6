"""Exact mean and standard deviation of the total before costs and fee (SCENARIOS, section 4).

Liability, award, participation and time are independent blocks, so
E[G] = sum_j p_j E[Q_j] E[P_j] S1_j (1 + r_j E[T]) and
E[G^2] = sum_jk P(W_j W_k) E[Q_j Q_k] E[P_j P_k] S1_j S1_k E[(1 + r_j T)(1 + r_k T)] + the individual part.
Two states share one normal: E[Q_j Q_k] = integral of g_j g_k phi, with g_j(z) = E[Q_j | z].
The integrals run over the nodes of the tables themselves (the trapezoid rule, 512 nodes a unit), where 96-point
Gauss-Hermite would lose its digits at the steps of a discrete or capped input.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from redress.rules.distributions import NODES, PER_UNIT, REACH, Floats
from redress.rules.tables import Table

if TYPE_CHECKING:
    from redress.rules.model import Inputs, Model

WEIGHTS: Floats = np.exp(-NODES * NODES / 2) / (np.sqrt(2 * np.pi) * PER_UNIT)


@dataclass(frozen=True)
class Exact:
    """Moments of the total in euros; `trial` is the mean of each state where nothing is settled."""

    mean: float
    sd: float
    trial: tuple[float, ...]


def compute_exact(model: "Model") -> Exact:
    """Return the exact moments of a model that pays an award per head."""
    won = _pair_liability(model)
    award, award_squared, award_pairs = _pair_inputs(model.award, model.correlation["award"])
    rate, _, rate_pairs = _pair_inputs(model.participation, model.correlation["participation"])
    years, years_squared = compute_mean(model.duration), compute_mean(model.duration, power=2)
    r, s1 = model.interest, model.weighted
    by_state = model.liability * award * rate * s1 * (1 + r * years)
    growth = 1 + (r[:, None] + r) * years + np.outer(r, r) * years_squared
    common = won * award_pairs * rate_pairs * np.outer(s1, s1) * growth
    rate_squared = np.diagonal(rate_pairs)
    individual = model.squared * (rate * (1 + model.spread**2) - rate_squared)
    own = model.liability * award_squared * individual * np.diagonal(growth)
    mean, square = float(by_state.sum()), float(common.sum() + own.sum())
    if model.settlement is not None:
        return _with_settlement(model, mean, square, by_state)
    return _make_exact(mean, square, by_state)


def _with_settlement(model: "Model", mean: float, square: float, by_state: Floats) -> Exact:
    """Settled cases pay a share of the mean of a trial; whether and for how much does not hang on the trial."""
    assert model.settlement is not None
    p = float(ndtr(model.settlement_threshold))
    share, share_squared = compute_mean(model.settlement), compute_mean(model.settlement, power=2)
    return _make_exact(mean * (1 - p + p * share), (1 - p) * square + p * share_squared * mean * mean, by_state)


def _make_exact(mean: float, square: float, trial: Floats) -> Exact:
    variance = square - mean * mean
    is_noise = variance < 1e-12 * square  # what is left of a difference of equal numbers
    return Exact(mean, 0.0 if is_noise else float(np.sqrt(variance)), tuple(trial.tolist()))


def compute_mean(table: Table, *, power: int = 1) -> float:
    """Return E[X^power] of a table."""
    if table.is_constant:
        return float(table.values[0] ** power)
    if table.edges is not None:
        heights = np.concatenate([[0.0], ndtr(table.edges), [1.0]])
        return float(np.sum(np.diff(heights) * table.values**power))
    return float(np.sum(WEIGHTS * table.values**power))


def _pair_inputs(inputs: "Inputs", rho: float) -> tuple[Floats, Floats, Floats]:
    """Return E[X_j], E[X_j^2] and E[X_j X_k] (its diagonal E[X_j^2]) over the states."""
    curves = np.stack([smooth(table, rho) for table in inputs.tables])
    index = np.array(inputs.index, dtype=int)
    means = np.array([compute_mean(table) for table in inputs.tables])[index]
    squares = np.array([compute_mean(table, power=2) for table in inputs.tables])[index]
    pairs = ((curves * WEIGHTS) @ curves.T)[np.ix_(index, index)]
    np.fill_diagonal(pairs, squares)
    return means, squares, pairs


def smooth(table: Table, rho: float) -> Floats:
    """Return g(z) = E[X | common normal = z] at every node."""
    own = np.sqrt(1 - rho)
    if table.is_constant or rho == 0:
        return np.full(len(NODES), compute_mean(table))
    if own < 3 / PER_UNIT:
        return table.at_nodes()
    if table.edges is not None:
        chances = ndtr((np.sqrt(rho) * NODES[:, None] - table.edges) / own)
        return table.values[0] + chances @ np.diff(table.values)
    kernel = np.exp(-((NODES / own) ** 2) / 2)
    kernel /= kernel.sum()
    wide = np.pad(table.values, REACH * PER_UNIT, mode="edge")
    size = 4 * (len(NODES) - 1)  # a power of two, and more than both together: nothing comes round
    smoothed = np.fft.irfft(np.fft.rfft(wide, size) * np.fft.rfft(kernel, size), size)[2 * REACH * PER_UNIT :]
    return np.interp(np.sqrt(rho) * NODES, NODES, smoothed[: len(NODES)])


def _pair_liability(model: "Model") -> Floats:
    """Return P(W_j W_k), its diagonal p_j. Latent correlation rho is not the correlation of the outcomes."""
    p, rho = model.liability, model.correlation["liability"]
    if rho == 1:
        return np.minimum(p[:, None], p)
    different, index = np.unique(model.thresholds, return_inverse=True)
    chances = ndtr((different[:, None] - np.sqrt(rho) * NODES) / np.sqrt(1 - rho))
    pairs = ((chances * WEIGHTS) @ chances.T)[np.ix_(index, index)]
    np.fill_diagonal(pairs, p)
    return pairs
