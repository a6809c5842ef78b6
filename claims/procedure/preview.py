"""What would become of the dates if an event were entered: shown before anybody saves it."""

from dataclasses import dataclass

from claims.models import Action
from claims.procedure.dates import find_deadlines, read_happened
from claims.procedure.events import EventDraft
from claims.procedure.words import RULES
from claims.rules.deadlines import Deadline
from claims.rules.events import KINDS, find_stage
from claims.terms import Term, describe_deadline


@dataclass(frozen=True)
class Move:
    """A deadline as it is and as it would be."""

    before: Term
    after: Term


def preview_event(action: Action, draft: EventDraft) -> list[Move]:
    """Return the deadlines that would move, from what to what."""
    events = read_happened(action)
    now, then = find_deadlines(action), find_deadlines(action, events | {draft.key: draft.happened})
    changed = [rule for rule in now if (now[rule].moment, now[rule].state) != (then[rule].moment, then[rule].state)]
    return [Move(_describe(now[rule], action), _describe(then[rule], action)) for rule in changed]


def preview_stage(action: Action, draft: EventDraft) -> str:
    """Return the stage to which an event would move the action, "" where it stays."""
    kind = KINDS.get(draft.key)
    if kind is None or not (kind.stage or draft.key == "resumed"):
        return ""
    stage = find_stage(read_happened(action) | {draft.key: draft.happened})
    return str(Action.Stage(stage).label) if stage and stage != action.stage else ""


def _describe(deadline: Deadline, action: Action) -> Term:
    return describe_deadline(str(RULES[deadline.rule]), deadline, action)
