"""Where a draft is wrong: the line that its fault names, and what stands around it."""

import re
from dataclasses import dataclass

from claims.base.documents import parse_document
from claims.base.errors import Refused
from claims.drafting.sources import NAME
from claims.models import CriteriaDraft

AROUND = 3


@dataclass(frozen=True)
class Place:
    """A place in the source: line and key are "" where the fault names none."""

    line: int | None
    key: str
    message: str


def find_place(fault: str) -> Place | None:
    """Return the place that a fault names: `criteria.yaml, line 5, criteria.0.rule: what is wrong`."""
    if not fault:
        return None
    named = re.match(rf"{re.escape(NAME)}, line (\d+)(?:, column \d+)?(?:, ([^:]+))?: (.*)", fault, re.DOTALL)
    return Place(int(named[1]), named[2] or "", named[3]) if named else Place(None, "", fault)


def list_near(draft: CriteriaDraft) -> list[tuple[int, str, bool]]:
    """Return (number, line, whether it is the wrong one) around the place where a draft is wrong."""
    place = find_place(draft.fault)
    if place is None or place.line is None:
        return []
    lines = draft.text.splitlines()
    first, last = max(1, place.line - AROUND), min(len(lines), place.line + AROUND)
    return [(number, lines[number - 1][:200], number == place.line) for number in range(first, last + 1)]


def list_parts(draft: CriteriaDraft) -> list[dict]:
    """Return the criteria of a draft that can be read, each of which has a form."""
    if not draft.is_right:
        return []
    try:
        return list(parse_document(draft.text, name=NAME).data["criteria"])
    except Refused:  # the rules of documents have changed since it was saved
        return []
