"""What a scenario says for one claimant: the least that is asked for in each tier."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# How an award is read, in this order: an amount that is fixed, the tenth percentile, the low end of a range.
KINDS = {"value": "fixed", "p10": "percentile", "low": "low"}


@dataclass(frozen=True)
class Least:
    """The amount per head in euros that is asked for at least, with what it is and where it comes from."""

    euros: Decimal
    kind: str  # one of KINDS' values
    source: str
    is_lowest_of_states: bool = False


def find_least_award(document: Mapping[str, Any]) -> Least | None:
    """Return what is asked for at least per head; None where the scenario names no such amount.

    A fixed amount is it, of a lognormal the tenth percentile, of a range the low end, each within floor and cap. A tier
    has one amount in all states: where the scenario has awards of their own for some, the lowest of all holds, so that
    nobody is said to be owed more than the scenario assumes for the state; where one of them cannot be read, none does.
    """
    awards = document.get("award_per_head", {})
    if not isinstance(awards, Mapping):
        awards = {"default": awards}
    found = [_read_award(award) for award in awards.values()]
    known = [least for least in found if least is not None]
    if not known or len(known) < len(found):
        return None
    lowest = min(known, key=lambda least: least.euros)
    return Least(lowest.euros, lowest.kind, lowest.source, is_lowest_of_states=len(known) > 1)


def _read_award(award: Any) -> Least | None:
    if isinstance(award, int | float | str):
        return Least(Decimal(str(award)), "fixed", "")
    if not isinstance(award, Mapping):
        return None
    for key, kind in KINDS.items():
        if key in award:
            euros = Decimal(str(award[key]))
            euros = max(euros, Decimal(str(award.get("floor", euros))))
            euros = min(euros, Decimal(str(award.get("cap", euros))))
            return Least(euros, kind, str(award.get("source", "")))
    return None


def describe_least_award(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a statement says of the least amount in words; nothing where there is none."""
    least = find_least_award(document)
    return {"kind": least.kind, "is_lowest_of_states": least.is_lowest_of_states} if least else {}


def list_tier_amounts(document: Mapping[str, Any]) -> dict[str, int]:
    """Return the least amount of each tier in whole cents: the amount per head times the multiple of the tier."""
    least = find_least_award(document)
    if least is None:
        return {}
    tiers = document.get("population", {}).get("tiers", {})
    cents = {tier: least.euros * Decimal(str(entry["multiple"])) * 100 for tier, entry in tiers.items()}
    return {tier: int(amount.quantize(Decimal(1), ROUND_HALF_UP)) for tier, amount in cents.items()}
