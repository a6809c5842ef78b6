"""The book of claims: what a filter chooses, in an order that an index carries, from any place, and how many that are.

A filter is what stands in an address: names and texts, checked by `claims.forms.ClaimFilterForm`. Jobs that work on a
filter keep exactly that and call `choose_claims`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils import timezone

from claims.criteria import Rulebook
from claims.models import Action, Assignment, Claim, Decision, Deficiency, Quarantine
from claims.rules.eligibility import Outcome
from claims.search import find_people
from claims.sizes import Sizes
from claims.waits import list_waiting_ids, list_waiting_rows

ANY, UNKNOWN, NEWEST, WAITING, DUE = "any", "unknown", "newest", "waiting", "due"
ME, NOBODY = "me", "nobody"
YES, NO = "yes", "no"
SHORT = 2000  # claims that are read and sorted for one page where a small table names them
CAP = 10_000  # nobody reads that far; counting further would cost every page
FACETS = ("habitual_residence", "outcome", "tier")
COLUMNS = {"state": "habitual_residence", "outcome": "outcome", "tier": "tier"}
Rows = TypeVar("Rows", bound=QuerySet[Any])
ORDER_KEYS = {NEWEST: "registered_at", WAITING: "registered_at", DUE: "deficiencies__until"}
# What a finding says of the outcome, so that the index of outcomes narrows the search for it.
IMPLIED = {"n": (Outcome.INELIGIBLE,), "u": (Outcome.INELIGIBLE, Outcome.NEEDS_INFO)}


@dataclass(frozen=True)
class Chosen:
    """A filter, read: the facets that an index leads by, and all other conditions."""

    statuses: tuple[str, ...] = Claim.STANDING
    facets: Mapping[str, list[str]] = field(default_factory=dict)  # column -> values; "" is unknown
    conditions: Q = field(default_factory=Q)
    tables: tuple[tuple[QuerySet[Any], bool], ...] = ()  # small ones, whose rows must name a claim, or must not
    bounds: Q = field(default_factory=Q)  # conditions that the order of the list itself carries
    is_plain: bool = True  # facets alone: then the kept counts know how many
    is_narrow: bool = False  # a short list says which claims: quicker read from there than from the book
    is_rare: bool = False  # a list says which claims, and is long: few of the book fit, so no short look finds enough
    reads_rows: bool = False  # a claim itself must be read to tell, not only an index and small tables
    finding: tuple[int, str] | None = None  # the place of a criterion, and the letter it must have
    implied: tuple[str, ...] = ()  # the only outcomes that such a finding goes with

    @property
    def is_tested(self) -> bool:
        """Whether there are conditions beside the facets and the bounds, which no index leads to."""
        return bool(self.conditions or self.tables or self.finding)


def read_filter(
    action: Action, book: Rulebook | None, chosen: Mapping[str, str], *, me: int | None, people: Q | None = None
) -> Chosen:
    """Return a filter, whose values are checked already, as conditions on claims of an action; `me` is who asks.

    Who is meant by what was typed is looked up, unless `people` says it.
    """
    if chosen.get("sort") == DUE:  # that order has only claims with an open question, and so has what counts them
        chosen = {**chosen, "asked": YES}
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
        newest = action.criteria_versions.order_by("-number").values("pk")[:1]
        conditions &= Q(criteria_version=Subquery(newest))
    if kind := chosen.get("waits"):
        conditions &= Q(pk__in=list_waiting_ids(action, kind, me=me))
    if chosen.get("q"):
        conditions &= find_people(action, chosen["q"]).wide if people is None else people
    tables = tuple(
        (read(chosen[name], me), chosen[name] not in (NO, NOBODY)) for name, read in TABLES.items() if chosen.get(name)
    )
    lists = [rows for rows, is_among in tables if is_among]
    lists += [list_waiting_rows(action, chosen["waits"], me=me)] if chosen.get("waits") else []
    return Chosen(
        read_statuses(chosen), facets, conditions, tables, bounds, finding=finding, is_rare=bool(lists),
        implied=IMPLIED.get(finding[1], ()) if finding else (),
        is_plain=not conditions and not tables and not bounds and not finding,
        is_narrow=bool(chosen.get("q")) or any(map(_is_short, lists)),
        reads_rows=bool(finding or chosen.get("joined") or chosen.get("channel")),
    )  # fmt: skip


def _is_short(rows: QuerySet[Any]) -> bool:
    """Whether a small table names no more claims than are quickly read and sorted."""
    return rows.order_by().values("pk")[: SHORT + 1].count() <= SHORT


def read_statuses(chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Return the statuses to show: those that stand, unless another is chosen or somebody is searched for.

    What waits can be an objection against a refusal.
    """
    status = chosen.get("status", "")
    if status == ANY or ((chosen.get("q") or chosen.get("waits")) and not status):
        return tuple(Claim.Status.values)
    return (status,) if status else Claim.STANDING


def _start_of(day: str) -> datetime:
    within = min(max(date.fromisoformat(day), EARLIEST), LATEST)
    return timezone.make_aware(datetime.combine(within, time()))


def _list_work(value: str, me: int | None) -> QuerySet[Assignment]:
    return Assignment.objects.filter(user=me) if value == ME else Assignment.objects.all()


def list_asked() -> QuerySet[Deficiency]:
    """Return the open questions, of whichever action."""
    return Deficiency.objects.filter(closed_at__isnull=True)


def _list_held() -> QuerySet[Quarantine]:
    return Quarantine.objects.filter(released_at__isnull=True)


BOUNDS = ("since", "until")
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)  # nothing was registered beyond: a day further has no moment
CONDITIONS: dict[str, Any] = {
    "joined": lambda value, _me: Q(joined_on__isnull=value == NO),
    "channel": lambda value, _me: Q(channel=value),
    "since": lambda value, _me: Q(registered_at__gte=_start_of(value)),
    "until": lambda value, _me: Q(registered_at__lt=_start_of(value) + timedelta(days=1)),
}
TABLES: dict[str, Any] = {
    "assigned": _list_work,
    "asked": lambda _value, _me: list_asked(),
    "held": lambda _value, _me: _list_held(),
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
    for rows, is_among in chosen.tables:
        named = Q(pk__in=rows.values("claim_id")) if is_among else ~Q(Exists(rows.filter(claim=OuterRef("pk"))))
        claims = claims.filter(named)
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
    claims: QuerySet[Claim] = Claim.objects.filter(action=action)
    if sort == DUE:
        claims = claims.filter(deficiencies__closed_at__isnull=True, deficiencies__isnull=False)
    claims = apply_filter(start_at(claims, key, mark, goes_up), chosen)
    return list(claims.order_by(*((key, "pk") if goes_up else (f"-{key}", "-pk"))).values_list("pk", flat=True)[:size])


def find_place(claim: Claim, *, sort: str, is_before: bool, decision: Decision | None = None) -> Mark | None:
    """Return the place of a claim in the list; None where such a list never had it.

    A claim of which the question is closed by now has its place still, so that one goes on from there. So it is with
    one that was asked anew by a `decision`: named, it has the place from before.
    """
    if sort != DUE:
        return Mark(claim.registered_at, claim.pk, is_before)
    asked = Deficiency.objects.filter(claim=claim).order_by(F("closed_at").desc(nulls_first=True), "until")
    if decision:
        asked = asked.exclude(decision=decision)
    until = asked.values_list("until", flat=True).first()
    return Mark(until, claim.pk, is_before) if until else None


def start_at(rows: Rows, key: str, mark: Mark | None, goes_up: bool, pk: str = "pk") -> Rows:
    """Return the rows from a mark on: claims, or what names them by `pk`."""
    if mark is None:
        return rows
    # The first bound is what the index begins at; the second leaves out what came at the same moment before.
    way = "gt" if goes_up else "lt"
    later = Q(**{f"{key}__{way}": mark.at}) | Q(**{f"{pk}__{way}": mark.pk})
    return rows.filter(Q(**{f"{key}__{way}e": mark.at}), later)


# How many -----------------------------------------------------------------------------------------------


def count_kept(sizes: Sizes, chosen: Chosen) -> int | None:
    """Return the number that is kept for such a filter, or None where none is."""
    if not chosen.facets:
        return sum(sizes.statuses.get(status, 0) for status in chosen.statuses)
    if chosen.statuses == Claim.STANDING:
        return sum(n for _key, n in list_parts(sizes, chosen.facets))
    return None


def list_parts(sizes: Sizes, facets: Mapping[str, list[str]]) -> list[tuple[tuple[str, str, str], int]]:
    """Return the parts of the book that have these facets, in the order of FACETS, with the number that stand."""
    wanted = [facets.get(column) for column in FACETS]
    parts = [((state, outcome, tier), n) for (state, tier, outcome), n in sizes.facets.items()]
    return [(key, n) for key, n in parts if all(v is None or own in v for own, v in zip(key, wanted, strict=True))]
