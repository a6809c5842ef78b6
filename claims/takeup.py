"""How far people have come in an action: from interest to joining, over time and by state. From kept numbers only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Action, Claim, ClaimTally, Registration
from claims.rules.eligibility import Outcome
from claims.rules.plots import BAR, GAP, Week, add_up_weeks, draw_bars, draw_curves
from claims.rules.smallcells import blur, is_small

SHOWN_STATES = 10
Tallies = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Step:
    """One line from interest to joining; `query` is the list of these claims, where there is one."""

    title: str
    claims: int | None  # None: not said, nor the share
    share: int | None
    query: str | None = None
    is_legal: bool = False


def count_interested(action: Action) -> int:
    """Return how many registrations are open: begun and not sent."""
    return Registration.objects.filter(action=action, state=Registration.State.OPEN).count()


def build_funnel(action: Action, tallies: Tallies, outcomes: Mapping[str, int | None], *, is_exact: bool) -> list[Step]:
    """Return the steps from interest to joining, each with its share of all who began.

    Not `is_exact`: a small count has no share, which would tell it, and what stands beside others is rounded.
    """
    say = _keep if is_exact else blur
    by_status = tallies[ClaimTally.Kind.STATUS]
    sent = sum(by_status.values())
    interested = say(sent + count_interested(action))
    steps: list[tuple[str, int | None, str | None]] = [
        (_("Interested"), interested, None),
        (_("Sent to us"), say(sent), "status=any"),
        (_("Information missing"), outcomes[Outcome.NEEDS_INFO], "outcome=needs_info"),
        (_("Meets the criteria"), outcomes[Outcome.ELIGIBLE], "outcome=eligible"),
        (_("With a mandate"), say(sum(tallies[ClaimTally.Kind.MANDATE].values())), None),
        (_("Joined in court (proof)"), say(sum(tallies[ClaimTally.Kind.JOINED].values())), "joined=yes"),
        (_("Withdrawn"), say(by_status.get(Claim.Status.WITHDRAWN, 0)), "status=withdrawn"),
    ]
    return [
        Step(title, n, _share(n, interested, is_exact), query, is_legal="joined" in (query or ""))
        for title, n, query in steps
    ]


def _keep(number: int) -> int:
    return number


def _share(part: int | None, whole: int, is_exact: bool) -> int | None:
    return None if part is None or (is_small(part) and not is_exact) else round_share(part, whole)


def round_share(part: int, whole: int) -> int:
    """Return a share in whole percent, half up; 0 and 100 are kept for none and all."""
    if not whole or part in (0, whole):
        return 100 if part else 0
    return min(99, max(1, (200 * part + whole) // (2 * whole)))


def build_pictures(tallies: Tallies, states: Sequence[Mapping[str, Any]], *, is_exact: bool) -> dict[str, Any]:
    """Return what the two pictures of the overview show, and the tables beside them.

    Not `is_exact`: the weeks are rounded, or the difference of two would tell a small count.
    """
    weeks = list_weeks(tallies)
    if not is_exact:
        weeks = [Week(week.until, blur(week.registered), blur(week.joined)) for week in weeks]
    drawn = weeks if is_exact else [Week(it.until, *(n - n % 10 for n in (it.registered, it.joined))) for it in weeks]
    bars = draw_bars([(row["state"], row["claims"]) for row in states[:SHOWN_STATES]])
    return {
        "weeks": weeks[::-1],
        "curves": draw_curves(drawn) if len(weeks) > 1 else None,
        "first_week": weeks[0] if weeks else None,
        "last_week": weeks[-1] if weeks else None,
        "state_bars": bars,
        "bars_height": len(bars) * (BAR + GAP),
    }


def list_weeks(tallies: Tallies) -> list[Week]:
    """Return how many had registered and joined by the end of each week."""
    days = {
        kind: [(date.fromisoformat(value), n) for value, n in tallies[kind].items()]
        for kind in (ClaimTally.Kind.REGISTERED, ClaimTally.Kind.JOINED)
    }
    return add_up_weeks(days[ClaimTally.Kind.REGISTERED], days[ClaimTally.Kind.JOINED], until=timezone.localdate())
