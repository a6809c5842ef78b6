"""Places of lines and bars in small pictures, as the attributes of SVG that a strict page may show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 470, 222
LEFT, RIGHT, TOP, BOTTOM = 56, 455, 20, 190
BAR, GAP = 16, 8  # height of a bar, and what lies between two
BARS_FROM, BARS_TO = 130, 400


@dataclass(frozen=True)
class Week:
    """How many there were at the end of a week, by its last day."""

    until: date
    registered: int
    joined: int


@dataclass(frozen=True)
class Tick:
    """A line of the grid with its number."""

    value: int
    y: float


@dataclass(frozen=True)
class Curves:
    """The paths of two growing numbers over weeks, with their grid."""

    registered: str
    area: str
    joined: str
    ticks: Sequence[Tick]
    registered_y: float
    joined_y: float


def add_up_weeks(
    registered: Sequence[tuple[date, int]], joined: Sequence[tuple[date, int]], *, until: date, most: int = 53
) -> list[Week]:
    """Return what had come in by the end of each week up to a day, the last `most` weeks."""
    days = [day for day, _n in (*registered, *joined) if day <= until]
    if not days:
        return []
    weeks = min(most, (until - min(days)).days // 7 + 2)
    ends = [until - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    return [
        Week(end, sum(n for day, n in registered if day <= end), sum(n for day, n in joined if day <= end))
        for end in ends
    ]


def draw_curves(weeks: Sequence[Week]) -> Curves:
    """Return the curves of at least two weeks."""
    top = max(1, *(max(week.registered, week.joined) for week in weeks))
    step = choose_step(top)
    highest = -(-top // step) * step

    def place(number: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * number / highest, 1)

    xs = [round(LEFT + (RIGHT - LEFT) * i / (len(weeks) - 1), 1) for i in range(len(weeks))]
    registered = _join(xs, [place(week.registered) for week in weeks])
    joined = _join(xs, [place(week.joined) for week in weeks])
    ticks = [Tick(value, place(value)) for value in range(0, highest + 1, step)]
    area = f"{registered} L{RIGHT} {BOTTOM} L{LEFT} {BOTTOM}Z"
    return Curves(registered, area, joined, ticks, place(weeks[-1].registered), place(weeks[-1].joined))


def choose_step(top: int) -> int:
    """Return a round number that divides up to `top` into two to five parts."""
    step = 1
    while top > 5 * step:
        step *= 5 if str(step).startswith("2") or (str(step).startswith("1") and top > 10 * step) else 2
    return step


def _join(xs: Sequence[float], ys: Sequence[float]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in zip(xs, ys, strict=True))


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how many, where it lies."""

    key: str
    number: int
    y: int
    middle: int
    width: float
    end: float


def draw_bars(numbers: Sequence[tuple[str, int]]) -> list[Bar]:
    """Return a bar for each number, the first on top."""
    most = max([1, *(n for _key, n in numbers)])
    bars = []
    for place, (key, n) in enumerate(numbers):
        y, width = place * (BAR + GAP), round((BARS_TO - BARS_FROM) * n / most, 1)
        bars.append(Bar(key, n, y, y + BAR - 4, max(width, 1), BARS_FROM + width + 6))
    return bars
