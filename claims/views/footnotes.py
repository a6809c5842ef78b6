"""Numbered sources of a page, in the order in which the reader meets them."""

from collections.abc import Iterator


class Footnotes:
    """Gives each source its number when it is first named; the page lists them at its end."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, source: str) -> int:
        """Return the number of a source, a new one where it was not named before."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)
