"""The book read lane by lane: parts in which an index keeps the wanted order, and none is read to its end.

A lane is a status, or a status with state, outcome and tier. The kept counts say which ever occurred and how large each
is, so that of each as much is read as a page is likely to need, and no more. Where many claims have what is chosen, few
wide lanes are quicker: each claim in them is tested for it. PostgreSQL only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from claims.book import FACETS, Chosen, list_parts
from claims.models import Action, Claim
from claims.sizes import Sizes

SPARE = 2  # rows that are read of each lane beyond its share and what chance may add to it
SPREAD = 2  # standard deviations: lanes are not spread evenly
RARE = 0.2  # share of the book from which on reading by outcome is not worth its many lanes
ENTRY = 8  # what it takes to begin a lane, measured in the claims that are read of one
STATUS_ALONE = ("status",)
Compiled = tuple[str, list[Any]]


@dataclass(frozen=True)
class Lanes:
    """Columns, their values in each lane, and which share of what is chosen lies in each, roughly."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    shares: list[float]
    fitting: float = 1.0  # the share of the claims in the lanes that has the facets
    tests_facets: bool = False  # whether each claim must be tested for them

    def measure(self, wanted: float, most: int) -> float:
        """Return how much work it is to read about `wanted` claims that have the facets.

        Both indexes hold all that a filter tests (migrations 0046 and 0047): no claim itself is read.
        """
        return ENTRY * len(self.rows) + sum(self.set_depths(wanted, most))

    def set_depths(self, wanted: float, most: int) -> list[int]:
        """Return how many rows to read of each lane, where about `wanted` of all are."""
        wanted, most = wanted / self.fitting, math.ceil(most / self.fitting)
        expected = [wanted * share for share in self.shares]
        return [min(most, math.ceil(n + SPREAD * math.sqrt(n)) + SPARE) for n in expected]


class Looked(NamedTuple):
    """A claim that fits, or the last one that was looked at in its lane."""

    pk: int
    fits: bool
    is_last: bool  # its lane may go on
    n: int  # how many fit in all lanes, as far as they were looked at
    has_more: bool  # whether any lane may go on


def list_lanes(sizes: Sizes, chosen: Chosen) -> list[Lanes]:
    """Return the ways to read what is chosen: by all facets if any are chosen, and by status where that is possible."""
    statuses = [(status, n) for status, n in sorted(sizes.statuses.items()) if status in chosen.statuses]
    total = sum(n for _status, n in statuses)
    facets = dict(chosen.facets) | (_find_implied(sizes, chosen) if "outcome" not in chosen.facets else {})
    rows, shares = [(status,) for status, _n in statuses], [n / total for _status, n in statuses]
    if not facets:
        return [Lanes(STATUS_ALONE, rows, shares)]
    keys = dict(list_parts(sizes, facets))
    if all("" in values for values in facets.values()):
        keys.setdefault(("", "", ""), 0)  # an erased claim
    standing = sum(keys.values()) or 1
    lanes = [((status, *key), n / total * m / standing) for status, n in statuses for key, m in sorted(keys.items())]
    ways = [Lanes(("status", *FACETS), [row for row, _share in lanes], [share for _row, share in lanes])]
    fitting = sum(keys.values()) / max(1, sizes.standing)
    return [*ways, Lanes(STATUS_ALONE, rows, shares, min(1.0, fitting), tests_facets=True)] if fitting else ways


def _find_implied(sizes: Sizes, chosen: Chosen) -> dict[str, list[str]]:
    """Return the outcomes that a finding implies, as a facet to read by where they are rare."""
    if not chosen.implied:
        return {}
    n = sum(n for (_state, _tier, outcome), n in sizes.facets.items() if outcome in chosen.implied)
    return {"outcome": list(chosen.implied)} if n < RARE * sum(sizes.facets.values()) else {}


def read_lanes(
    claims: QuerySet[Claim], lanes: Lanes, depths: list[int], fits: Compiled, *, goes_up: bool, size: int
) -> list[Looked]:
    """Return up to `size` claims that fit, in order, and the last one of each lane that was not read to its end."""
    order = ("registered_at", "pk") if goes_up else ("-registered_at", "-pk")
    lane = _compile_lane(claims.annotate(at=F("registered_at")).order_by(*order), lanes.columns)
    if not lanes.rows or not lane:
        return []
    rows = [(*row, depth) for row, depth in zip(lanes.rows, depths, strict=True)]
    # The second limit is for the planner, who takes an unknown one for a tenth of the table.
    reached = f"SELECT * FROM ({lane[0]} LIMIT lane.depth) AS reached LIMIT {max(depths):d}"  # noqa: S608
    tested = f"SELECT at, id, {fits[0]} AS fits FROM ({reached}) AS claims_claim"  # noqa: S608
    sql = (
        f"SELECT found.* FROM {_unnest(rows)} AS lane ({', '.join(lanes.columns)}, depth)"  # noqa: S608
        f" CROSS JOIN LATERAL ({_sum_up(tested, 'lane.depth', size)}) AS found"
    )
    return _merge(sql, [*_turn(rows), *fits[1], *lane[1]], goes_up, size)


def read_row(asked: QuerySet[Any, Any], depth: int, fits: Compiled, *, goes_up: bool, size: int) -> list[Looked]:
    """Return the same of rows that name a claim, in an order of their own: (claim_id, at)."""
    sql, params = asked[:depth].query.sql_with_params()
    word = "ASC" if goes_up else "DESC"
    tested = (
        f"SELECT asked.at, claims_claim.id, {fits[0]} AS fits FROM ({sql}) AS asked"  # noqa: S608
        f" JOIN claims_claim ON claims_claim.id = asked.claim_id ORDER BY asked.at {word}, claims_claim.id {word}"
    )
    return _merge(_sum_up(tested, str(depth), size), [*fits[1], *params], goes_up, size)


def count_lanes(claims: QuerySet[Claim], lanes: Lanes, most: int) -> int:
    """Return how many of the claims lie in the lanes, counted up to `most`."""
    # In order, so that an index is read: a scan of the table might pass by everything that does not fit first.
    lane = _compile_lane(claims.order_by("-registered_at", "-pk").values_list("pk"), lanes.columns)
    if not lanes.rows or not lane:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {_unnest(lanes.rows)} AS lane ({', '.join(lanes.columns)})"  # noqa: S608
            f" CROSS JOIN LATERAL ({lane[0]} LIMIT {most:d}) AS found LIMIT {most:d}) AS counted",
            [*_turn(lanes.rows), *lane[1]],
        )
        return int(cursor.fetchone()[0])


def _sum_up(tested: str, depth: str, size: int) -> str:
    """Return what to read of the tested rows of a lane: how many fit, the first ones, and the last at its depth."""
    # OFFSET 0: PostgreSQL would otherwise ask of each claim several times whether it fits.
    return (
        "SELECT count(*) FILTER (WHERE fits) AS n,"  # noqa: S608
        f" (array_agg(id) FILTER (WHERE fits))[1:{size:d}] AS ids,"
        f" (array_agg(at) FILTER (WHERE fits))[1:{size:d}] AS ats,"
        f" (array_agg(id))[{depth}] AS last_id, (array_agg(at))[{depth}] AS last_at FROM ({tested} OFFSET 0) AS tested"
    )


def _merge(sql: str, params: Sequence[Any], goes_up: bool, size: int) -> list[Looked]:
    """Return what was found in each lane as one list, in order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        lanes = cursor.fetchall()
    n, has_more = sum(lane[0] for lane in lanes), any(lane[3] is not None for lane in lanes)
    found = list[tuple[Any, int, bool, bool]]()
    for _n, ids, ats, last_id, last_at in lanes:
        found += [(at, pk, True, pk == last_id) for at, pk in zip(ats or (), ids or (), strict=True)]
        if last_id is not None and last_id not in (ids or ())[-1:]:
            found.append((last_at, last_id, False, True))
    found.sort(reverse=not goes_up)
    return [Looked(pk, fits, is_last, n, has_more) for _at, pk, fits, is_last in found[: size + 1]]


class _Probe(Exists):
    """The same, asked claim by claim: PostgreSQL would rather read the whole table before it tests a few hundred."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def compile_fits(chosen: Chosen, *, within: Action | None = None, has_facets: bool = True) -> Compiled | None:
    """Return the conditions on a claim as SQL, with all others where it is looked for within an action and no lane.

    With the facets, unless the lane in which the claim lies `has_facets`. None where no claim can fit.
    """
    claims, conditions = Claim.objects.all(), chosen.conditions
    if chosen.finding:
        place, letter = chosen.finding
        claims, conditions = claims.annotate(letter=Substr("findings", place, 1)), conditions & Q(letter=letter)
    if within:
        conditions &= Q(action=within.pk) & Q(status__in=chosen.statuses) & chosen.bounds
    if within or not has_facets:
        conditions &= Q(**{f"{column}__in": values for column, values in chosen.facets.items()})
    for rows, is_among in chosen.tables:  # last: the others are told without a look into another table
        probe = Q(_Probe(rows.filter(claim=OuterRef("pk"))))
        conditions &= probe if is_among else ~probe
    query = claims.filter(conditions).query
    compiler = query.get_compiler(connection=connection)
    try:
        sql, params = compiler.compile(query.where)
    except EmptyResultSet:
        return None
    except FullResultSet:
        return "true", []
    assert sum(map(bool, query.alias_refcount.values())) <= 1, "a condition of the list joins a table"
    return f"coalesce({sql}, false)", list(params)


def _compile_lane(claims: QuerySet[Any], columns: tuple[str, ...]) -> Compiled | None:
    """Return the query for one lane; None where nothing can fit."""
    limited = claims.query.clone()
    limited.add_extra(None, None, [f"claims_claim.{column} = lane.{column}" for column in columns], None, None, None)
    try:
        sql, params = limited.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, list(params)


def _unnest(rows: Sequence[tuple[Any, ...]]) -> str:
    # An array a column: a thousand values one by one take the database longer to parse than to answer.
    kinds = ["bigint" if isinstance(value, int) else "varchar" for value in rows[0]]
    return f"unnest({', '.join(f'CAST(%s AS {kind}[])' for kind in kinds)})"


def _turn(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
