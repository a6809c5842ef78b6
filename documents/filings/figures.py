"""Figures: the only numbers that may stand in a filing. Each comes from the snapshot and is noted when printed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language

from claims.base.errors import Refused
from claims.wording import day, get_locale


def as_count(number: int) -> dict[str, Any]:
    """Return a figure that counts people, files or draws."""
    return {"is": "count", "value": number}


def as_cents(cents: int | str) -> dict[str, Any]:
    """Return a figure in euros and cents."""
    return {"is": "cents", "value": str(cents)}


def as_millions(cents: int | str) -> dict[str, Any]:
    """Return a sum that is shown in millions of euros, with one decimal."""
    return {"is": "millions", "value": str(cents)}


def as_share(part: float, whole: float = 1, decimals: int = 2) -> dict[str, Any]:
    """Return a share, shown in percent."""
    share = Decimal(str(part)) / Decimal(str(whole)) if whole else Decimal(0)
    return {"is": "share", "value": str(share), "decimals": decimals}


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
        case "millions":
            return format_decimal(_round(Decimal(value) / 100_000_000, 1), "#,##0.0", get_locale())
        case "share":
            decimals = figure["decimals"]
            pattern = "0." + "0" * decimals if decimals else "0"
            return format_decimal(_round(Decimal(value) * 100, decimals), pattern, get_locale()) + "\u00a0%"
    return str(value)


def _round(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def say_euros(number: str) -> str:
    """Return a number with its currency, where the language puts it."""
    return f"EUR\u00a0{number}" if (get_language() or "en").startswith("en") else f"{number}\u00a0EUR"


def say_moment(at: datetime) -> str:
    """Return a time with its day, in the time of no country: a filing is read in several."""
    universal = at.astimezone(UTC)
    return f"{day(universal.date())}, {universal:%H:%M} UTC"
