"""The canvas of our pictures: matplotlib with our colours and letters, cleaned to what a strict page may show."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACCENT, WASH, SOFT, GREY, GRID, AXIS, INK, MARK = (
    "#5a2a82", "#eee7f4", "#c9b6dc", "#8a8794", "#e4e1d8", "#7d7b88", "#1b1a2b", "#b04a00",
)  # fmt: skip
INCHES = (4.4, 2.6)
STYLE = re.compile(r' style="([^"]*)"')
SHEET = re.compile(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>\s*")
STYLE_OF_ALL = 'stroke-linejoin="round" stroke-linecap="butt"'  # what matplotlib's sheet says


@contextmanager
def use_style() -> Iterator[None]:
    """Draw with our letters; identifiers inside come from the content and not from chance."""
    import font_source_sans_pro as letters
    import matplotlib  # half a second to load, and only who draws needs it
    from matplotlib import font_manager

    for name in ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"):
        font_manager.fontManager.addfont(Path(letters.font_directory) / name)
    with matplotlib.rc_context(
        {"font.family": "Source Sans Pro", "font.size": 10, "svg.hashsalt": "redress", "svg.fonttype": "path"}
    ):
        yield


def make_figure() -> "tuple[Figure, Axes]":
    """Return an empty figure with its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(AXIS)
    axes.tick_params(labelcolor=INK, color=AXIS)
    return figure, axes


def write_svg(figure: "Figure", name: str, title: str, description: str) -> str:
    """Return a figure as SVG with title and description; the same figure gives the same text."""
    file = StringIO()
    figure.savefig(file, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return clean_svg(file.getvalue(), name, title, description)


def clean_svg(svg: str, name: str, title: str, description: str) -> str:
    """Return matplotlib's SVG without inline styles, which our content policy forbids, and with words for readers."""
    start = svg.index("<svg")
    head, body = svg[start : svg.index(">", start)], svg[svg.index(">", start) + 1 :]
    head = re.sub(r' (?:width|height)="[^"]*"', "", head)
    words = f'<title id="{name}-title">{escape(title)}</title>\n<desc id="{name}-desc">{escape(description)}</desc>'
    labels = f'role="img" aria-labelledby="{name}-title {name}-desc" {STYLE_OF_ALL}'
    return f"{head} {labels}>\n{words}\n{STYLE.sub(_write_attributes, SHEET.sub('', body))}"


def _write_attributes(match: re.Match[str]) -> str:
    pairs = (part.split(":", 1) for part in match[1].split(";") if part.strip())
    return "".join(f' {key.strip()}="{value.strip()}"' for key, value in pairs)
