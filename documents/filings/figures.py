"""Figures: the only numbers that may stand in a filing. Each comes from the snapshot and is noted when printed."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language

from claims.base.errors import Refused
from claims.wording import day, get_locale
from redress.wording import SCALES, find_scale

SIZES = {unit: Decimal(int(size)) for _least, size, unit in SCALES}


def as_count(number: int) -> dict[str, Any]:
    """Return a figure that counts people, files or draws."""
    return {"is": "count", "value": number}


def as_cents(cents: int | str) -> dict[str, Any]:
    """Return a figure in euros and cents."""
    return {"is": "cents", "value": str(cents)}


def find_unit(sums: Iterable[int | str]) -> str:
    """Return the name of the unit in which the largest of these sums, in cents, is easy to read."""
    return find_scale(max((abs(int(cents)) for cents in sums), default=0) / 100)[1]


def as_sum(cents: int | str, unit: str) -> dict[str, Any]:
    """Return a sum that is shown in a unit of euros with one decimal, in plain euros with two, without the unit."""
    return {"is": "sum", "value": str(cents), "unit": unit}


def as_share(part: float, whole: float = 1, decimals: int = 2) -> dict[str, Any]:
    """Return a share, shown in percent."""
    share = Decimal(str(part)) / Decimal(str(whole)) if whole else Decimal(0)
    return {"is": "share", "value": str(share), "decimals": decimals}


def as_number(number: float) -> dict[str, Any]:
    """Return a plain number with two decimals, without a unit."""
    return {"is": "number", "value": f"{number:.2f}"}


def as_text(text: object) -> dict[str, Any]:
    """Return what is printed as it is: a seed, a version."""
    return {"is": "text", "value": str(text)}


class Figures:
    """The figures of a snapshot; `take` writes one in the language of the filing and notes that it was used."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]]) -> None:
        self._values = values
        self.used: dict[str, str] = {}

    def take(self, key: str) -> str:
        """Return a figure as text. Raises Refused for one that the snapshot does not have: the build stops."""
        if key not in self._values:
            raise Refused(f"the text names the figure `{key}`, which is not in the snapshot; the filing is not built")
        self.used[key] = say_figure(self._values[key])
        return self.used[key]

    def has(self, key: str) -> bool:
        """Whether the snapshot has this figure."""
        return key in self._values

    def list_used(self) -> dict[str, Mapping[str, Any]]:
        """Return the figures that were printed, as data."""
        return {key: self._values[key] for key in sorted(self.used)}


def say_figure(figure: Mapping[str, Any]) -> str:
    """Return a figure in the language that is active; spaces inside do not break."""
    value = figure["value"]
    match figure["is"]:
        case "count":
            return format_decimal(value, locale=get_locale())
        case "cents":
            return say_euros(format_decimal(Decimal(value) / 100, "#,##0.00", get_locale()))
        case "sum":
            return _say_sum(Decimal(value) / 100, figure["unit"])
        case "number":
            return format_decimal(Decimal(value), "0.00", get_locale())
        case "share":
            return _say_share(Decimal(value), figure["decimals"])
    return str(value)


def _say_sum(euros: Decimal, unit: str) -> str:
    decimals = 1 if unit else 2
    number = _round(euros / SIZES[unit], decimals)
    pattern = "#,##0." + "0" * decimals
    if euros > 0 and not number:
        return f"<\u00a0{format_decimal(Decimal(1).scaleb(-decimals), pattern, get_locale())}"
    return format_decimal(number, pattern, get_locale())


def _say_share(share: Decimal, decimals: int) -> str:
    """Return a share in percent; none and all are said only where they are exact."""
    percent, step = _round(share * 100, decimals), Decimal(1).scaleb(-decimals)
    less, more = ("weniger als", "mehr als") if get_locale().language == "de" else ("less than", "more than")
    words = ""
    if share > 0 and not percent:
        words, percent = f"{less}\u00a0", step
    elif share < 1 and percent == 100:
        words, percent = f"{more}\u00a0", 100 - step
    pattern = "0." + "0" * decimals if decimals else "0"
    return f"{words}{format_decimal(percent, pattern, get_locale())}\u00a0%"


def _round(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def say_euros(number: str) -> str:
    """Return a number with its currency, where the language puts it."""
    return f"EUR\u00a0{number}" if (get_language() or "en").startswith("en") else f"{number}\u00a0EUR"


def say_moment(at: datetime) -> str:
    """Return a time with its day, in the time of no country: a filing is read in several."""
    universal = at.astimezone(UTC)
    return f"{day(universal.date())}, {universal:%H:%M} UTC"
