"""Small counts: from 1 to 9 people of a state could be known, so who reads no claims sees them only together."""

from collections.abc import Sequence
from typing import Any

SMALLEST = 10  # people


def is_small(count: int) -> bool:
    """Whether a count could point to somebody."""
    return 0 < count < SMALLEST


def merge_small_states(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of states, largest first, with those of few claims as one line at the end (`is_rest`).

    Where only one is small, or all of them together still are, the next larger goes with them: what is missing from the
    total would tell the number. Nothing by tier is left.
    """
    shown = [line for line in lines if not is_small(line["claims"])]
    hidden = [line for line in lines if is_small(line["claims"])]
    while hidden and shown and (len(hidden) < 2 or is_small(sum(line["claims"] for line in hidden))):
        hidden.append(shown.pop())
    kept = [{**line, "tiers": []} for line in shown]
    rest = {"state": "", "tiers": [], "claims": sum(line["claims"] for line in hidden), "is_rest": True}
    return [*kept, rest] if hidden else kept
