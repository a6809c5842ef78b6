"""Joining in court: who must, when that is possible, and what speaks against a proof. Interest is not joining."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from claims.rules.courtdays import end_of_day, find_zone, start_of_day
from claims.rules.deadlines import Deadline, Events, Happened, State
from claims.rules.regimes import Regime

WINDOWS = (("join_opens", "join_closes"), ("second_join_opens", "second_join_closes"))
DECLARED = {"prescribed_form_to_qe_with_declaration_and_fee"}  # channels in which we hold declaration and fee ourselves


class Way(StrEnum):
    """How a person comes into an action."""

    JOINS = "joins"  # everyone must join
    JOINS_LATE = "joins late"  # everyone must, after a ruling on liability
    BELONGS = "belongs"  # who lives in the state of the court is in without doing anything
    OPTS_IN = "opts in"  # lives elsewhere, so must join where others are in by themselves
    UNKNOWN = "unknown"  # where the person lived on the day that counts is not known, or the law is not


def find_way(regime: Regime, events: Events, *, residence: str, resident_since: date | None) -> Way:
    """Return how a person comes in: by habitual residence on the day that counts, never by nationality.

    Article 9(3) of Directive (EU) 2020/1828: who does not live in the state of the court must always opt in.
    """
    model = regime["model"].value
    if model in {"opt_in", "opt_in_late"}:
        return Way.JOINS if model == "opt_in" else Way.JOINS_LATE
    if model != "opt_out" or not residence:
        return Way.UNKNOWN
    if residence != regime.state:
        return Way.OPTS_IN
    day = find_residence_day(regime, events)
    return Way.UNKNOWN if day and resident_since and resident_since > day else Way.BELONGS


def find_residence_day(regime: Regime, events: Events) -> date | None:
    """Return the day on which habitual residence counts, once its event has happened."""
    entry = regime.rules.get("residence_on")
    event = events.get(entry.value) if entry and entry.value else None
    return event.on if event else None


class Fault(StrEnum):
    """Why a proof of joining is not taken."""

    AHEAD = "ahead"
    NOT_OPEN = "not open"
    TOO_EARLY = "too early"
    TOO_LATE = "too late"
    NEEDS_TIME = "needs time"
    BELONGS = "belongs"
    NOT_DECLARED = "not declared"
    FEE_UNPAID = "fee unpaid"


@dataclass(frozen=True)
class Complaint:
    """A fault with the event that it waits for, or the day that it is about."""

    fault: Fault
    event: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Law:
    """What the proofs of an action are judged by, read once for many of them. `last_day` is the day at the court."""

    regime: Regime
    events: Events
    deadlines: Mapping[str, Deadline]
    last_day: date
    fee_cents: int = 0

    @property
    def wants_declaration(self) -> bool:
        """Whether a joining is void without a signed declaration and the fee, which we hold ourselves."""
        return self.regime["join_channel"].value in DECLARED


def check_day(joined: Happened, law: Law) -> Complaint | None:
    """Return what speaks against a day of joining: it must lie in one of the times to join, and not ahead."""
    if joined.on > law.last_day:
        return Complaint(Fault.AHEAD, day=law.last_day)
    complaints = [_check_window(joined, law, *rules) for rules in WINDOWS if rules[1] in law.deadlines]
    return complaints[0] if complaints and all(complaints) else None


def _check_window(joined: Happened, law: Law, opens: str, closes: str) -> Complaint | None:
    opening, closing = law.deadlines.get(opens), law.deadlines[closes]
    state = law.regime.state
    if opening and opening.state == State.WAITING:
        return Complaint(Fault.NOT_OPEN, opening.event)
    if opening and opening.moment and _find_end(joined, state) < opening.moment:
        return Complaint(Fault.TOO_EARLY, opening.event, opening.on)
    if closing.moment is None or _find_end(joined, state) <= closing.moment:
        return None
    if joined.at is None and start_of_day(joined.on, state) < closing.moment:
        return Complaint(Fault.NEEDS_TIME, closing.event, closing.on)  # the law ends at a moment of that day
    return Complaint(Fault.TOO_LATE, closing.event, closing.on)


def _find_end(joined: Happened, state: str) -> datetime:
    """Return the latest moment at which somebody can have joined."""
    if joined.at is None:
        return end_of_day(joined.on, state)
    return datetime.combine(joined.on, joined.at, find_zone(state))


def check_joining(
    joined: Happened, law: Law, way: Way, *, is_declared: bool | None, is_fee_paid: bool | None
) -> Complaint | None:
    """Return what speaks against a proof of joining, or None."""
    if way == Way.BELONGS:
        return Complaint(Fault.BELONGS)
    if complaint := check_day(joined, law):
        return complaint
    if law.wants_declaration and not is_declared:
        return Complaint(Fault.NOT_DECLARED)
    if law.wants_declaration and law.fee_cents and not is_fee_paid:
        return Complaint(Fault.FEE_UNPAID)
    return None
