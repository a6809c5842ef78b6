"""Kept numbers of the book: by status, by day, with a mandate. Changed with the claims, never counted for a page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Model
from django.db.models.functions import TruncDate

from claims.models import Action, Claim, ClaimTally
from claims.models.claims import ClaimQuerySet

TALLIES = ClaimTally._meta.db_table
Kind = ClaimTally.Kind
Tally = tuple[str, str]  # kind and value
Status = Claim.Status


def add_tallies(action_id: int, deltas: Mapping[Tally, int]) -> None:
    """Add to the tallies of an action. Call it last, after `add_counts`: the rows stay locked till the end.

    Everybody locks them in the order of their keys, so two writers may wait for each other, never both at once.
    """
    for (kind, value), n in sorted(deltas.items()):
        if n:
            _add(action_id, kind, value, n)


def _add(action_id: int, kind: str, value: str, n: int) -> None:
    # A row with a negative number would break its constraint before the conflict is seen: it starts at nothing.
    key: list[int | str] = [action_id, kind, value]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TALLIES} (action_id, kind, value, claims) VALUES (%s, %s, %s, 0)"  # noqa: S608
            " ON CONFLICT (action_id, kind, value) DO NOTHING",
            key,
        )
        cursor.execute(
            f"UPDATE {TALLIES} SET claims = claims + %s WHERE action_id = %s AND kind = %s AND value = %s",  # noqa: S608
            (n, *key),
        )


def list_new_tallies(claims: Iterable[tuple[datetime, bool]]) -> Counter[Tally]:
    """Return what new claims add: each is given by when it was registered, and whether it has a mandate."""
    added: Counter[Tally] = Counter()
    for registered_at, has_mandate in claims:
        added[Kind.STATUS, Status.SUBMITTED] += 1
        added[Kind.REGISTERED, registered_at.astimezone(UTC).date().isoformat()] += 1
        added[Kind.MANDATE, ""] += has_mandate
    return added


def add_new_claim(claim: Claim) -> None:
    """Tally a claim that was just made."""
    add_tallies(claim.action_id, list_new_tallies([(claim.registered_at, has_mandate(claim))]))


def list_move(claim: Claim, before: str) -> Counter[Tally]:
    """Return what changes where the status of a claim has just changed."""
    deltas: Counter[Tally] = Counter({(Kind.STATUS, before): -1, (Kind.STATUS, claim.status): 1})
    if (change := (claim.status in Claim.STANDING) - (before in Claim.STANDING)) and has_mandate(claim):
        deltas[Kind.MANDATE, ""] = change
    if (change := (claim.status in Claim.IN_COURT) - (before in Claim.IN_COURT)) and claim.joined_on:
        deltas[Kind.JOINED, claim.joined_on.isoformat()] = change
    return deltas


def list_moved_day(before: datetime, after: datetime) -> Counter[Tally]:
    """Return what changes where a claim counts as registered at another moment."""
    moved: Counter[Tally] = Counter()
    for moment, n in ((before, -1), (after, 1)):
        moved[Kind.REGISTERED, moment.astimezone(UTC).date().isoformat()] += n
    return moved


def find_mandate_question(action: Action) -> str:
    """Return the question that is answered by giving the mandate (Article 80(1) GDPR), or ""."""
    found = (q["id"] for q in action.questions if q.get("declared", {}).get("kind", "").startswith("mandate"))
    return next(found, "")


def has_mandate(claim: Claim) -> bool:
    """Whether the mandate was given with a claim."""
    question = find_mandate_question(claim.action)
    return bool(question) and claim.answers.get(question) == "yes"


def read_tallies(action: Action) -> dict[str, dict[str, int]]:
    """Return kind -> value -> claims, for all that is not nothing."""
    kept: dict[str, dict[str, int]] = {kind: {} for kind in Kind}
    for kind, value, n in action.tallies.filter(claims__gt=0).order_by("value").values_list("kind", "value", "claims"):
        kept[kind][value] = n
    return kept


def count_standing(action: Action) -> int:
    """Return how many claims stand, those that are held too: as many as the list of claims shows."""
    kept = action.tallies.filter(kind=Kind.STATUS, value__in=Claim.STANDING)
    return sum(kept.values_list("claims", flat=True))


def read_counted(action: Action) -> dict[str, dict[str, int]]:
    """Return the same without the claims that a person must look at before they count (claims.quarantine)."""
    held = _scan(Claim.objects.filter(quarantine__action=action, quarantine__released_at__isnull=True), action)
    kept = read_tallies(action)
    return {kind: {it: n - held[kind].get(it, 0) for it, n in found.items()} for kind, found in kept.items()}


def scan_tallies(action: Action) -> dict[str, dict[str, int]]:
    """Return the kept numbers by reading every claim: what they must agree with."""
    return _scan(Claim.objects.filter(action=action), action)


def _scan(claims: ClaimQuerySet, action: Action) -> dict[str, dict[str, int]]:
    question = find_mandate_question(action)
    mandates = claims.standing().filter(**{f"answers__{question}": "yes"}).count() if question else 0
    joined = _count_by(claims.joined(), "joined_on")
    return {
        Kind.STATUS: _count_by(claims, "status"),
        Kind.REGISTERED: _count_by(claims.annotate(day=TruncDate("registered_at", tzinfo=UTC)), "day"),
        Kind.JOINED: joined,
        Kind.MANDATE: {"": mandates} if mandates else {},
    }


def _count_by(claims: Any, name: str) -> dict[str, int]:
    rows = claims.values_list(name).annotate(n=Count("id")).order_by(name)
    return {value if isinstance(value, str) else value.isoformat(): n for value, n in rows}


def recount(action: Action) -> None:
    """Write the tallies of an action anew from its claims: after it was filled by other means."""
    ClaimTally.objects.filter(action=action).delete()
    rows: list[Model] = [
        ClaimTally(action=action, kind=kind, value=value, claims=n)
        for kind, found in scan_tallies(action).items()
        for value, n in found.items()
    ]
    ClaimTally.objects.bulk_create(rows)  # type: ignore[arg-type]
