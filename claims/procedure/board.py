"""The procedure of an action for a page: events with their versions, and what a lawyer must still check."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from claims.actions import get_regime, list_events
from claims.evidence import list_evidence
from claims.evidence.keeping import Holder
from claims.models import Action, ActionEvent, EventEntry, Evidence
from claims.procedure.words import RECORDED
from claims.rules.regimes import Entry


@dataclass(frozen=True)
class EventLine:
    """An event with the version that holds, those before it, and the files that prove it."""

    event: ActionEvent
    entry: EventEntry | None = None
    earlier: list[EventEntry] = field(default_factory=list)
    files: list[Evidence] = field(default_factory=list)


def list_event_lines(action: Action) -> list[EventLine]:
    """Return the events of an action in order, each with its versions and files."""
    versions = list(action.event_entries.select_related("entered_by", "taken_back_by"))
    return [_make_line(event, versions) for event in list_events(action)]


def list_taken_back(action: Action) -> list[EventEntry]:
    """Return the versions that were taken back, the newest first."""
    taken = action.event_entries.filter(taken_back_at__isnull=False)
    return list(taken.select_related("entered_by", "taken_back_by").order_by("-taken_back_at"))


def _make_line(event: ActionEvent, versions: Iterable[EventEntry]) -> EventLine:
    entry = next((version for version in versions if version.pk == event.entry_id), None)
    if entry is None:
        return EventLine(event)
    earlier = [version for version in versions if version.key == entry.key and version.pk != entry.pk]
    return EventLine(event, entry, earlier[::-1], list(list_evidence(Holder(registration_code=entry.code))))


@dataclass(frozen=True)
class ToCheck:
    """A rule of the record on which nobody should rest yet."""

    name: str
    entry: Entry


def list_to_check(action: Action) -> list[ToCheck]:
    """Return the rules that are unknown or of low confidence: a lawyer checks them before anybody rests on them."""
    rules = get_regime(action).rules
    entries = [(str(name), rules[rule]) for rule, name in RECORDED.items() if rule in rules]
    return [ToCheck(name, entry) for name, entry in entries if not entry.is_known or entry.confidence == "low"]
