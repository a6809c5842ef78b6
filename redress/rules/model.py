"""A scenario made ready to draw: cohorts as three sums per state, inputs as tables, the exact moments.

A model is built once, by whoever starts a run, and shipped to the workers as bytes.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri

from redress.rules.distributions import NODES, Floats, compute_quantiles
from redress.rules.moments import Exact, compute_exact
from redress.rules.reading import Misfit
from redress.rules.scenarios import STATES, Participation, Scenario
from redress.rules.tables import Table, build_table

ENGINE = "redress-damages/2"
BLOCK = 4096  # draws; a block is always drawn whole


@dataclass(frozen=True)
class Inputs:
    """An uncertain input of every state: its tables, and which of them each state uses."""

    tables: tuple[Table, ...]
    index: tuple[int, ...]


@dataclass(frozen=True)
class Model:
    """What a worker needs to draw any block. Arrays run over the states in the order of their codes; sums in euros."""

    draws: int
    seed: int
    states: tuple[str, ...]
    members: Floats  # S0 = sum of N
    weighted: Floats  # S1 = sum of N m
    squared: Floats  # S2 = sum of N m^2
    liability: Floats  # probability
    thresholds: Floats  # Phi^-1 of it
    interest: Floats  # simple, per year
    adverse: Floats  # costs where lost
    fee_caps: Floats  # largest share of the award of a state that goes into the fee; 1 where none is set
    award: Inputs
    participation: Inputs
    correlation: Mapping[str, float]
    spread: float
    duration: Table
    discount: Table  # present value of 1 euro at the time of payment
    fixed_costs: Table
    cost_per_claimant: float
    fee_share: float
    fee_least: float  # multiple of the outlay
    settlement: Table | None
    settlement_threshold: float  # Phi^-1 of its probability
    pot: Table | None
    ceiling: float
    exact: Exact | None
    warnings: tuple[str, ...]

    @property
    def blocks(self) -> int:
        """The number of blocks; of the last one fewer draws may count."""
        return -(-self.draws // BLOCK)

    @property
    def has_caps(self) -> bool:
        """Whether the law of a state caps the funder's fee."""
        return bool((self.fee_caps < 1).any())

    @cached_property
    def has_severity(self) -> bool:
        """Whether, given how many take part, their sum still varies."""
        return self.spread > 0 or bool(np.any(self.squared * self.members != self.weighted * self.weighted))

    def to_bytes(self) -> bytes:
        """Return the model as bytes that `from_bytes` reads: no pickle, and the same bytes for the same model."""
        arrays: dict[str, Any] = {}
        plain = {field.name: _pack(getattr(self, field.name), field.name, arrays) for field in fields(self)}
        arrays["plain"] = np.frombuffer(json.dumps(plain).encode(), dtype=np.uint8)
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Return the model that `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            plain = json.loads(arrays["plain"].tobytes())
            return cls(**{name: _unpack(value, arrays) for name, value in plain.items()})


def _pack(value: Any, name: str, arrays: dict[str, Any]) -> Any:
    """Return a value as JSON can hold it; arrays go into `arrays` by name."""
    match value:
        case np.ndarray():
            arrays[name] = value
            return {"array": name}
        case Table():
            edges = None if value.edges is None else _pack(value.edges, f"{name}.edges", arrays)
            return {"table": [_pack(value.values, name, arrays), edges]}
        case Inputs():
            tables = [_pack(table, f"{name}.{i}", arrays) for i, table in enumerate(value.tables)]
            return {"inputs": [tables, list(value.index)]}
        case Exact():
            return {"exact": asdict(value)}
        case float() if abs(value) == np.inf:
            return {"infinity": 1 if value > 0 else -1}
        case _:
            return value if isinstance(value, str | int | float | dict | None) else list(value)


def _unpack(value: Any, arrays: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, dict) or len(value) != 1:
        return value
    match value:
        case {"array": name}:
            return arrays[name]
        case {"table": [values, edges]}:
            return Table(_unpack(values, arrays), edges and _unpack(edges, arrays))
        case {"inputs": [tables, index]}:
            return Inputs(tuple(_unpack(table, arrays) for table in tables), tuple(index))
        case {"exact": found}:
            return Exact(found["mean"], found["sd"], tuple(found["trial"]))
        case {"infinity": sign}:
            return sign * np.inf
    return value


def build_model(
    scenario: Scenario,
    counts: Mapping[tuple[str, str], int] | None = None,
    *,
    draws: int | None = None,
    seed: int | None = None,
) -> Model:
    """Return the model of a scenario. The basis `registered` takes the counted claims by (state, tier).

    Raises Misfit where counts are missing, or name a state or tier that the scenario does not know.
    """
    cohorts = scenario.cohorts if scenario.basis == "stated" else _check_counts(scenario, counts)
    states = tuple(sorted({state for state, _tier in cohorts}))
    pick = lambda section: np.array([section.get(state, section["default"]) for state in states], dtype=float)  # noqa: E731
    liability, funder, pot = pick(scenario.liability), scenario.funder, scenario.pot
    years = build_table(scenario.duration)
    model = Model(
        draws=draws if draws is not None else scenario.draws,
        seed=seed if seed is not None else scenario.seed,
        states=states,
        **_collapse(cohorts, scenario.tiers, states),
        liability=liability,
        thresholds=ndtri(liability),
        interest=pick(scenario.interest),
        adverse=pick(scenario.adverse_costs),
        fee_caps=np.array([funder.caps.get(state, 1.0) if funder else 1.0 for state in states]),
        award=_build_inputs(scenario.award, states, build_table),
        participation=_build_inputs(scenario.participation, states, _build_rate),
        correlation=dict(scenario.correlation),
        spread=scenario.spread,
        duration=years,
        discount=_build_discount(years, scenario.discount_rate),
        fixed_costs=build_table(scenario.fixed_costs),
        cost_per_claimant=scenario.cost_per_claimant,
        fee_share=funder.share if funder else 0.0,
        fee_least=funder.multiple * funder.outlay if funder else 0.0,
        settlement=build_table(scenario.settlement.share) if scenario.settlement else None,
        settlement_threshold=float(ndtri(scenario.settlement.probability)) if scenario.settlement else -np.inf,
        pot=build_table(pot.amount) if pot else None,
        ceiling=pot.ceiling if pot else 0.0,
        exact=None,
        warnings=scenario.warnings,
    )
    return model if pot else replace(model, exact=compute_exact(model))


def _check_counts(scenario: Scenario, counts: Mapping[tuple[str, str], int] | None) -> Mapping[tuple[str, str], int]:
    path = ("population", "basis")
    if not counts or not any(counts.values()):
        raise Misfit(path, "no registered claims to count; screen claims first, or state the people")
    for state, tier in counts:
        if state not in STATES:
            raise Misfit(path, f"claims with the residence `{state}` cannot be reckoned: no state of the EU or the EEA")
        if tier not in scenario.tiers:
            raise Misfit(("population", "tiers"), f"there are claims of the tier `{tier}`; give it a multiple")
    return counts


def _collapse(
    cohorts: Mapping[tuple[str, str], int], tiers: Mapping[str, float], states: tuple[str, ...]
) -> dict[str, Floats]:
    """Return S0, S1 and S2 of each state: given the common part, nothing else of the cohorts matters."""
    sums = np.zeros((3, len(states)))
    for (state, tier), n in sorted(cohorts.items()):
        place, multiple = states.index(state), tiers[tier]
        sums[:, place] += (n, n * multiple, n * multiple * multiple)
    return {"members": sums[0], "weighted": sums[1], "squared": sums[2]}


def _build_inputs(section: Mapping[str, Any], states: tuple[str, ...], build: Any) -> Inputs:
    """Build one table for each distribution that differs, so that states with the same share it."""
    chosen = [section.get(state, section["default"]) for state in states]
    different = [value for i, value in enumerate(chosen) if value not in chosen[:i]]
    return Inputs(tuple(build(value) for value in different), tuple(different.index(value) for value in chosen))


def _build_rate(participation: Participation) -> Table:
    """Return the rate of those who take part. Who is slow to opt out is keen to claim: both turn on the same normal."""
    if participation.opt_out is None:
        return build_table(participation.rate)
    stay = 1 - compute_quantiles(participation.opt_out, -NODES)
    return Table(stay * compute_quantiles(participation.rate, NODES))


def _build_discount(years: Table, rate: float) -> Table:
    """Return (1 + d)^-T as a function of the normal of T."""
    return Table((1 + rate) ** -years.values, years.edges) if rate else Table(np.ones(1))
