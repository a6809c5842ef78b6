"""The book of claims: what a filter chooses, in an order that an index carries, from any place, and how many that are.

A filter is what stands in an address: names and texts, checked by `claims.forms.ClaimFilterForm`. Jobs that work on a
filter keep exactly that and call `choose_claims`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from claims.criteria import Rulebook
from claims.models import Action, Assignment, Claim, ClaimTally, Deficiency, Quarantine
from claims.rules.eligibility import Outcome
from claims.search import find_people

ANY, UNKNOWN, NEWEST, WAITING, DUE = "any", "unknown", "newest", "waiting", "due"
ME, NOBODY = "me", "nobody"
YES, NO = "yes", "no"
CAP = 10_000  # nobody reads that far; counting further would cost every page
FACETS = ("habitual_residence", "outcome", "tier")
COLUMNS = {"state": "habitual_residence", "outcome": "outcome", "tier": "tier"}
ORDER_KEYS = {NEWEST: "registered_at", WAITING: "registered_at", DUE: "deficiencies__until"}
# What a finding says of the outcome, so that the index of outcomes narrows the search for it.
IMPLIED = {"n": [Outcome.INELIGIBLE], "u": [Outcome.INELIGIBLE, Outcome.NEEDS_INFO]}


@dataclass(frozen=True)
class Chosen:
    """A filter, read: the facets that an index leads by, and all other conditions."""

    statuses: tuple[str, ...] = Claim.STANDING
    facets: Mapping[str, list[str]] = field(default_factory=dict)  # column -> values; "" is unknown
    conditions: Q = field(default_factory=Q)
    bounds: Q = field(default_factory=Q)  # conditions that the order of the list itself carries
    is_plain: bool = True  # facets alone: then the kept counts know how many
    is_narrow: bool = False  # a small table says which claims: quicker read from there than from the book
    finding: tuple[int, str] | None = None  # the place of a criterion, and the letter it must have


def read_filter(
    action: Action, book: Rulebook | None, chosen: Mapping[str, str], *, me: int | None, is_exact: bool = False
) -> Chosen:
    """Return a filter, whose values are checked already, as conditions on claims of an action; `me` is who asks."""
    facets = {COLUMNS[name]: ["" if chosen[name] == UNKNOWN else chosen[name]] for name in COLUMNS if chosen.get(name)}
    conditions, bounds, finding = Q(), Q(), None
    for name, read in CONDITIONS.items():
        if chosen.get(name) and name in BOUNDS:
            bounds &= read(chosen[name], me)
        elif chosen.get(name):
            conditions &= read(chosen[name], me)
    if chosen.get("criterion") and chosen.get("finding") and book:
        place = [criterion.id for criterion in book.criteria].index(chosen["criterion"]) + 1
        finding = (place, chosen["finding"][0])
        if chosen["finding"][0] in IMPLIED:
            facets.setdefault("outcome", list(IMPLIED[chosen["finding"][0]]))
        conditions &= Q(criteria_version=action.criteria)
    if chosen.get("q"):
        conditions &= find_people(action, chosen["q"], is_exact=is_exact)
    return Chosen(
        read_statuses(chosen), facets, conditions, bounds, finding=finding,
        is_plain=not conditions and not bounds and not finding,
        is_narrow=bool(chosen.get("q")) or chosen.get("assigned", NOBODY) != NOBODY or chosen.get("asked") == YES,
    )  # fmt: skip


def read_statuses(chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Return the statuses to show: those that stand, unless another is chosen or somebody is searched for."""
    status = chosen.get("status", "")
    if status == ANY or (chosen.get("q") and not status):
        return tuple(Claim.Status.values)
    return (status,) if status else Claim.STANDING


def _start_of(day: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time()))


def _is_held() -> Exists:
    return Exists(Quarantine.objects.filter(claim=OuterRef("pk"), released_at__isnull=True))


def _is_with(value: str, me: int | None) -> Q:
    work = Assignment.objects.filter(claim=OuterRef("pk"))
    if value == NOBODY:
        return ~Q(Exists(work))
    mine = Assignment.objects.filter(user=me) if value == ME else Assignment.objects.all()
    return Q(pk__in=mine.values("claim_id"))


def _is_asked(value: str, _me: int | None) -> Q:
    open_ones = Deficiency.objects.filter(closed_at__isnull=True)
    if value == NO:
        return ~Q(Exists(open_ones.filter(claim=OuterRef("pk"))))
    return Q(pk__in=open_ones.values("claim_id"))


BOUNDS = ("since", "until")
CONDITIONS: dict[str, Any] = {
    "joined": lambda value, _me: Q(joined_on__isnull=value == NO),
    "channel": lambda value, _me: Q(channel=value),
    "since": lambda value, _me: Q(registered_at__gte=_start_of(value)),
    "until": lambda value, _me: Q(registered_at__lt=_start_of(value) + timedelta(days=1)),
    "assigned": _is_with,
    "asked": _is_asked,
    "held": lambda value, _me: Q(_is_held()) if value == YES else ~Q(_is_held()),
}


def apply_filter(claims: QuerySet[Claim], chosen: Chosen) -> QuerySet[Claim]:
    """Return those of the claims that a filter chooses, in no order: what bulk steps and exports work on."""
    return apply_conditions(_keep_facets(claims, chosen), chosen)


def _keep_facets(claims: QuerySet[Claim], chosen: Chosen) -> QuerySet[Claim]:
    within = {f"{column}__in": values for column, values in chosen.facets.items()}
    return claims.filter(status__in=chosen.statuses, **within)


def apply_conditions(claims: QuerySet[Claim], chosen: Chosen) -> QuerySet[Claim]:
    """Return those of the claims that meet all conditions but the facets."""
    claims = claims.filter(chosen.bounds)
    if chosen.finding:
        place, letter = chosen.finding
        claims = claims.annotate(letter=Substr("findings", place, 1)).filter(letter=letter)
    return claims.filter(chosen.conditions)


def choose_claims(
    claims: QuerySet[Claim], action: Action, book: Rulebook | None, chosen: Mapping[str, str], *, me: int | None
) -> QuerySet[Claim]:
    """Return the claims that the values of a filter choose. One that stands in an address was checked by the form."""
    return apply_filter(claims.filter(action=action), read_filter(action, book, chosen, me=me))


# A page from any place ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """The claim at which a page begins or ends, and whether the page lies before it."""

    at: datetime | date  # when it was registered, or until when it can be mended: as the list is ordered
    pk: int
    is_before: bool = False


def list_page(action: Action, chosen: Chosen, *, sort: str, mark: Mark | None, size: int) -> list[int]:
    """Return the ids of up to `size` claims in the order of the list, or against it where the page lies before a mark.

    Stable: a claim that comes in meanwhile moves no other, so going on from the last one skips and repeats none.
    """
    goes_up = (sort != NEWEST) != (mark is not None and mark.is_before)
    key = ORDER_KEYS[sort]
    claims = start_at(apply_conditions(Claim.objects.filter(action=action), chosen), key, mark, goes_up)
    order = (key, "pk") if goes_up else (f"-{key}", "-pk")
    if sort == DUE:
        asked = claims.filter(deficiencies__closed_at__isnull=True, deficiencies__isnull=False)
        return list(_keep_facets(asked, chosen).order_by(*order).values_list("pk", flat=True)[:size])
    if connection.vendor == "postgresql" and not chosen.is_narrow:
        return [pk for _at, pk in _read_lanes(action, claims.order_by(*order), chosen, goes_up, size)]
    return list(_keep_facets(claims, chosen).order_by(*order).values_list("pk", flat=True)[:size])


def find_place(claim: Claim, *, sort: str, is_before: bool) -> Mark | None:
    """Return the place of a claim in the list; None where such a list does not have it."""
    if sort != DUE:
        return Mark(claim.registered_at, claim.pk, is_before)
    asked = Deficiency.objects.filter(claim=claim, closed_at__isnull=True).order_by("until")
    until = asked.values_list("until", flat=True).first()
    return Mark(until, claim.pk, is_before) if until else None


def start_at(claims: QuerySet[Claim], key: str, mark: Mark | None, goes_up: bool) -> QuerySet[Claim]:
    if mark is None:
        return claims
    # The first bound is what the index begins at; the second leaves out what came at the same moment before.
    if goes_up:
        return claims.filter(Q(**{f"{key}__gte": mark.at}), Q(**{f"{key}__gt": mark.at}) | Q(pk__gt=mark.pk))
    return claims.filter(Q(**{f"{key}__lte": mark.at}), Q(**{f"{key}__lt": mark.at}) | Q(pk__lt=mark.pk))


def list_lanes(action: Action, chosen: Chosen) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and their values, one row for each part of the book in which an index keeps the wanted order.

    The kept counts know which states, outcomes and tiers ever occurred together, so there are few.
    """
    kept = action.tallies.filter(kind=ClaimTally.Kind.STATUS, claims__gt=0, value__in=chosen.statuses)
    statuses = sorted(kept.values_list("value", flat=True))
    if not chosen.facets:
        return ("status",), [(status,) for status in statuses]
    wanted = {column.replace("habitual_residence", "state"): values for column, values in chosen.facets.items()}
    counts = action.counts.filter(**{f"{name}__in": values for name, values in wanted.items()})
    keys = set(counts.values_list("state", "outcome", "tier"))
    if all("" in values for values in wanted.values()):
        keys.add(("", "", ""))  # an erased claim
    return ("status", *FACETS), [(status, *key) for status in statuses for key in sorted(keys)]


def _read_lanes(
    action: Action, claims: QuerySet[Claim], chosen: Chosen, goes_up: bool, size: int
) -> list[tuple[datetime, int]]:
    """Return the first claims of all lanes together: the index gives each in order, and none is read to its end."""
    columns, lanes = list_lanes(action, chosen)
    compiled = compile_lane(claims.values_list("registered_at", "pk")[:size], columns)
    if not lanes or not compiled:
        return []
    sql, params = compiled
    word = "ASC" if goes_up else "DESC"
    return fetch_rows(
        f"SELECT found.* FROM ({list_values(lanes)}) AS lane ({', '.join(columns)})"  # noqa: S608
        f" CROSS JOIN LATERAL ({sql}) AS found (registered_at, id)"
        f" ORDER BY found.registered_at {word}, found.id {word} LIMIT {size:d}",
        [value for lane in lanes for value in lane] + params,
    )


def compile_lane(claims: QuerySet[Any, Any], columns: tuple[str, ...]) -> tuple[str, list[Any]] | None:
    """Return the query for one lane; None where nothing can fit."""
    places = [f"claims_claim.{column} = lane.{column}" for column in columns]
    limited = claims.query.clone()
    limited.add_extra(None, None, places, None, None, None)
    try:
        sql, params = limited.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, list(params)


def list_values(lanes: list[tuple[str, ...]]) -> str:
    row = f"({', '.join(['CAST(%s AS varchar)'] * len(lanes[0]))})"
    return f"VALUES {', '.join([row] * len(lanes))}"


def fetch_rows(sql: str, params: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


# How many -----------------------------------------------------------------------------------------------


def count_claims_of(action: Action, chosen: Chosen) -> int:
    """Return how many claims a filter chooses; CAP + 1 where there are more than CAP and nobody has counted them."""
    if chosen.is_plain:
        kept = count_kept(action, chosen)
        if kept is not None:
            return kept
    claims = apply_conditions(Claim.objects.filter(action=action), chosen).order_by()
    if connection.vendor != "postgresql" or chosen.is_narrow:
        return _keep_facets(claims, chosen).values("pk")[: CAP + 1].count()
    columns, lanes = list_lanes(action, chosen)
    compiled = compile_lane(claims.values_list("pk")[: CAP + 1], columns)
    if not lanes or not compiled:
        return 0
    sql, params = compiled
    ((n,),) = fetch_rows(
        f"SELECT count(*) FROM (SELECT 1 FROM ({list_values(lanes)}) AS lane ({', '.join(columns)})"  # noqa: S608
        f" CROSS JOIN LATERAL ({sql}) AS found LIMIT {CAP + 1:d}) AS counted",
        [value for lane in lanes for value in lane] + params,
    )
    return n


def count_kept(action: Action, chosen: Chosen) -> int | None:
    """Return the number that is kept for such a filter, or None where none is."""
    if not chosen.facets:
        kept = action.tallies.filter(kind=ClaimTally.Kind.STATUS, value__in=chosen.statuses)
        return sum(kept.values_list("claims", flat=True))
    if chosen.statuses == Claim.STANDING:
        wanted = {column.replace("habitual_residence", "state"): values for column, values in chosen.facets.items()}
        counts = action.counts.filter(**{f"{name}__in": values for name, values in wanted.items()})
        return sum(counts.values_list("claims", flat=True))
    return None
