"""How many claims stand, by state, tier and outcome, kept beside the claims so that nobody scans the book.

A claim that was withdrawn, refused or merged into another is in the book and in no count.
"""

from collections import Counter
from collections.abc import Mapping

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from claims.models import Action, Claim, ClaimCount, Quarantine
from claims.rules.eligibility import Outcome

COUNTS = ClaimCount._meta.db_table
Key = tuple[str, str, str]  # state of habitual residence, tier, outcome; "" is unknown or not screened


def add_counts(action_id: int, deltas: Mapping[Key, int]) -> None:
    """Add to the counts of an action. Call it once and late in the transaction that changes the claims.

    The rows are locked until the transaction ends, in the order of their keys: two writers may wait for each other,
    never both at once.
    """
    rows = [(*key, n) for key, n in sorted(deltas.items()) if n]
    if not rows:
        return
    places = ", ".join(["(%s, %s, %s, CAST(%s AS bigint))"] * len(rows))
    insert = (
        f"INSERT INTO {COUNTS} (action_id, state, tier, outcome, claims)"  # noqa: S608
        f" SELECT {action_id:d}, column1, column2, column3, 0 FROM (VALUES {places}) AS delta WHERE TRUE"
        " ON CONFLICT (action_id, state, tier, outcome) DO NOTHING"
    )
    # An UPDATE locks rows as its plan finds them; SQLite has one writer at a time and no such clause.
    lock = (
        f"SELECT 1 FROM {COUNTS} WHERE action_id = {action_id:d} AND (state, tier, outcome) IN"  # noqa: S608
        f" (SELECT column1, column2, column3 FROM (VALUES {places}) AS delta) ORDER BY state, tier, outcome FOR UPDATE"
    )
    update = (
        f"UPDATE {COUNTS} AS kept SET claims = claims + delta.column4 FROM (VALUES {places}) AS delta"  # noqa: S608
        f" WHERE action_id = {action_id:d} AND state = column1 AND tier = column2 AND outcome = column3"
    )
    values = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        for statement in (insert, lock, update) if connection.vendor == "postgresql" else (insert, update):
            cursor.execute(statement, values)


def move_count(action_id: int, before: Key, after: Key) -> None:
    """Count one claim under another key; late in the transaction, as `add_counts`."""
    if before != after:
        add_counts(action_id, {before: -1, after: 1})


def list_counts(action: Action) -> Counter[Key]:
    """Return the number of claims for each key, without those that are held; keys without claims are left out."""
    kept = action.counts.filter(claims__gt=0).values_list("state", "tier", "outcome", "claims")
    counts = Counter({(state, tier, outcome): n for state, tier, outcome, n in kept})
    counts.subtract(count_held(action))
    return +counts


def count_held(action: Action) -> Counter[Key]:
    """Return how many claims a person must look at before they count (claims.quarantine)."""
    held = Claim.objects.standing().filter(quarantine__action=action, quarantine__released_at__isnull=True)
    rows = held.values_list("habitual_residence", "tier", "outcome").annotate(n=Count("id")).order_by()
    return Counter({(state, tier, outcome): n for state, tier, outcome, n in rows})


def count_by_outcome(action: Action, counts: Counter[Key] | None = None) -> dict[str, int]:
    """Return the number of claims for each outcome and for "" (not screened); of counts where they are read already."""
    found: Counter[str] = Counter()
    for (_state, _tier, outcome), n in (list_counts(action) if counts is None else counts).items():
        found[outcome] += n
    return {outcome: found[outcome] for outcome in ("", *Outcome)}


def count_by_state_and_tier(action: Action, counts: Counter[Key] | None = None) -> list[dict]:
    """Return {state, tier, claims} for every state and tier with claims, in order; of counts as `count_by_outcome`."""
    found: Counter[tuple[str, str]] = Counter()
    for (state, tier, _outcome), n in (list_counts(action) if counts is None else counts).items():
        found[state, tier] += n
    return [{"state": state, "tier": tier, "claims": n} for (state, tier), n in sorted(found.items())]


def count_claims(action: Action) -> int:
    """Return the number of claims that stand in an action and count."""
    held = Quarantine.objects.filter(action=action, released_at__isnull=True)
    return count_chosen(action) - held.filter(claim__status__in=Claim.STANDING).count()


def count_chosen(action: Action, **key: str) -> int:
    """Return the number of claims with this `state`, `tier` and `outcome`, as far as they are given, held ones too."""
    return action.counts.filter(**key).aggregate(n=Sum("claims"))["n"] or 0


def list_states(action: Action) -> list[str]:
    """Return the states of residence that occur in the book; "" is unknown."""
    return list(action.counts.filter(claims__gt=0).values_list("state", flat=True).distinct().order_by("state"))


def scan_counts(action: Action) -> dict[Key, int]:
    """Return the counts by reading every standing claim: what the kept counts must agree with."""
    rows = (
        Claim.objects.standing()
        .filter(action=action)
        .values_list("habitual_residence", "tier", "outcome")
        .annotate(n=Count("id"))
    )
    return {(state, tier, outcome): n for state, tier, outcome, n in rows.order_by()}


def list_filled(actions: QuerySet[Action], name: str) -> set[str]:
    """Return the values of `state` or `tier` that claims of these actions have."""
    counts = ClaimCount.objects.filter(action__in=actions.values("pk")).exclude(**{name: ""})
    return set(counts.values_list(name, flat=True))
