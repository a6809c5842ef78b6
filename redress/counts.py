"""The people that a scenario of the basis `registered` reckons with, frozen; and counts that may be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from claims.base.documents import compute_digest
from claims.counts import list_counts
from claims.models import Action
from claims.rules.eligibility import Outcome

UNKNOWN_TIER = "unknown"  # what a scenario calls the claims whose tier is not yet known, or that fit none
SMALLEST = 10  # people of a cohort that may be published


@dataclass(frozen=True)
class Frozen:
    """Eligible claims by state and tier at one moment, with the digest that names them."""

    rows: list[dict[str, Any]]
    sha256: str
    at: datetime | None

    @property
    def by_cohort(self) -> dict[tuple[str, str], int]:
        """The claims by (state, tier), as the engine takes them."""
        return {(row["state"], row["tier"]): row["claims"] for row in self.rows}


def freeze_counts(action: Action) -> Frozen:
    """Count the eligible claims of an action as they stand now."""
    found = {key: n for key, n in sorted(list_counts(action).items()) if key[2] == Outcome.ELIGIBLE}
    rows = [{"state": state, "tier": tier or UNKNOWN_TIER, "claims": n} for (state, tier, _), n in found.items()]
    return Frozen(rows, compute_digest(rows), timezone.now())


def hide_small(rows: Sequence[Mapping[str, Any]], people: str = "members") -> tuple[list[Mapping[str, Any]], int]:
    """Return the rows of states that may be published, and how many are kept back.

    A state with fewer than ten people could point to somebody. Where it is the only one, the next larger goes with
    it: what is missing from the total would tell the number.
    """
    shown = sorted((row for row in rows if row[people] >= SMALLEST), key=lambda row: -row[people])
    hidden = [row[people] for row in rows if 0 < row[people] < SMALLEST]
    while hidden and shown and (len(hidden) < 2 or sum(hidden) < SMALLEST):
        hidden.append(shown.pop()[people])
    return sorted(shown, key=lambda row: str(row["state"])), len(hidden)
