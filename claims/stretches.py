"""Pages of the book at any size: what the order of an index and the kept counts find, and a bounded look for the rest.

Under conditions that no index knows a page looks at so many claims and no more, and one can go on from there.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F, QuerySet

from claims.book import (
    CAP,
    DUE,
    NEWEST,
    Chosen,
    Mark,
    apply_filter,
    count_kept,
    find_place,
    list_asked,
    list_page,
    start_at,
)  # fmt: skip
from claims.lanes import Lanes, Looked, compile_fits, count_lanes, list_lanes, read_lanes, read_row
from claims.models import Action, Claim
from claims.sizes import Sizes, read_sizes

LOOKED_AT = 1500  # claims that one page reads to test them; "go on" looks at the next ones
LISTED = 3000  # where small tables and an index tell without reading the claims themselves
SURPLUS = 1.5  # times as much as a page holds, so that one look is enough nearly always
FIRST = 4  # times as much: most conditions fit most claims, and a page need not look at more then


@dataclass(frozen=True)
class Stretch:
    """Claims that a page shows, and where the search stopped before it had as many as wanted."""

    ids: list[int]
    stopped_at: int | None = None  # the last claim that was looked at
    n: int = 0  # how many fit of all that were looked at
    has_more: bool = False  # whether not all were looked at


def read_stretch(
    action: Action,
    chosen: Chosen,
    *,
    sort: str,
    mark: Mark | None,
    size: int,
    steps: int = 1,
    sizes: Sizes | None = None,
) -> Stretch:
    """Return the same as `list_page`, but look at a bounded number of claims where no index knows the conditions.

    With more `steps` the search goes on by itself as often, as long as it has found nothing. `sizes` if at hand.
    """
    if connection.vendor != "postgresql" or (chosen.is_narrow and sort != DUE):
        return Stretch(list_page(action, chosen, sort=sort, mark=mark, size=size))
    sizes = sizes or read_sizes(action)
    found = _read_once(action, sizes, chosen, sort, mark, size)
    while steps > 1 and not found.ids and found.stopped_at:
        last = Claim.objects.only("registered_at").get(pk=found.stopped_at)
        mark = find_place(last, sort=sort, is_before=bool(mark and mark.is_before))
        found, steps = _read_once(action, sizes, chosen, sort, mark, size), steps - 1
    return found


def _read_once(action: Action, sizes: Sizes, chosen: Chosen, sort: str, mark: Mark | None, size: int) -> Stretch:
    goes_up = (sort != NEWEST) != (mark is not None and mark.is_before)
    if sort == DUE:
        return _read_due(action, chosen, mark, goes_up, size)
    claims = start_at(Claim.objects.filter(chosen.bounds, action=action), "registered_at", mark, goes_up)
    if is_bounded(chosen):
        return _look_through(sizes, claims, chosen, goes_up, size)
    return _read_page(sizes, claims, chosen, goes_up, size)


def is_bounded(chosen: Chosen) -> bool:
    """Whether pages under this filter look at a bounded number of claims."""
    return connection.vendor == "postgresql" and not chosen.is_narrow and chosen.is_tested


def _read_page(sizes: Sizes, claims: QuerySet[Claim], chosen: Chosen, goes_up: bool, size: int) -> Stretch:
    """Read of each lane what is likely to be enough, and as much as could be needed where it was not."""
    ways = list_lanes(sizes, chosen)
    lanes = min(ways, key=lambda way: way.measure(SURPLUS * size, size))
    found = _look(claims, lanes, lanes.set_depths(SURPLUS * size, size), chosen, goes_up, size)
    if found.stopped_at:
        found = _look(claims, ways[0], [size] * len(ways[0].rows), chosen, goes_up, size)
    return Stretch(found.ids)


def _look_through(sizes: Sizes, claims: QuerySet[Claim], chosen: Chosen, goes_up: bool, size: int) -> Stretch:
    """Look at few claims first, then at as many as a page needs, going by how many of them fit, at last at all it may.

    No look is made that is not much less work than the last one.
    """
    ways, most = list_lanes(sizes, chosen), LOOKED_AT if chosen.reads_rows else LISTED

    def pick(wanted: float) -> Lanes:
        return min(ways, key=lambda way: way.measure(wanted, most))

    last, wanted = pick(most), float(most if chosen.is_rare else FIRST * size)
    while (lanes := pick(wanted)).measure(wanted, most) < last.measure(most, most) / 2:
        found = _look(claims, lanes, lanes.set_depths(wanted, most), chosen, goes_up, size)
        if found.stopped_at is None:
            return found
        wanted *= max(SURPLUS * size / max(found.n, 1), 2)
    depths = last.set_depths(most, most)
    if sum(depths) > 2 * most / last.fitting:  # many lanes, of which each has its spare rows
        depths = last.set_depths(most / 2, most)
    return _look(claims, last, depths, chosen, goes_up, size)


def _look(
    claims: QuerySet[Claim], lanes: Lanes, depths: list[int], chosen: Chosen, goes_up: bool, size: int
) -> Stretch:
    fits = compile_fits(chosen, has_facets=not lanes.tests_facets)
    if fits is None:
        return Stretch([])
    return _stop(read_lanes(claims, lanes, depths, fits, goes_up=goes_up, size=size), size)


def _read_due(action: Action, chosen: Chosen, mark: Mark | None, goes_up: bool, size: int) -> Stretch:
    """Look through the claims with an open question, which stand in the order of its last day."""
    fits = compile_fits(chosen, within=action)
    if fits is None:
        return Stretch([])
    order = ("until", "claim_id") if goes_up else ("-until", "-claim_id")
    asked = start_at(list_asked(), "until", mark, goes_up, "claim_id").annotate(at=F("until"))
    rows = asked.order_by(*order).values("claim_id", "at")
    found = _stop(read_row(rows, min(FIRST * size, LOOKED_AT), fits, goes_up=goes_up, size=size), size)
    if found.stopped_at:
        found = _stop(read_row(rows, LOOKED_AT, fits, goes_up=goes_up, size=size), size)
    return found


def _stop(found: list[Looked], size: int) -> Stretch:
    """Return the claims that fit up to where a lane ended: another one may go on earlier than what comes after."""
    n, has_more = (found[0].n, found[0].has_more) if found else (0, False)
    ids: list[int] = []
    for row in found:
        ids += [row.pk] if row.fits else []
        if len(ids) == size:
            break
        if row.is_last:
            return Stretch(ids, row.pk, n, has_more)
    return Stretch(ids, None, n, has_more)


def count_shown(action: Action, sizes: Sizes, chosen: Chosen, first: Stretch | None) -> tuple[int, bool]:
    """Return how many claims a filter chooses, as far as that is counted, and whether there may be more.

    `first` is what a first page looked at; on the others, where no index knows the conditions, nothing is counted.
    """
    if is_bounded(chosen):
        return (first.n, first.has_more) if first else (0, True)
    if chosen.is_plain and (kept := count_kept(sizes, chosen)) is not None:
        return kept, False
    if connection.vendor != "postgresql" or chosen.is_narrow:
        total = apply_filter(Claim.objects.filter(action=action), chosen).order_by().values("pk")[: CAP + 1].count()
    else:
        claims = Claim.objects.filter(chosen.bounds, action=action)
        total = count_lanes(claims, list_lanes(sizes, chosen)[0], CAP + 1)
    return min(total, CAP), total > CAP
