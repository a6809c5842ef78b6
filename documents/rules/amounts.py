"""What a scenario says for one claimant: the least that is asked for in each tier."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def find_least_award(document: Mapping[str, Any]) -> tuple[Decimal, str] | None:
    """Return the least amount per head in euros with its source; None where the scenario names no such amount.

    The amount itself where it is fixed, the tenth percentile of a lognormal, the low end of a range: a claimant asks
    the court for at least that, and leaves the rest to its discretion.
    """
    award = document.get("award_per_head", {}).get("default")
    if isinstance(award, int | float | str):
        return Decimal(str(award)), document["award_per_head"].get("source", "")
    if not isinstance(award, Mapping):
        return None
    for key in ("value", "p10", "low"):
        if key in award:
            return Decimal(str(award[key])), str(award.get("source", ""))
    return None


def list_tier_amounts(document: Mapping[str, Any]) -> dict[str, int]:
    """Return the least amount of each tier in whole cents: the amount per head times the multiple of the tier."""
    least = find_least_award(document)
    if least is None:
        return {}
    tiers = document.get("population", {}).get("tiers", {})
    cents = {tier: least[0] * Decimal(str(entry["multiple"])) * 100 for tier, entry in tiers.items()}
    return {tier: int(amount.quantize(Decimal(1), ROUND_HALF_UP)) for tier, amount in cents.items()}
