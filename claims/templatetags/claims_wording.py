"""How values are said: texts in the reader's language, dates, sums, and what people typed."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from claims.base.countries import name_country
from claims.base.references import show_reference
from claims.models import Claim, Job
from claims.models.actions import pick_text

register = template.Library()
# Invisible signs that change what one reads: controls, bidirectional marks, private use, lines and paragraphs.
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def get_locale() -> Locale:
    """Return the reader's locale; English is that of the Union: day before month."""
    language = (get_language() or "en").split("-")[0]
    return Locale.parse("en_IE" if language == "en" else language)


@register.filter
def pick(texts: Mapping[str, str] | None) -> str | SafeString:
    """Return the text in the reader's language; one in another language says which."""
    text = pick_text(dict(texts or {}))
    language = next((code for code, value in (texts or {}).items() if value == text), "")
    if not language or language == (get_language() or "en").split("-")[0]:
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def visible(text: object) -> str:
    """Return what a person typed with invisible signs made visible, such as [U+202E]."""
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) not in INVISIBLE else f"[U+{ord(sign):04X}]"
        for sign in str(text)
    )


@register.filter
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


@register.filter
def moment(value: datetime | None) -> str:
    """Return a date with its time, in the time of the court."""
    return format_datetime(timezone.localtime(value), "d MMM y, HH:mm", locale=get_locale()) if value else ""


@register.filter
def amount(cents: int) -> str:
    """Return cents as euros; whole euros without decimals."""
    return format_currency(cents / 100, "EUR", locale=get_locale(), format=_euro_format(cents), currency_digits=False)


def _euro_format(cents: int) -> str:
    pattern = get_locale().currency_formats["standard"].pattern
    return pattern.replace("0.00", "0") if cents % 100 == 0 else pattern


@register.filter
def count(number: int) -> str:
    """Return a whole number with its groups."""
    return format_decimal(number, locale=get_locale())


@register.filter
def people(number: int) -> str:
    """Return how many people, for a page that everyone sees: a number under ten could point to somebody."""
    if number == 0:
        return gettext("nobody yet")
    if number < 10:
        return gettext("fewer than 10 people")
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": count(number)}


@register.filter
def figure(item: Mapping[str, object]) -> str:
    """Return a figure of a pack with its unit, large ones in words."""
    value, unit = item["value"], item.get("unit")
    if not isinstance(value, int | float):
        return str(value)
    if unit == "eur":
        return amount(round(value * 100))
    if unit == "percent":
        return f"{format_decimal(value, locale=get_locale())} %"
    return (
        format_compact_decimal(value, format_type="long", locale=get_locale(), fraction_digits=1)
        if value >= 1_000_000
        else format_decimal(value, locale=get_locale())
    )


@register.filter
def country(code: str) -> str:
    """Return the name of a country, or that it is not known."""
    return name_country(code, get_language() or "en") if code else gettext("not yet known")


@register.filter
def reference(text: str) -> str:
    """Return a reference in groups of four."""
    return show_reference(text)


@register.filter
def time_left(span: timedelta | None) -> str:
    """Return how long a job will still take, roughly; nothing while nobody can know."""
    if span is None:
        return ""
    seconds = max(1, round(span.total_seconds()))
    if seconds < 90:
        return gettext("about {n} s left").format(n=seconds)
    return gettext("about {n} min left").format(n=round(seconds / 60))


@register.filter
def job_name(job: Job) -> str:
    """Return what a job does; a kind without a name of its own is shown as it is."""
    names = {"screening": gettext("Screening of all claims"), "import": gettext("Import of claims")}
    return names.get(job.kind, job.kind)


@register.filter
def attr(mapping: Mapping[str, object], key: str) -> object:
    """Return the value under a key that is only known in the template."""
    return mapping.get(key, "")


@register.filter
def outcome_name(outcome: str) -> str:
    """Return what screening found, in words."""
    names: dict[str, str] = {key: str(name) for key, name in Claim.OUTCOMES}
    return capfirst(names.get(outcome, gettext("not yet screened")))


@register.filter
def language(code: str) -> str:
    """Return the name of a language, or the code where it has none."""
    return get_locale().languages.get(code, code)


@register.filter
def percent(share: float) -> str:
    """Return a share of a hundred."""
    return f"{format_decimal(share, locale=get_locale())} %"
