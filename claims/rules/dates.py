"""Days that people tell of themselves, held against each other: nobody did anything before being born."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

BIRTH = "birth_date"


@dataclass(frozen=True)
class Clash:
    """A day that cannot be right together with another one: it is before it and should not be, or after it."""

    other: str
    day: date  # the other one
    is_before: bool


@dataclass(frozen=True)
class Order:
    """Which day cannot come before which: `not_before` maps a question to those; none comes before the birth."""

    not_before: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def find_clash(self, name: str, day: date, known: Mapping[str, date]) -> Clash | None:
        """Return what a day does not go together with, of what is known; None where all is well."""
        for other, told in known.items():
            if other == name:
                continue
            if day < told and self._comes_first(other, name):
                return Clash(other, told, is_before=True)
            if day > told and self._comes_first(name, other):
                return Clash(other, told, is_before=False)
        return None

    def _comes_first(self, first: str, then: str) -> bool:
        return then != BIRTH and (first == BIRTH or first in self.not_before.get(then, ()))
