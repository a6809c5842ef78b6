"""`ActionEvent` shows what holds: what the pack says, and over it what the office entered. A reload loses nothing."""

from typing import Any

from claims.models import Action, ActionEvent, EventEntry
from claims.rules.deadlines import Happened
from claims.rules.events import KINDS, find_stage


def project_events(action: Action) -> None:
    """Write the events of an action anew from the pack and the entries that hold, and the stage that follows.

    Call it in the transaction that changes either.
    """
    packed = {event["id"]: event for event in action.facts.get("events", [])}
    entries = {e.key: e for e in action.event_entries.filter(replaced_at=None, taken_back_at=None)}
    rows = {row.key: row for row in action.events.all()}
    for row in rows.values():
        entry = entries.pop(_find_meaning(row.key, packed), None) or entries.pop(row.key, None)
        if entry is None and row.entry_id is None:
            continue  # as the pack wrote it
        if entry is None and row.key not in packed:
            row.delete()
        else:
            _show(row, entry, packed.get(row.key))
    position = max((row.position for row in rows.values()), default=-1) + 1
    for number, entry in enumerate(entries.values()):
        _show(ActionEvent(action=action, key=entry.key, position=position + number), entry, None)
    _move_stage(action)


def _find_meaning(key: str, packed: dict[str, dict[str, Any]]) -> str:
    return packed.get(key, {}).get("means", key)


def _show(row: ActionEvent, entry: EventEntry | None, packed: dict[str, Any] | None) -> None:
    row.entry = entry
    if entry:
        row.on, row.at, row.text, row.source = entry.on, entry.at, entry.text, entry.source
    elif packed:
        row.on, row.at, row.text, row.source = packed["on"], None, packed["text"], packed["source"]
    row.save()


def _move_stage(action: Action) -> None:
    """Set the stage from the events once the office entered one that moves it; until then the pack says it."""
    moved = [entry.key for entry in action.event_entries.all() if KINDS[entry.key].stage or entry.key == "resumed"]
    if not moved:
        return
    packed = {event["id"]: event for event in action.facts.get("events", [])}
    dated = [event for event in ActionEvent.objects.filter(action=action) if event.on]
    events = {_find_meaning(event.key, packed): Happened(event.on, event.at) for event in dated if event.on}
    holding = action.event_entries.filter(key__in=moved, replaced_at=None, taken_back_at=None).exists()
    stage = find_stage(events) if holding else action.facts.get("stage", "")
    if stage:
        Action.objects.filter(pk=action.pk).update(stage=stage)
        action.stage = stage
