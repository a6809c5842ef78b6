"""The events of a court procedure: what each needs before it, and the stage to which it moves an action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from claims.rules.deadlines import SET_BY_COURT, Events, Happened
from claims.rules.limitation import ENDINGS
from claims.rules.regimes import Regime


@dataclass(frozen=True)
class EventKind:
    """A kind of event. One of `after` must have happened before it; `stage` is where it moves the action.

    `is_term`: the day is one that a court set, so it may lie ahead. `has_time`: the hour can matter.
    """

    key: str
    stage: str = ""
    after: tuple[str, ...] = ()
    is_term: bool = False
    has_time: bool = False


FILED = ("action-filed",)
CLOSINGS = ("join_closes", "second_join_closes", "withdraw_until", "settlement_exit")
APPROVED = ("settlement-approved",)
DECIDED = ("redress", *APPROVED)
KINDS: Mapping[str, EventKind] = {
    kind.key: kind
    for kind in (
        EventKind("practice-announced"),
        EventKind("infringement-began"),
        EventKind("letter-sent", "cease_and_desist"),
        EventKind("letter-received", "", ("letter-sent",)),
        EventKind("consultation-requested", "consultation"),
        EventKind("consultation-ended", "", ("consultation-requested",)),
        EventKind("action-filed", "filed", has_time=True),
        EventKind("action-served", "pending", FILED),
        EventKind("case-published", "", FILED),
        EventKind("order-published", "admissible", FILED),
        EventKind("admissible", "admissible", FILED, has_time=True),
        EventKind("joining-starts", "", FILED, is_term=True),
        EventKind("joining-ends", "", FILED, is_term=True),
        EventKind("leaving-ends", "", FILED, is_term=True),
        EventKind("hearing-closed", "hearing_closed", FILED),
        EventKind("liability", "liability", FILED, has_time=True),
        EventKind("second-joining-starts", "", ("liability", "redress"), is_term=True),
        EventKind("second-joining-ends", "", ("liability", "redress"), is_term=True),
        EventKind("settlement-filed", "settlement_filed", FILED),
        EventKind("settlement-approved", "approved", ("settlement-filed",)),
        EventKind("settlement-published", "", APPROVED),
        EventKind("exit-ends", "", APPROVED, is_term=True),
        EventKind("redress", "redress", FILED),
        EventKind("distribution-started", "distribution", DECIDED),
        EventKind("final-account", "final_account", ("distribution-started",)),
        EventKind("stayed", "stayed", FILED),
        EventKind("resumed", "", ("stayed", "dismissed")),
        EventKind("dismissed", "dismissed", FILED),
        EventKind("action-withdrawn", "withdrawn", FILED),
        EventKind("closed", "closed", ("final-account", "dismissed", "action-withdrawn")),
    )
}
RANK = {key: number for number, key in enumerate(KINDS)}
EARLY = {key for key, kind in KINDS.items() if not kind.after}  # may be entered at any time, whatever happened since


class Fault(StrEnum):
    """Why an event cannot be as it is said."""

    UNKNOWN_KIND = "unknown kind"
    AHEAD = "a day ahead for something that happened"
    NEEDS = "needs another before it"
    TOO_EARLY = "earlier than what it needs"
    TOO_LATE = "later than what needs it"
    AFTER_END = "after the end"
    NEEDS_HOUR = "joining or leaving ends at that very moment"
    SET_BY_LAW = "the law sets this day"
    RESTED_ON = "others rest on it"


@dataclass(frozen=True)
class Complaint:
    """A fault of an event, with the other event that it is about and the day of that."""

    fault: Fault
    other: str = ""
    day: date | None = None


def list_kinds(regime: Regime) -> list[EventKind]:
    """Return the kinds of events that can be entered under a law: not the days that the law itself sets."""
    return [kind for kind in KINDS.values() if kind.key not in list_set_by_law(regime)]


def list_set_by_law(regime: Regime) -> set[str]:
    """Return the days that no court sets here: the law has a span for them, or does not know them at all."""
    spans = {rule for rule in SET_BY_COURT if rule not in regime.rules or regime[rule].value is not None}
    allowed = regime.rules.get("withdrawal_allowed")
    if allowed and allowed.value in {"never", "any_time"}:
        spans.add("withdraw_until")
    return {SET_BY_COURT[rule] for rule in spans}


def list_ending_at_once(regime: Regime) -> set[str]:
    """Return the events at whose very moment the law ends a time to join or leave: their hour decides who was in time.

    In Ireland one can join until the court deems the action admissible (section 24(2) of the act of 2023).
    """
    spans = [regime.rules[rule].value for rule in CLOSINGS if rule in regime.rules]
    ends = {span["event"] for span in spans if span and not span["add_days"] and not span["add_months"]}
    return {key for key in ends if key in KINDS and KINDS[key].has_time}


def check_event(key: str, happened: Happened, events: Events, *, regime: Regime, last_day: date) -> list[Complaint]:
    """Return what speaks against an event beside the others. `last_day` is the day at the court."""
    kind = KINDS.get(key)
    if kind is None:
        return [Complaint(Fault.UNKNOWN_KIND)]
    others = {name: other for name, other in events.items() if name != key}
    complaints = []
    if key in list_set_by_law(regime):
        complaints.append(Complaint(Fault.SET_BY_LAW))
    if happened.at is None and key in list_ending_at_once(regime):
        complaints.append(Complaint(Fault.NEEDS_HOUR))
    if happened.on > last_day and not kind.is_term:
        complaints.append(Complaint(Fault.AHEAD, day=last_day))
    return [*complaints, *_check_before(kind, happened, others), *_check_after(kind, happened, others)]


def _check_before(kind: EventKind, happened: Happened, others: Events) -> Iterable[Complaint]:
    """Yield what is missing before an event, or came after it, and an end that it comes after."""
    before = [(others[name].on, name) for name in kind.after if name in others]
    if kind.after and not before:
        yield Complaint(Fault.NEEDS, kind.after[0])
    elif before and happened.on < min(before)[0]:
        day, name = min(before)
        yield Complaint(Fault.TOO_EARLY, name, day)
    end = find_end(others)
    if end and kind.key not in {"closed", "resumed", *ENDINGS} and not kind.is_term and kind.after:
        name, day = end
        if happened.on > day:
            yield Complaint(Fault.AFTER_END, name, day)


def find_end(events: Events) -> tuple[str, date] | None:
    """Return what ended the action, unless the court took it up again later."""
    ends = [(events[name].on, name) for name in ("dismissed", "action-withdrawn", "closed") if name in events]
    if not ends:
        return None
    day, name = min(ends)
    again = events.get("resumed")
    return None if again and again.on >= day else (name, day)


def _check_after(kind: EventKind, happened: Happened, others: Events) -> Iterable[Complaint]:
    """Yield the events that rest on this one and would come before it."""
    for name, other in others.items():
        if not (rests := KINDS.get(name)) or kind.key not in rests.after or other.on >= happened.on:
            continue
        if not any(base in others and others[base].on <= other.on for base in rests.after):
            yield Complaint(Fault.TOO_LATE, name, other.on)


def list_resting(key: str, events: Events) -> list[str]:
    """Return the events that nothing else would carry if this one were taken back."""
    return [
        name
        for name in events
        if name in KINDS and key in KINDS[name].after and not any(b != key and b in events for b in KINDS[name].after)
    ]


def find_stage(events: Events) -> str:
    """Return the stage to which events have brought an action, in the order of their days; "" before the first."""
    stage, before = "", ""
    for key in sorted((key for key in events if key in KINDS), key=lambda key: _sort_key(key, events[key])):
        if key == "resumed":
            stage = before or stage
        elif KINDS[key].stage:
            before, stage = (stage if key in {"stayed", "dismissed"} else before), KINDS[key].stage
    return stage


def _sort_key(key: str, happened: Happened) -> tuple[date, int, time]:
    return happened.on, RANK[key], happened.at or time()
