"""Pages under conditions that no index knows: a bounded number of claims is looked at, and one can go on from there."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber, Substr

from claims.book import (
    DUE,
    NEWEST,
    Chosen,
    Mark,
    compile_lane,
    fetch_rows,
    list_lanes,
    list_page,
    list_values,
    start_at,
)
from claims.models import Action, Claim

LOOKED_AT = 5000  # claims that one page tests against conditions that no index knows; "go on" looks at the next ones
LEAST = 40  # of them in each lane


@dataclass(frozen=True)
class Stretch:
    """Claims that a page shows, and where the search stopped before it had as many as wanted."""

    ids: list[int]
    stopped_at: int | None = None  # the last claim that was looked at


def read_stretch(action: Action, chosen: Chosen, *, sort: str, mark: Mark | None, size: int) -> Stretch:
    """Return the same as `list_page`, but look at a bounded number of claims where no index knows the conditions."""
    if not is_bounded(chosen) or sort == DUE:
        return Stretch(list_page(action, chosen, sort=sort, mark=mark, size=size))
    goes_up = (sort != NEWEST) != (mark is not None and mark.is_before)
    claims = start_at(Claim.objects.filter(chosen.bounds, action=action), "registered_at", mark, goes_up)
    ids: list[int] = []
    for pk, fits, is_last in _look_through(action, claims, chosen, goes_up, size):
        ids += [pk] if fits else []
        if len(ids) == size:
            return Stretch(ids)
        if is_last:  # another lane may go on earlier than what comes after it in this one
            return Stretch(ids, stopped_at=pk)
    return Stretch(ids)


def is_bounded(chosen: Chosen) -> bool:
    """Whether pages under this filter look at a bounded number of claims."""
    return connection.vendor == "postgresql" and not chosen.is_narrow and bool(chosen.conditions or chosen.finding)


def _look_through(
    action: Action, claims: QuerySet[Claim], chosen: Chosen, goes_up: bool, size: int
) -> list[tuple[int, bool, bool]]:
    """Return (id, fits, is the last of its lane that was looked at), in the order of the list."""
    columns, lanes = list_lanes(action, chosen)
    if not lanes:
        return []
    depth = max(LEAST, LOOKED_AT // len(lanes))
    order = (F("registered_at"), F("pk")) if goes_up else (F("registered_at").desc(), F("pk").desc())
    looked = _mark_fits(claims, chosen).annotate(nth=Window(RowNumber(), order_by=order)).order_by(*order)
    compiled = compile_lane(looked.values_list("registered_at", "pk", "fits", "nth")[:depth], columns)
    if not compiled:
        return []
    word = "ASC" if goes_up else "DESC"
    return fetch_rows(
        f"SELECT found.id, found.fits, found.nth = {depth:d}"  # noqa: S608
        f" FROM ({list_values(lanes)}) AS lane ({', '.join(columns)})"
        f" CROSS JOIN LATERAL ({compiled[0]}) AS found (registered_at, id, fits, nth)"
        f" WHERE found.fits OR found.nth = {depth:d}"
        f" ORDER BY found.registered_at {word}, found.id {word} LIMIT {size + 1:d}",
        [value for lane in lanes for value in lane] + compiled[1],
    )


def _mark_fits(claims: QuerySet[Claim], chosen: Chosen) -> QuerySet[Claim]:
    fits = chosen.conditions
    if chosen.finding:
        place, letter = chosen.finding
        claims = claims.annotate(letter=Substr("findings", place, 1))
        fits &= Q(letter=letter)
    return claims.annotate(fits=Case(When(fits, then=Value(True)), default=Value(False)))


def count_looked_at(action: Action, chosen: Chosen) -> tuple[int, bool]:
    """Return how many claims a filter chooses among those that a first page looks at, and whether there may be more."""
    claims = Claim.objects.filter(chosen.bounds, action=action)
    columns, lanes = list_lanes(action, chosen)
    depth = max(LEAST, LOOKED_AT // max(1, len(lanes)))
    looked = _mark_fits(claims, chosen).order_by("-registered_at", "-pk")
    compiled = compile_lane(looked.values_list("fits")[:depth], columns)  # type: ignore[misc]  # it is annotated
    if not lanes or not compiled:
        return 0, False
    ((n, has_more),) = fetch_rows(
        "SELECT coalesce(sum(fit), 0)::bigint, coalesce(bool_or(n = %s), false)"  # noqa: S608
        f" FROM ({list_values(lanes)}) AS lane ({', '.join(columns)}) CROSS JOIN LATERAL"
        f" (SELECT count(*) AS n, count(*) FILTER (WHERE fits) AS fit FROM ({compiled[0]}) AS found (fits)) AS counted",
        [depth, *(value for lane in lanes for value in lane), *compiled[1]],
    )
    return n, has_more
