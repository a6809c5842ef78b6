"""Tables that name nobody: a count from 1 to 9 could point to somebody, and so could a total beside it.

Small counts are merged with others before they are shown. A count that stands alone beside its total is no secret, so
rows are merged until what is shown adds up without any small part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 10  # people


@dataclass(frozen=True)
class Line:
    """A row of a table: its keys (several where rows were merged) and its counts."""

    keys: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def is_merged(self) -> bool:
        """Whether this row stands for several."""
        return len(self.keys) > 1


def is_small(count: int) -> bool:
    """Whether a count could point to somebody."""
    return 0 < count < SMALLEST


def is_revealing(counts: Sequence[int]) -> bool:
    """Whether a row of counts, or their differences to its sum, could point to somebody."""
    return any(is_small(count) for count in counts) or is_small(sum(counts))


def merge_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the rows with those that reveal somebody merged into one at the end, the smallest others with them.

    Where even all of them together reveal somebody, nothing is left: the table must not be shown.
    """
    kept = [line for line in lines if not is_revealing(line.counts)]
    small = [line for line in lines if is_revealing(line.counts)]
    if not small:
        return kept
    merged = add_lines(small)
    # One row alone would be named by what is missing from the list of states.
    while kept and (len(merged.keys) < 2 or is_revealing(merged.counts)):
        smallest = min((line for line in kept if any(line.counts)), key=lambda line: sum(line.counts), default=None)
        if smallest is None:
            return []
        kept.remove(smallest)
        merged = add_lines([merged, smallest])
    return [] if is_revealing(merged.counts) else [*kept, merged]


def add_lines(lines: Sequence[Line]) -> Line:
    """Return one row with the keys and the sums of several."""
    keys = tuple(key for line in lines for key in line.keys)
    return Line(keys, tuple(map(sum, zip(*(line.counts for line in lines), strict=True))))


def merge_cells(counts: Sequence[int]) -> tuple[int, ...]:
    """Return a row of counts, the first kept apart, with the others merged if one is small; () if that is not enough.

    For a row beside its known sum, say (met, not met, unknown): all three, or (met, not met or unknown), or nothing.
    """
    if not is_revealing(counts):
        return tuple(counts)
    pair = (counts[0], sum(counts[1:]))
    return () if is_revealing(pair) else pair
