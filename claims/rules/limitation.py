"""Limitation: when a claim may be time-barred, by the law of a state, and what stops the time.

All of it is a warning. The day is the earliest one on which the time can be over: whoever knew later has longer.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from claims.rules.courtdays import add_months
from claims.rules.deadlines import Events, Happened
from claims.rules.regimes import Entry

JOINED, ENDED = "joined", "ended"
ENDINGS = ("dismissed", "action-withdrawn", "closed")  # what ends an action; the first of them counts
STARTS = ("infringement-began", "practice-announced")  # nobody's time can run before the earlier of them


class Clock(StrEnum):
    """Whether the time of a claim runs."""

    RUNNING = "running"
    STOPPED = "stopped"
    UNKNOWN = "unknown"  # our record has no period, or nobody entered from when it can run


@dataclass(frozen=True)
class Limitation:
    """The time bar of one claim or state: the earliest day on which the claim can be barred, and why.

    `stopped_on` and `runs_again_on` are the ends of the time that does not count; the second is None while the event
    that ends it, `waits_for`, is to come.
    """

    entry: Entry
    clock: Clock
    began_on: date | None = None
    years: int | None = None
    counts_from: date | None = None
    on: date | None = None
    stopped_on: date | None = None
    runs_again_on: date | None = None
    waits_for: str = ""

    def count_days_left(self, day: date) -> int | None:
        """Return how many days are left at least; None while the time stands still or nobody can know."""
        return (self.on - day).days if self.on else None


def find_beginning(events: Events) -> date | None:
    """Return the first day on which the time of a claim can run: what started the infringement, if that is entered."""
    days = [events[key].on for key in STARTS if key in events]
    return min(days) if days else None


def compute_limitation(entry: Entry, events: Events, *, began_on: date | None, joined_on: date | None) -> Limitation:
    """Return the time bar by the record `limitation_period` of a state.

    `joined_on` is the day of joining in court with proof, never that of registering with us. What stops the time by an
    event of the action stops it for everybody; where our record says that joining stops it, only for who joined.
    """
    rule = entry.value
    if not rule:
        return Limitation(entry, Clock.UNKNOWN, began_on)
    known = dict(events) | ({JOINED: Happened(joined_on)} if joined_on else {})
    stopped_on, runs_again_on, waits_for = _find_stop(rule["stops"], known)
    years, on, counts_from = rule["years"], None, None
    if years and began_on:
        counts_from = date(began_on.year, 12, 31) if rule["starts"] == "year_end" else began_on
        on = add_months(counts_from, 12 * years)
    if stopped_on and (on is None or stopped_on <= on):
        if runs_again_on is None:
            return Limitation(entry, Clock.STOPPED, began_on, years, counts_from, None, stopped_on, None, waits_for)
        on = on + (runs_again_on - stopped_on) if on else None
    elif on:
        stopped_on = runs_again_on = None  # it came after the time was over, or not at all
    clock = Clock.RUNNING if on else Clock.UNKNOWN
    return Limitation(entry, clock, began_on, years, counts_from, on, stopped_on, runs_again_on, waits_for)


def _find_stop(stops: dict | None, events: Events) -> tuple[date | None, date | None, str]:
    """Return from when until when the time does not run, and the event that is still to end that."""
    if not stops or stops["event"] not in events:
        return None, None, ""
    stopped_on = events[stops["event"]].on
    until = stops["until"]
    ended = _find_end(events) if until == ENDED else events.get(until or "")
    if ended is None or ended.on < stopped_on:
        return stopped_on, None, until or ""
    return stopped_on, ended.on + timedelta(days=stops["add_days"] or 0), ""


def _find_end(events: Events) -> Happened | None:
    ends = [events[key] for key in ENDINGS if key in events]
    return min(ends, key=lambda end: end.on) if ends else None
