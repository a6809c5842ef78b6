"""Draw blocks of a model: the common part once, states by rows, everything in euros until the last step."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redress.rules.distributions import PER_UNIT, REACH, Floats
from redress.rules.model import BLOCK, Inputs, Model
from redress.rules.people import count_people, sum_multiples
from redress.rules.streams import Streams
from redress.rules.tables import Table
from redress.rules.waterfall import Cents, compute_fee, round_cents, split_total

Bools = NDArray[np.bool_]
LINES = (
    "claimants", "gross", "interest", "total", "costs", "fee", "shortfall", "net", "net_pv", "net_per_head",
    "unclaimed",
)  # fmt: skip
KEPT = ("claimants", "gross", "total", "costs", "fee", "net_pv", "unclaimed")  # the others follow by subtraction


@dataclass(frozen=True)
class Part:
    """Consecutive blocks: a row of whole numbers for each kept line, and the sums over draws by block and state."""

    kept: Cents  # (len(KEPT), draws)
    by_state: Floats  # (blocks, 2, states): claimants, gross in euros

    def to_bytes(self) -> bytes:
        """Return the part as bytes that `from_bytes` reads."""
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, kept=self.kept, by_state=self.by_state)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Part":
        """Return the part that `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(arrays["kept"], arrays["by_state"])

    def list_lines(self) -> Mapping[str, Cents]:
        """Return every line by its name; claimants in people, all others in cents."""
        found = dict(zip(KEPT, self.kept, strict=True))
        total, costs, fee = found["total"], found["costs"], found["fee"]
        found["interest"] = total - found["gross"]
        found["net"] = np.maximum(total - costs, 0) - fee
        found["shortfall"] = np.maximum(costs - total, 0)
        found["net_per_head"] = _divide_heads(found["net"], found["claimants"])
        return {name: found[name] for name in LINES}


def _divide_heads(net: Cents, claimants: Cents) -> Cents:
    """Return net per head in whole cents, rounded down: what is paid out must be there. 0 where nobody takes part."""
    return np.where(claimants > 0, net // np.maximum(claimants, 1), 0)


def draw_part(model: Model, first_block: int, blocks: int) -> Part:
    """Return the draws of consecutive blocks. They depend on the model and the numbers of the blocks only."""
    return join_parts(_draw_block(model, block) for block in range(first_block, first_block + blocks))


def join_parts(parts: Iterable[Part]) -> Part:
    """Return parts in the order of their blocks as one."""
    found = list(parts)
    return Part(np.concatenate([p.kept for p in found], axis=1), np.concatenate([p.by_state for p in found]))


def _draw_block(model: Model, block: int) -> Part:
    common = Common(model, Streams(model.seed, block, BLOCK))
    keep = min(BLOCK, model.draws - block * BLOCK)  # a block is drawn whole; of the last one fewer draws may count
    sums = Sums(len(model.states), keep)
    rows = [_draw_people(model, common, j) for j in range(len(model.states))] if model.pot else None
    pot = _share_pot(common, rows) if rows else None
    for j in range(len(model.states)):  # one state after the other: its rows stay in the fastest cache
        won, count = rows[j] if rows else _draw_people(model, common, j)
        gross = count * pot.per_head if pot else _draw_award(model, common, j, count)
        gross *= won
        sums.add(model, common, j, won, count, gross)
    unclaimed = np.maximum(pot.amount - sums.gross, 0) if pot else np.zeros(BLOCK)
    lines = _run_waterfall(model, common, sums)
    kept = np.stack([sums.claimants.astype(np.int64), round_cents(sums.gross), *lines, round_cents(unclaimed)])
    return Part(kept[:, :keep], sums.by_state[None])


class Common:
    """What all states of a block have in common."""

    def __init__(self, model: Model, streams: Streams) -> None:
        self.model, self.streams = model, streams
        self.liability = self._share("liability", 1, 0)
        self.award = self._share("award", PER_UNIT, REACH * PER_UNIT)
        self.participation = self._share("participation", PER_UNIT, REACH * PER_UNIT)
        years = streams.draw("duration") if not model.duration.is_constant else np.zeros(BLOCK)
        self.years, self.discount = model.duration.look_up(years), model.discount.look_up(years)
        self.fixed_costs = self.draw_single(model.fixed_costs, "costs")
        self.settled: Bools | None = None
        if model.settlement is not None:
            self.settled = streams.draw("settlement") <= model.settlement_threshold
            self.settled_share = self.draw_single(model.settlement, "settlement share")

    def _share(self, name: str, scale: float, shift: float) -> Floats | float:
        """Return scale sqrt(rho) Z + shift: the part of an input's normal that every state has."""
        rho = self.model.correlation[name]
        return self.streams.draw(name) * (np.sqrt(rho) * scale) + shift if rho > 0 else shift

    def draw_single(self, table: Table, name: str) -> Floats:
        """Return the values of an input that no state has of its own."""
        return table.look_up(self.streams.draw(name) if not table.is_constant else np.zeros(BLOCK))

    def mix(self, name: str, state: str, shared: Floats | float, scale: float = 1) -> Floats:
        """Return scale (sqrt(rho) Z + sqrt(1 - rho) e) + shift of a state; rho of 0 and 1 are exact."""
        rho = self.model.correlation[name]
        if rho == 1:
            return np.asarray(shared)
        own = self.streams.fill(name, state, np.empty(BLOCK))
        own *= np.sqrt(1 - rho) * scale
        own += shared
        return own

    def draw_input(self, name: str, j: int, inputs: Inputs, shared: Floats | float) -> Floats:
        """Return the values of an input of state j; a constant opens no stream."""
        table, state = inputs.tables[inputs.index[j]], self.model.states[j]
        if table.is_constant:
            return np.full(BLOCK, table.values[0])
        places = self.mix(name, state, shared, PER_UNIT)
        return table.read_places(places) if table.is_linear else table.look_up(places / PER_UNIT - REACH)

    def draw_own(self, name: str, j: int) -> Floats:
        """Return normals of state j alone."""
        return self.streams.fill(name, self.model.states[j], np.empty(BLOCK))


class Sums:
    """The sums over the states of a block, added up in the order of their codes: always the same bits. In euros."""

    def __init__(self, states: int, keep: int) -> None:
        self.keep = keep
        self.claimants, self.gross, self.total, self.capped, self.adverse = np.zeros((5, BLOCK))
        self.by_state = np.zeros((2, states))

    def add(self, model: Model, common: Common, j: int, won: Bools, count: Floats, gross: Floats) -> None:
        """Add a state: interest on what it won, or in settled cases its share of the expected sum, without interest."""
        lost, total = ~won, gross * (1 + model.interest[j] * common.years)
        if common.settled is not None and model.exact is not None:
            paid = common.settled_share * model.exact.trial[j]
            gross, total = (np.where(common.settled, paid, trial) for trial in (gross, total))
            lost &= ~common.settled
        self.claimants += count
        self.gross += gross
        self.total += total
        if model.has_caps:
            self.capped += gross * model.fee_caps[j]  # a share of the award, not of the interest
        if model.adverse[j]:
            self.adverse += lost * model.adverse[j]
        self.by_state[:, j] = count[: self.keep].sum(), gross[: self.keep].sum()


def _draw_people(model: Model, common: Common, j: int) -> tuple[Bools, Floats]:
    """Return in which draws state j is won, and how many of it take part."""
    threshold = model.thresholds[j]
    if np.isinf(threshold):  # p of 0 and 1 are certain
        won = np.full(BLOCK, threshold > 0)
    else:
        won = common.mix("liability", model.states[j], common.liability) <= threshold
    rate = common.draw_input("participation", j, model.participation, common.participation)
    table = model.participation.tables[model.participation.index[j]]
    if table.is_constant and table.values[0] in (0, 1):
        return won, model.members[j] * rate
    return won, count_people(model.members[j], rate, common.draw_own("count", j))


def _draw_award(model: Model, common: Common, j: int, count: Floats) -> Floats:
    """Return what the members of state j who take part are awarded if it is won."""
    normals = common.draw_own("severity", j) if model.has_severity else None
    gross = sum_multiples(count, model.members[j], model.weighted[j], model.squared[j], model.spread, normals)
    gross *= common.draw_input("award", j, model.award, common.award)
    return gross


@dataclass(frozen=True)
class SharedPot:
    """A pot and what each claimant gets of it."""

    amount: Floats
    per_head: Floats


def _share_pot(common: Common, rows: Sequence[tuple[Bools, Floats]]) -> SharedPot:
    """Per head the pot by the number of claimants, the ceiling at most."""
    assert common.model.pot is not None
    claimants = np.zeros(BLOCK)
    for _won, count in rows:
        claimants += count
    amount = common.draw_single(common.model.pot, "pot")
    fitting = np.divide(amount, claimants, out=np.zeros(BLOCK), where=claimants > 0)
    return SharedPot(amount, np.minimum(common.model.ceiling, fitting))


def _run_waterfall(model: Model, common: Common, sums: Sums) -> tuple[Cents, ...]:
    """Return total, costs, fee and the present value of net, in cents."""
    total, costs = sums.total, model.cost_per_claimant * sums.claimants + common.fixed_costs + sums.adverse
    capped = sums.capped if model.has_caps else total
    fee = compute_fee(np.maximum(total - costs, 0), capped, share=model.fee_share, least=model.fee_least)
    total_cents, costs_cents = round_cents(total), round_cents(costs)
    fee_cents, net, _shortfall = split_total(total_cents, costs_cents, round_cents(fee))
    return total_cents, costs_cents, fee_cents, round_cents(net / 100 * common.discount)
