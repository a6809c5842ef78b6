"""Small counts: from 1 to 9 people of a state could be known, so who reads no claims sees no such count.

What is missing from a total tells as much: where one count of a whole is small, the next larger is not said either.
"""

from collections.abc import Mapping, Sequence
from typing import Any

SMALLEST = 10  # people


def is_small(count: int) -> bool:
    """Whether a count could point to somebody."""
    return 0 < count < SMALLEST


def hide_small(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of one whole, with None for each that is not small and would tell a small one."""
    hidden = _choose_hidden(counts)
    return {name: None if name in hidden and not is_small(n) else n for name, n in counts.items()}


def blur(count: int) -> int:
    """Return a count rounded down to tens: the difference of two of them tells no small one. A small one stays so."""
    return count if count < SMALLEST else count // SMALLEST * SMALLEST


def _choose_hidden(counts: Mapping[str, int]) -> list[str]:
    """Return what is not said: the small ones and, where they are one or still few together, the next larger.

    Of two that are alike it is always the same one, or two tables would tell what each of them leaves out.
    """
    largest_first = sorted(counts, key=lambda name: (-counts[name], name))
    hidden = [name for name in largest_first if is_small(counts[name])]
    shown = [name for name in largest_first if counts[name] >= SMALLEST]
    while hidden and shown and (len(hidden) < 2 or is_small(sum(counts[name] for name in hidden))):
        hidden.append(shown.pop())
    return hidden


def merge_small_states(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of states with those that are not said as one line at the end (`is_rest`); none by tier."""
    hidden = _choose_hidden({line["state"]: line["claims"] for line in lines})
    kept = [{**line, "tiers": []} for line in lines if line["state"] not in hidden]
    few = sum(line["claims"] for line in lines if line["state"] in hidden)
    rest = {"state": "", "tiers": [], "claims": few, "is_rest": True}
    return [*kept, rest] if hidden else kept
