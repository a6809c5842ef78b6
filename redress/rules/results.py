"""Put parts together in the order of their blocks, and say what came out (SCENARIOS, section 7)."""

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from redress.rules.draws import LINES, Part, join_parts
from redress.rules.model import BLOCK, ENGINE, Model
from redress.rules.waterfall import Cents

PERCENTS = (5, 10, 25, 50, 75, 90, 95)
FAR = 4  # standard errors between the simulated and the exact mean: one sound run in 16,000 is further off
POINTS = 100  # of a curve
BINS = 40


class Broken(ArithmeticError):
    """A run whose numbers cannot be right. Its result is not shown."""


def summarise(model: Model, parts: Iterable[Part]) -> dict[str, Any]:
    """Return the result of a run from its parts in the order of their blocks. Cents are texts.

    Raises Broken where draws are missing, or the mean of the total is too far from the exact one.
    """
    whole = join_parts(parts)
    if whole.kept.shape[1] != model.draws:
        raise Broken(f"{whole.kept.shape[1]} of {model.draws} draws are there")
    lines = whole.list_lines()
    ordered = {name: np.sort(lines[name]) for name in ("total", "net")}
    shown = [name for name in LINES if name != "unclaimed" or model.pot is not None]
    return {
        "engine": ENGINE,
        "numpy": np.__version__,
        "seed": model.seed,
        "draws": model.draws,
        "digest": compute_digest(lines),
        "lines": {name: describe_line(name, lines[name], ordered.get(name)) for name in shown},
        "exact": check_exact(model, lines["total"]),
        "chance_nothing_paid": float(np.mean(lines["net"] == 0)),
        "chance_costs_covered": float(np.mean(lines["shortfall"] == 0)),
        "by_state": describe_states(model, whole),
        "curve": {name: draw_curve(line) for name, line in ordered.items()},
        "waterfall": {name: str(_round_mean(lines[name])) for name in shown if name not in NO_STEPS},
        "histogram": draw_histogram(lines["net_per_head"]),
        "warnings": list(model.warnings),
    }


NO_STEPS = {"claimants", "net_pv", "net_per_head"}


def compute_digest(lines: Mapping[str, Cents]) -> str:
    """Return the SHA-256 over all draws: of each its cents in the order of LINES, as little-endian int64."""
    cents, digest = [lines[name] for name in LINES if name != "claimants"], hashlib.sha256()
    for first in range(0, len(cents[0]), BLOCK):
        rows = np.stack([line[first : first + BLOCK] for line in cents], axis=1)
        digest.update(np.ascontiguousarray(rows, dtype="<i8").data)
    return digest.hexdigest()


def add_up(line: Cents) -> int:
    """Return the sum as a Python integer: a million draws of 200 billion euros overflow int64."""
    return (int((line >> 32).sum()) << 32) + int((line & 0xFFFFFFFF).sum())


def _round_mean(line: Cents) -> int:
    return round(Fraction(add_up(line), len(line)))


def describe_line(name: str, line: Cents, ordered: Cents | None = None) -> dict[str, Any]:
    """Return mean and quantiles. A quantile is a value that was drawn: the least with that share at or below it."""
    places = [-(-percent * len(line) // 100) - 1 for percent in PERCENTS]
    found = (np.partition(line, places) if ordered is None else ordered)[places]
    if name == "claimants":
        numbers = {f"p{percent:02d}": int(value) for percent, value in zip(PERCENTS, found, strict=True)}
        return {"mean": round(add_up(line) / len(line), 2), **numbers}
    cents = {f"p{percent:02d}_cents": str(value) for percent, value in zip(PERCENTS, found, strict=True)}
    return {"mean_cents": str(_round_mean(line)), **cents}


def check_exact(model: Model, total: Cents) -> dict[str, Any] | None:
    """Return the exact moments and z, the distance of the simulated mean in standard errors; None for a pot."""
    if model.exact is None:
        return None
    mean, sd = Fraction(model.exact.mean) * 100, model.exact.sd * 100
    gap = float(Fraction(add_up(total), len(total)) - mean)
    slack = 0.5 + 1e-12 * abs(float(mean))  # rounding to cents, and that of the exact mean itself
    error = sd / len(total) ** 0.5
    z = gap / error if error > slack else 0.0
    if abs(z) >= FAR or (error <= slack and abs(gap) > FAR * slack):
        raise Broken(f"the simulated mean is {gap:.0f} cents ({z:.1f} standard errors) off the exact one")
    return {"mean_cents": str(round(mean)), "sd_cents": str(round(sd)), "z": round(z, 4)}


def describe_states(model: Model, whole: Part) -> list[dict[str, Any]]:
    """Return members, mean claimants and mean gross of each state; sums over blocks in their order."""
    claimants, gross = (sum_blocks(whole.by_state[:, i, :]) / model.draws for i in (0, 1))
    return [
        {
            "state": state,
            "members": int(model.members[i]),
            "claimants_mean": round(float(claimants[i]), 2),
            "gross_mean_cents": str(round(float(gross[i]) * 100)),
        }
        for i, state in enumerate(model.states)
    ]


def sum_blocks(rows: np.ndarray) -> np.ndarray:
    """Add up the blocks one after the other: the same bits however they were computed."""
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def draw_curve(ordered: Cents) -> list[dict[str, Any]]:
    """Return points (amount, chance that at least this much) of a sorted line, from 0 to the quantile of 99.5 %."""
    n = len(ordered)
    places = sorted({*(n * i // POINTS for i in range(POINTS)), n * 995 // 1000})
    amounts = sorted({0, *ordered[places].tolist()})
    chances = (n - np.searchsorted(ordered, amounts, side="left")) / n
    return [{"amount_cents": str(x), "chance": float(c)} for x, c in zip(amounts, chances, strict=True)]


def draw_histogram(line: Cents) -> list[dict[str, Any]]:
    """Return the draws in bins of equal width up to the quantile of 99 %; the last bin holds all above."""
    top = (
        max(int(np.partition(line, len(line) * 99 // 100 - 1)[len(line) * 99 // 100 - 1]), BINS)
        if len(line) > 1
        else BINS
    )
    edges = [top * i // BINS for i in range(BINS + 1)]
    places = np.clip(np.searchsorted(edges, line, side="right") - 1, 0, BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    return [{"from_cents": str(edges[i]), "to_cents": str(edges[i + 1]), "draws": int(counts[i])} for i in range(BINS)]
