"""A day as people type it: in three parts or in one, months as numbers or names."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

EARLIEST = 1900
LONGEST = 40  # signs of a part that are looked at, and shown again


class TypedDay(NamedTuple):
    """What somebody typed, and whether “I do not know” was chosen."""

    day: str = ""
    month: str = ""
    year: str = ""
    is_unknown: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.day or self.month or self.year)


def split_day(text: str) -> TypedDay:
    """Return the parts of a whole date: 1990-05-02, 2.5.1990, 2/5/1990, 2 May 1990. Else all of it is the day."""
    parts = [part for part in re.split(r"[\s./,-]+", text.strip()[:LONGEST]) if part]
    if len(parts) != 3:
        return TypedDay(day=text)
    day, month, year = parts if len(parts[0]) < 4 else reversed(parts)
    return TypedDay(day, month, year)


def read_day(typed: TypedDay) -> date:
    """Return the day. Raises ValidationError whose code names the part that is wrong: day, month or year."""
    if typed.day and not (typed.month or typed.year):
        typed = split_day(typed.day)
    for part, missing in (("day", _("The day is missing")), ("month", _("The month is missing")),
                          ("year", _("The year is missing"))):  # fmt: skip
        if not getattr(typed, part):
            raise ValidationError(missing, code=part)
    year = _read_number(typed.year)
    if year is None or not 1000 <= year <= 9999:
        raise ValidationError(_("Write the year with four digits"), code="year")
    if year < EARLIEST:
        raise ValidationError(_("The year must be 1900 or later"), code="year")
    month = _read_month(typed.month)
    if month is None or not 1 <= month <= 12:
        raise ValidationError(_("The month is a number from 1 to 12, or its name"), code="month")
    try:
        return date(year, month, _read_number(typed.day) or 0)
    except ValueError:
        raise ValidationError(_("There is no such day in this month"), code="day") from None


def _read_number(text: str) -> int | None:
    digits = text.strip(" .,")
    return int(digits) if digits.isdecimal() and len(digits) <= 4 else None


def _read_month(text: str) -> int | None:
    """Return the number of a month that is given as such or by its name, whole or cut after three letters or more."""
    word = text.strip(" .,").casefold()
    if (number := _read_number(text)) is not None or len(word) < 3:
        return number
    found = {month for name, month in _list_month_names((get_language() or "en").split("-")[0]).items()
             if name.startswith(word)}  # fmt: skip
    return found.pop() if len(found) == 1 else None


@cache
def _list_month_names(language: str) -> Mapping[str, int]:
    """Return every name of a month in a language and in English, "Mär." and "Mrz" too."""
    names: dict[str, int] = {}
    for locale in ("en", language):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    names[name.casefold().strip(".")] = number
    return names
