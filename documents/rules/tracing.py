"""Figures in a finished text: which there are, and which of them nobody can trace to the snapshot."""

import html
import re
from collections.abc import Iterable

_TAG = re.compile(r"<(style|script|code)\b.*?</\1>|<[^>]+>", re.S)
# What reads as a count, a sum or a share: grouped thousands, five digits or more, decimals with a unit, a sum, a share.
_NUMBER = r"\d{1,3}(?:[.,\u00a0]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_FIGURE = re.compile(
    rf"(?:EUR|€)[\s\u00a0]*({_NUMBER})|({_NUMBER})[\s\u00a0]*(?:%|EUR|€|[Mm]illion|billion|Mio|Milliard)"
    r"|(?<![\w/.,§-])(\d{1,3}(?:[.,\u00a0]\d{3})+(?:[.,]\d+)?|\d{5,}(?:[.,]\d+)?)(?![\w/])"
)
_HASH = re.compile(r"\b[0-9a-f]{12,}\b")
_ALONE = re.compile(rf"(?<![\w/.,§-])(?:{_NUMBER})(?![\w/])")  # a number that stands as one, not a part of a name


def read_text(document: str) -> str:
    """Return what people read of an HTML document: no tags, no code, entities resolved, spaces plain."""
    return html.unescape(_TAG.sub(" ", document)).replace("\u00a0", " ")


def list_figures(text: str) -> list[str]:
    """Return every count, sum and share of a text as it is written, without its unit."""
    return [next(group for group in found.groups() if group) for found in _FIGURE.finditer(text)]


def list_untraced(text: str, traced: Iterable[str]) -> list[str]:
    """Return the figures of a text that occur in none of the traced texts: nobody can say where they come from."""
    plain = [_HASH.sub("", source.replace("\u00a0", " ")) for source in traced]  # digits of a hash are no figures
    known = {figure for source in plain for figure in list_figures(source)}
    known |= {number for source in plain for number in _ALONE.findall(source)}
    return [figure for figure in list_figures(text) if figure not in known]
