"""How many lines the cells of a register take, reckoned before Typst sees them.

Typst lays out a row of unknown height twice: once to learn it. With the lines known it needs three fifths of the time
and three quarters of the memory. What is reckoned here is an upper bound, so that nothing is ever printed over
something else; where it cannot be had, Typst finds the height itself.
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache

from documents.pdf.fonts import prepare_fonts

POINTS = 8  # of the text in the table of register.typ
MILLIMETRE = 72 / 25.4
# Inner widths of the columns of register.typ in millimetres.
ROOM = {
    "no": 10.4, "ref": 24.4, "name": 43.4, "address": 69.4, "state": 8.4, "registered": 16.4, "joined": 16.4,
    "basis": 12.4, "declarations": 17.4, "amount": 16.4,
}  # fmt: skip
RESERVE = 1.02  # kerning narrows or widens a line by less; where it decides about a line, Typst looks itself
UNKNOWN = 0


def count_row_lines(cells: Mapping[str, str]) -> int:
    """Return how many lines the highest cell of a row takes at most; 0 where that cannot be told."""
    found = [_count_lines(cells[name], name) for name in ROOM if name in cells]
    return UNKNOWN if UNKNOWN in found else max(found)


@lru_cache(maxsize=20_000)
def _count_lines(text: str, column: str) -> int:
    room, lines = ROOM[column] * MILLIMETRE / POINTS * 1000, 0
    for part in text.split("\n"):
        most = _break_line(part, room / RESERVE)
        if most == UNKNOWN or most != _break_line(part, room * RESERVE):
            return UNKNOWN
        lines += most
    return lines


def _break_line(text: str, room: float) -> int:
    """Break greedily at spaces and soft breaks. Typst may break at more places, which never makes more lines."""
    widths = list_widths()
    try:
        if sum(map(widths.__getitem__, text)) <= room:
            return 1
        lines, used = 1, 0.0
        for word in text.replace("\u200b", "\u200b ").split(" "):
            width = sum(map(widths.__getitem__, word))
            if width > room:
                return UNKNOWN
            if used + width > room:
                lines, used = lines + 1, 0.0
            used += width + (0 if word.endswith("\u200b") else widths[" "])
    except KeyError:  # a sign of another font, with another height
        return UNKNOWN
    return lines


@cache
def list_widths() -> dict[str, int]:
    """Return sign -> width of the table's font in thousandths of its size."""
    points: dict[str, int] = json.loads((prepare_fonts() / "widths.json").read_text())
    return {chr(int(point)): width for point, width in points.items()} | {"\u200b": 0}
