"""Random numbers that depend on (seed, input, state, block) only: any order, any number of workers, the same bits."""

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redress.rules.distributions import Floats


@lru_cache(maxsize=4096)
def make_key(seed: int, name: str, state: str) -> NDArray[np.uint64]:
    """Return the 128-bit key of the stream of an input of a state."""
    digest = hashlib.blake2b(f"{seed}|{name}|{state}".encode(), digest_size=16).digest()
    return np.frombuffer(digest, dtype="<u8")


class Streams:
    """The streams of one block. Philox (Salmon et al., 2011) counts in 256 bits; the block is the highest word."""

    def __init__(self, seed: int, block: int, size: int) -> None:
        self._seed, self._size = seed, size
        self._bits = np.random.Philox(key=0)
        self._generator = np.random.Generator(self._bits)
        self._state: Any = self._bits.state  # of a fresh one: its buffer is empty
        self._state["state"]["counter"] = np.array([0, 0, 0, block], dtype=np.uint64)

    def fill(self, name: str, state: str, out: Floats) -> Floats:
        """Fill `out` with standard normals of an input of a state."""
        self._state["state"]["key"] = make_key(self._seed, name, state)
        self._bits.state = self._state
        return self._generator.standard_normal(out=out)

    def draw(self, name: str) -> Floats:
        """Return the normals of an input that all states have in common."""
        return self.fill(name, "", np.empty(self._size))

    def draw_states(self, name: str, states: tuple[str, ...]) -> Floats:
        """Return the normals of an input, a row for each state."""
        out = np.empty((len(states), self._size))
        for row, state in zip(out, states, strict=True):
            self.fill(name, state, row)
        return out
