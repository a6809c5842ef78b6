"""Deadlines of an action: what the record of the law says, counted from what has happened. Unknown stays unknown.

A deadline comes from an event and nothing else: while the event is to come, the answer is which one ends the waiting.
Everything here is a value; the clock, the holidays and the words come from outside.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from claims.rules.courtdays import add_months, end_of_day, find_zone, is_free_day, roll_forward, start_of_day
from claims.rules.regimes import Entry, Regime

# What a court sets where the law gives no span: the event is then the day that the court named.
SET_BY_COURT = {
    "join_opens": "joining-starts",
    "join_closes": "joining-ends",
    "second_join_opens": "second-joining-starts",
    "second_join_closes": "second-joining-ends",
    "withdraw_until": "leaving-ends",
    "settlement_exit": "exit-ends",
}
OPENINGS = ("join_opens", "second_join_opens")
ORDER = (
    "urgency", "consultation", "join_opens", "join_closes", "second_join_opens", "second_join_closes", "withdraw_until",
    "rivals_join", "settlement_exit",
)  # fmt: skip


class State(StrEnum):
    """What can be said of a deadline."""

    KNOWN = "known"
    WAITING = "waiting"  # the law is known, the event that starts the time is to come
    UNKNOWN = "unknown"  # the law is not known to us, or the court has set nothing yet
    NEVER = "never"  # joining cannot be taken back at all
    ANY_TIME = "any_time"  # there is no last day


@dataclass(frozen=True)
class Happened:
    """An event of an action: on which day at the court, and at what time where somebody entered it."""

    on: date
    at: time | None = None


Events = Mapping[str, Happened]


@dataclass(frozen=True)
class Deadline:
    """One deadline with its arithmetic. `on` is the last day (of an opening: the first), `moment` that with its time.

    `entry` is the rule with text, source and confidence. `since` is the day of the event that starts the time.
    `counted_on` is the day before a calendar act moved it. `is_weekend_open`: the day is free of work and whether it
    moves is unknown, so the earlier day is given.
    """

    rule: str
    entry: Entry
    state: State
    event: str = ""
    since: date | None = None
    add_days: int = 0
    add_months: int = 0
    on: date | None = None
    moment: datetime | None = None
    counted_on: date | None = None
    is_weekend_open: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is a day."""
        return self.state == State.KNOWN

    @property
    def has_moved(self) -> bool:
        """Whether a calendar act moved the last day."""
        return self.counted_on is not None and self.counted_on != self.on

    def count_days_left(self, day: date) -> int | None:
        """Return how many days are left, 0 on the last one and less than 0 afterwards; None while nobody can know."""
        return (self.on - day).days if self.on else None


def compute_deadlines(regime: Regime, events: Events, holidays: Collection[date] = ()) -> dict[str, Deadline]:
    """Return the deadlines of an action by rule, in the order of a case. Only what the record speaks of is there."""
    rules = [rule for rule in ORDER if rule in regime.rules]
    return {rule: compute_deadline(regime, rule, events, holidays) for rule in rules}


def compute_deadline(regime: Regime, rule: str, events: Events, holidays: Collection[date] = ()) -> Deadline:
    """Return one deadline of a regime. Raises KeyError where the record does not speak of it."""
    entry = regime[rule]
    if rule == "withdraw_until" and (state := _find_plain_leaving(regime)):
        return Deadline(rule, regime["withdrawal_allowed"], state)
    span: Mapping[str, Any] | None = entry.value
    if span is None:
        return _compute_set_by_court(regime, rule, events)
    happened = events.get(span["event"])
    days, months = span["add_days"] or 0, span["add_months"] or 0
    if happened is None:
        return Deadline(rule, entry, State.WAITING, span["event"], add_days=days, add_months=months)
    counted = add_months(happened.on, months) + timedelta(days=days)
    on = roll_forward(counted, holidays) if span["weekend"] == "calendar_act" else counted
    return Deadline(
        rule, entry, State.KNOWN, span["event"], happened.on, days, months, on,
        _find_moment(regime, rule, on, happened if not (days or months) else None), counted,
        span["weekend"] == "unknown" and bool(days or months) and is_free_day(on, holidays),
    )  # fmt: skip


def _find_plain_leaving(regime: Regime) -> State | None:
    """Return NEVER or ANY_TIME where the record says so: then there is no day to count."""
    allowed = regime.rules.get("withdrawal_allowed")
    plain = {"never": State.NEVER, "any_time": State.ANY_TIME}
    return plain.get(allowed.value) if allowed else None


def _compute_set_by_court(regime: Regime, rule: str, events: Events) -> Deadline:
    key = SET_BY_COURT.get(rule, "")
    day = events.get(key)
    if day is None:
        return Deadline(rule, regime[rule], State.UNKNOWN, key)
    return Deadline(
        rule, regime[rule], State.KNOWN, key, day.on, on=day.on, moment=_find_moment(regime, rule, day.on, day)
    )


def _find_moment(regime: Regime, rule: str, on: date, happened: Happened | None) -> datetime:
    """Return the exact moment: that of the event where it ends or opens by itself, else the end of the day."""
    if happened and happened.at:
        return datetime.combine(on, happened.at, find_zone(regime.state))
    return start_of_day(on, regime.state) if rule in OPENINGS else end_of_day(on, regime.state)
