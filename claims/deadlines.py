"""The deadlines of an action as a list for people: each with its day, how it was counted, and how long is left."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.counts import count_by_state_and_tier
from claims.models import Action
from claims.procedure.dates import find_deadlines, find_today, read_happened
from claims.procedure.words import RULES, name_event
from claims.regimes import find_period
from claims.rules.deadlines import OPENINGS, Deadline
from claims.rules.limitation import Clock, Limitation, compute_limitation, find_beginning
from claims.rules.regimes import Entry
from claims.rules.smallcells import hide_small
from claims.terms import Term, describe_deadline
from claims.wording import count, country, day

URGENT, NEAR = 7, 30  # days; the words say it, the colour repeats it


@dataclass(frozen=True)
class DeadlineRow:
    """A deadline for a page: the term in words, the days left (less than 0: over), and the mark of how near it is."""

    rule: str
    term: Term
    deadline: Deadline
    days_left: int | None
    says: str
    mark: str


def list_deadlines(action: Action, *, today: date | None = None) -> list[DeadlineRow]:
    """Return the deadlines: those with a day first, the next one on top, then those that still wait."""
    on = today or find_today(action)
    rows = [_make_row(deadline, action, on) for deadline in find_deadlines(action).values()]
    return sorted(rows, key=lambda row: (row.days_left is None, row.days_left is not None and row.days_left < 0))


def _make_row(deadline: Deadline, action: Action, today: date) -> DeadlineRow:
    term = describe_deadline(str(RULES[deadline.rule]), deadline, action)
    left = deadline.count_days_left(today)
    if deadline.rule in OPENINGS:
        return DeadlineRow(deadline.rule, term, deadline, left, _say_opening(left), "" if term.is_known else "unk")
    return DeadlineRow(deadline.rule, term, deadline, left, say_left(left), _mark(left, term))


def _mark(left: int | None, term: Term) -> str:
    if left is None:
        return "" if term.is_known else "unk"
    return "no" if left <= URGENT else "unk" if left <= NEAR or term.is_open else ""


def say_left(left: int | None) -> str:
    """Say how many days are left, or for how long it is over."""
    if left is None:
        return ""
    if left == 0:
        return _("Today is the last day")
    if left < 0:
        return ngettext("Over since yesterday", "Over for %(n)s days", -left) % {"n": count(-left)}
    near = _("Urgent") + ": " if left <= URGENT else _("Soon") + ": " if left <= NEAR else ""
    return near + ngettext("%(n)s day left", "%(n)s days left", left) % {"n": count(left)}


def _say_opening(left: int | None) -> str:
    if left is None:
        return ""
    return ngettext("In %(n)s day", "In %(n)s days", left) % {"n": count(left)} if left > 0 else _("Open")


@dataclass(frozen=True)
class LimitationRow:
    """The time bar by the law of a state in which claimants live; a warning, never a date to rest on."""

    state: str
    name: str
    claims: int | None  # None: not said
    entry: Entry | None
    says: str
    days_left: int | None
    left: str
    mark: str


def list_limitation(action: Action, *, today: date | None = None) -> list[LimitationRow]:
    """Return the time bar for each state of residence in the book, the earliest first, unknown ones last."""
    claims: Counter[str] = Counter()
    for found in count_by_state_and_tier(action):
        claims[found["state"]] += found["claims"]
    return sort_by_bar(action, claims, today=today)


def sort_by_bar(action: Action, claims: Mapping[str, int], *, today: date | None = None) -> list[LimitationRow]:
    """Return the time bar for each of these states with their numbers of claims, as `list_limitation` does."""
    on, events = today or find_today(action), read_happened(action)
    rows = [_make_limitation(state, n, events, on) for state, n in claims.items()]
    return sorted(rows, key=lambda row: (row.days_left is None, row.days_left or 0, row.name))


def find_barred(action: Action, claims: Mapping[str, int]) -> LimitationRow | None:
    """Return the one of these states whose claims are barred first, where that is near or may be so by now."""
    return next((row for row in sort_by_bar(action, claims) if row.mark == "no"), None)


def hide_small_rows(rows: list[LimitationRow]) -> list[LimitationRow]:
    """Return the rows for who reads no claims: the dates stay, a number that would tell a small one goes."""
    said = hide_small({row.state: row.claims or 0 for row in rows})
    return [replace(row, claims=said[row.state]) for row in rows]


def _make_limitation(state: str, claims: int, events: dict, today: date) -> LimitationRow:
    entry = find_period(state)
    if entry is None:
        says = _("Unknown: there is no record of this state")
        return LimitationRow(state, country(state), claims, None, says, None, "", "unk")
    # Joining stops the time of one person, not of a state: here it counts for nobody.
    limit = compute_limitation(entry, events, began_on=find_beginning(events), joined_on=None)
    left = limit.count_days_left(today)
    mark = "no" if left is not None and left <= NEAR else "unk"
    said = _("May be barred by now") if left is not None and left < 0 else say_left(left)
    return LimitationRow(state, country(state), claims, entry, say_limitation(limit), left, said, mark)


def say_limitation(limit: Limitation) -> str:
    """Say when a claim can be barred, and from what that was counted."""
    if limit.clock == Clock.STOPPED:
        return _("The time does not run since %(day)s.") % {"day": day(limit.stopped_on)}
    if limit.on is None:
        missing = name_event("infringement-began")
        return _("Unknown until this is entered: %(event)s.") % {"event": missing} if limit.years else _("Unknown")
    years = ngettext("%(n)s year", "%(n)s years", limit.years or 0) % {"n": limit.years}
    return _("Not before %(day)s: %(years)s from %(start)s, the first day on which the time can run.") % {
        "day": day(limit.on), "years": years, "start": day(limit.counts_from),
    }  # fmt: skip
