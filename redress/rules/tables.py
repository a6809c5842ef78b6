"""Inputs as tables over a standard normal: after they are built, only + - x / and look-ups are needed.

`exp`, `log` and powers differ in the last bit between processors; so tables are built once and shipped to workers.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from redress.rules.distributions import NODES, PER_UNIT, REACH, Distribution, Floats, compute_quantiles


@dataclass(frozen=True)
class Table:
    """A function of z: constant, linear between 8,193 nodes, or in steps (`edges` before each of values[1:])."""

    values: Floats
    edges: Floats | None = None

    @property
    def is_constant(self) -> bool:
        """Whether z does not matter."""
        return len(self.values) == 1

    @property
    def is_linear(self) -> bool:
        """Whether values between nodes are interpolated."""
        return not self.is_constant and self.edges is None

    def look_up(self, z: Floats) -> Floats:
        """Return the value at each z; an error of 1e-7 at most for smooth distributions."""
        if self.is_constant:
            return np.full(z.shape, self.values[0])
        if self.edges is not None:
            return self.values[np.searchsorted(self.edges, z, side="left")]
        return self.read_places((z + REACH) * PER_UNIT)

    def read_places(self, places: Floats) -> Floats:
        """Return the values at places counted in nodes from the first. Beyond the ends, the last line goes on."""
        left = places.astype(np.intp)
        found = self.steps.take(left, mode="clip")
        found *= places
        found += self.offsets.take(left, mode="clip")
        return found

    @cached_property
    def steps(self) -> Floats:
        """How much the value grows from each node to the next."""
        return np.diff(self.values)

    @cached_property
    def offsets(self) -> Floats:
        """The value of each line at the first node: a value is offset + place x step."""
        return self.values[:-1] - np.arange(len(self.values) - 1) * self.steps

    def at_nodes(self) -> Floats:
        """Return the values at every node."""
        return self.values if self.is_linear else self.look_up(NODES)


def build_table(dist: Distribution) -> Table:
    """Return the table of a distribution."""
    if dist.is_constant:
        return Table(compute_quantiles(dist, np.zeros(1)))
    if dist.name == "discrete":
        values = np.clip(np.asarray(dist.values, dtype=float), dist.floor, dist.cap)
        return Table(values, ndtri(np.minimum(np.cumsum(dist.weights)[:-1], 1.0)))
    return Table(compute_quantiles(dist, NODES))
