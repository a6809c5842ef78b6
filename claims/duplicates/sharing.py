"""Claims that share a key: the keys of one kind are read once and put side by side as columns of numbers."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from claims.duplicates.keeping import KEYS

BLOCK = 60  # claims under one key, from which on not each is compared with each
NEAR = 10  # of those then, each with so many that follow it in the order of names
Numbers = np.ndarray[Any, np.dtype[np.int64]]


class Block(NamedTuple):
    """Claims under one key that are too many to compare each with each."""

    claims: Numbers
    seen: Numbers


class Shared(NamedTuple):
    """Pairs of claims that share a key of a kind, and what has to be paired by names."""

    pairs: Numbers  # two columns
    large: list[Block]


def find_shared(action_id: int, kind: str, *, part: int, parts: int, since: int) -> Shared:
    """Return the pairs of claims under one key of this kind of which at least one is new since a search."""
    claims, keys, seen = _read_keys(action_id, kind, part, parts)
    order = _order_shared(claims, keys)
    claims, keys, seen = claims[order], keys[order], seen[order]
    begins = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[begins, len(keys)])
    large = [
        Block(claims[begin : begin + size], seen[begin : begin + size])
        for begin, size in zip(begins[sizes > BLOCK].tolist(), sizes[sizes > BLOCK].tolist(), strict=True)
    ]
    few = np.repeat((sizes > 1) & (sizes <= BLOCK), sizes)
    pairs = [*_pair_up(claims[few], keys[few], seen[few], since)]
    return Shared(np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64), large)


def _order_shared(claims: Numbers, keys: Numbers) -> Numbers:
    """Return the places of keys that more than one claim has, in the order of keys and claims."""
    order = np.argsort(keys)
    ordered = keys[order]
    is_next = ordered[1:] == ordered[:-1]
    shared = order[np.union1d(np.flatnonzero(is_next), np.flatnonzero(is_next) + 1)]  # few of all
    return shared[np.lexsort((claims[shared], keys[shared]))]


def _read_keys(action_id: int, kind: str, part: int, parts: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return claims, keys and the searches that wrote them, of one part of the keys of a kind."""
    where = f"action_id = {action_id:d} AND {kind} IS NOT NULL AND abs({kind} % {parts:d}) = {part:d}"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(f"SELECT claim_id, {kind}, seen FROM {KEYS} WHERE {where}")  # noqa: S608
            rows = np.array(cursor.fetchall(), np.int64).reshape(-1, 3)
        else:  # as one value: a row for each claim would cost more than all that is done with it
            sent = f"int8send(claim_id) || int8send({kind}) || int8send(seen)"
            cursor.execute(f"SELECT string_agg({sent}, ''::bytea) FROM {KEYS} WHERE {where}")  # noqa: S608
            rows = np.frombuffer(cursor.fetchone()[0] or b"", ">i8").astype(np.int64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]


def _pair_up(claims: Numbers, keys: Numbers, seen: Numbers, since: int) -> Iterator[Numbers]:
    """Return each pair of neighbours under one key, then those with one claim between them, and so on."""
    for distance in range(1, BLOCK):
        here = np.flatnonzero(keys[distance:] == keys[:-distance])
        if not len(here):
            return
        there = here + distance
        is_new = np.maximum(seen[here], seen[there]) > since
        yield np.column_stack((claims[here[is_new]], claims[there[is_new]]))
