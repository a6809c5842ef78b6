"""How large the book is and each of its parts: the kept numbers that a page of the list goes by, asked for once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, F, Sum, Value, When

from claims.counts import Key
from claims.models import Action, Claim, ClaimTally

Kind = ClaimTally.Kind


@dataclass(frozen=True)
class Sizes:
    """How many claims there are: of each status, of each (state, tier, outcome) that ever occurred, in court."""

    statuses: Mapping[str, int]
    facets: Mapping[Key, int]  # of those that stand; a part that nobody is left in is there still
    joined: int

    @property
    def standing(self) -> int:
        """How many stand, those that are held too: as many as the list of claims shows."""
        return sum(self.statuses.get(status, 0) for status in Claim.STANDING)

    @property
    def states(self) -> list[str]:
        """The states of residence that occur in the book; "" is unknown."""
        return sorted({state for (state, _tier, _outcome), n in self.facets.items() if n})


def read_sizes(action: Action) -> Sizes:
    """Return the kept numbers of the book of an action."""
    # By status, but of those who joined no day alone.
    part = Case(When(kind=Kind.STATUS, then=F("value")), default=Value(""))
    tallies = action.tallies.filter(kind__in=(Kind.STATUS, Kind.JOINED)).annotate(part=part).order_by()
    kept = {(kind, value): n for kind, value, n in tallies.values_list("kind", "part").annotate(n=Sum("claims"))}
    statuses = {value: n for (kind, value), n in kept.items() if kind == Kind.STATUS and n}
    facets = {tuple(key): n for *key, n in action.counts.values_list("state", "tier", "outcome", "claims")}
    return Sizes(statuses, facets, kept.get((Kind.JOINED, ""), 0))  # type: ignore[arg-type]
