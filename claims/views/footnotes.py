"""Numbered sources of a page, in the order in which the reader meets them."""

from collections.abc import Iterator

from claims.rules.sources import Catalogue, Source, find_source, split_sources


class Footnotes:
    """Gives each source its number when it is first named; the page lists them at its end."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._numbers: dict[str, int] = {}

    def number(self, source: str) -> list[int]:
        """Return the numbers of the sources of a statement, new ones where they were not named before."""
        return [self._numbers.setdefault(key, len(self._numbers) + 1) for key in split_sources(source)]

    def __iter__(self) -> Iterator[Source]:
        return (find_source(key, self._catalogue) for key in self._numbers)
