"""How many claims there are by state, tier and outcome, kept beside the claims so that nobody scans the book."""

from collections.abc import Mapping

from django.db import connection
from django.db.models import Count, Sum

from claims.models import Action, Claim, ClaimCount
from claims.rules.eligibility import Outcome

Key = tuple[str, str, str]  # state of habitual residence, tier, outcome; "" is unknown or not screened


def add_counts(action_id: int, deltas: Mapping[Key, int]) -> None:
    """Add to the counts of an action. Call it late in the transaction that changes the claims.

    The rows are locked until the transaction ends, in one order, so that two writers never wait for each other.
    """
    rows = [(action_id, *key, n) for key, n in sorted(deltas.items()) if n]
    if not rows:
        return
    table = ClaimCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (action_id, state, tier, outcome, claims) VALUES (%s, %s, %s, %s, 0)"  # noqa: S608
            " ON CONFLICT (action_id, state, tier, outcome) DO NOTHING",
            [row[:4] for row in rows],
        )
        cursor.executemany(
            f"UPDATE {table} SET claims = claims + %s WHERE action_id = %s AND state = %s AND tier = %s AND outcome = %s",  # noqa: S608
            [(n, *key) for *key, n in rows],
        )


def count_by_outcome(action: Action) -> dict[str, int]:
    """Return the number of claims for each outcome and for "" (not screened)."""
    found = dict(action.counts.values_list("outcome").annotate(n=Sum("claims")).order_by())
    return {outcome: found.get(outcome, 0) for outcome in ("", *Outcome)}


def count_by_state_and_tier(action: Action) -> list[dict]:
    """Return {state, tier, claims} for every state and tier with claims, in order."""
    rows = action.counts.values("state", "tier").annotate(n=Sum("claims")).filter(n__gt=0).order_by("state", "tier")
    return [{"state": row["state"], "tier": row["tier"], "claims": row["n"]} for row in rows]


def count_claims(action: Action) -> int:
    """Return the number of claims in the book of an action."""
    return action.counts.aggregate(n=Sum("claims"))["n"] or 0


def scan_counts(action: Action) -> dict[Key, int]:
    """Return the counts by reading every claim: what the kept counts must agree with."""
    rows = Claim.objects.filter(action=action).values_list("habitual_residence", "tier", "outcome").annotate(n=Count("id"))
    return {(state, tier, outcome): n for state, tier, outcome, n in rows.order_by()}
