"""How dates, numbers and countries are said in the reader's language, on pages and in documents alike."""

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext

from claims.base.countries import name_country


def get_locale() -> Locale:
    """Return the reader's locale; English is that of the Union: day before month."""
    language = (get_language() or "en").split("-")[0]
    return Locale.parse("en_IE" if language == "en" else language)


def name_language(code: str) -> str:
    """Return the name of a language in the reader's own, or the code where it has none."""
    return get_locale().languages.get(code, code)


def day(value: date | str | None) -> str:
    """Return a date as it is written in a letter; a month as month and year; a period as both ends."""
    if not value:
        return ""
    if isinstance(value, str):
        return " – ".join(_say_part(part) for part in value.split("/"))
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value, "long", get_locale())


def _say_part(text: str) -> str:
    try:
        if len(text) == len("2025-01"):
            return format_date(date.fromisoformat(f"{text}-01"), "LLLL y", get_locale())
        return format_date(date.fromisoformat(text), "long", get_locale())
    except ValueError:
        return text


def count(number: int) -> str:
    """Return a whole number with its groups."""
    return format_decimal(number, locale=get_locale())


def country(code: str) -> str:
    """Return the name of a country, or that it is not known."""
    return name_country(code, get_language() or "en") if code else gettext("not yet known")


def get_percent_sign() -> str:
    """Return what stands behind a share: "%", in some languages after a narrow space that does not break."""
    has_space = get_locale().percent_formats[None].pattern.endswith(("\u00a0%", "\u202f%"))
    return "\u202f%" if has_space else "%"
