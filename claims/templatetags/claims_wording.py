"""How values are said: texts in the reader's language, dates, sums, and what people typed."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from babel.dates import format_skeleton, format_time
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from claims.actions import get_regime
from claims.base.jobs import KINDS
from claims.base.references import show_reference
from claims.models import Action, ActionEvent, Claim, Job, JoiningProof, Representation
from claims.models.actions import pick_text
from claims.representing import date_right
from claims.rules.courtdays import find_zone
from claims.rules.smallcells import is_small
from claims.wording import count, country, day, get_locale, get_percent_sign, name_language

register = template.Library()
register.filter(day)
register.filter(count)
register.filter(country)
# Invisible signs that change what one reads: controls, bidirectional marks, private use, lines and paragraphs.
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


@register.filter
def pick(texts: Mapping[str, str] | None) -> str | SafeString:
    """Return the text in the reader's language; one in another language says which."""
    text, here = pick_text(dict(texts or {})), (get_language() or "en").split("-")[0]
    language = next((code for code, value in (texts or {}).items() if value == text), "")
    if not language or (texts or {}).get(here) == text:
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def dated(representation: Representation) -> str:
    """Return the day on which the right of whoever acts rests, and what happened on it."""
    return date_right(representation.kind, representation.since)


@register.filter
def visible(text: object) -> str:
    """Return what a person typed with invisible signs made visible, such as [U+202E]."""
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) not in INVISIBLE else f"[U+{ord(sign):04X}]"
        for sign in str(text)
    )


@register.filter
def moment(value: datetime | None) -> str:
    """Return a date with its time at the office and the zone of that clock, for example 28 Nov 2026, 23:18 CET."""
    return _name_moment(timezone.localtime(value)) if value else ""


@register.filter
def court_moment(value: datetime | None) -> str:
    """Return a date with its time as the clock of its own court shows it, and the zone of that clock."""
    return _name_moment(value) if value else ""


def _name_moment(value: datetime) -> str:
    # The zone as tzdata has it: Babel's short names differ from language to language, and are wrong for Dublin.
    return f"{_name_day(value)}, {value:%H:%M} {value.tzname()}"


def _name_day(value: date) -> str:
    return format_skeleton("yMMMd", value, locale=get_locale())  # each language as it writes it: 28. Nov. 2026


@register.filter
def day_at_court(thing: ActionEvent | JoiningProof, action: Action) -> str:
    """Return the day of an event or a proof, with its time at the court where that is known."""
    if thing.on is None:
        return ""
    if thing.at is None:
        return day(thing.on)
    return court_moment(datetime.combine(thing.on, thing.at, find_zone(get_regime(action).state)))


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Return a day for a dense list, for example 3 Oct 2026."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _name_day(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """Return the time of day, for example 14:02."""
    return format_time(timezone.localtime(value), "short", locale=get_locale()) if value else ""


@register.filter
def amount(cents: int) -> str:
    """Return cents as euros; whole euros without decimals."""
    return format_currency(cents / 100, "EUR", locale=get_locale(), format=_euro_format(cents), currency_digits=False)


def _euro_format(cents: int) -> str:
    pattern = get_locale().currency_formats["standard"].pattern
    return pattern.replace("0.00", "0") if cents % 100 == 0 else pattern


@register.filter
def people(number: int) -> str:
    """Return how many people, for a page that everyone sees: a number under ten could point to somebody."""
    if number == 0:
        return gettext("nobody yet")
    if number < 10:
        return gettext("fewer than 10 people")
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": count(number)}


@register.filter
def count_for(number: int | None, reads_book: object) -> str:
    """Return a whole number; to who reads no claims, one under ten is said no closer: it could point to somebody."""
    if number is None:
        return gettext("kept, not shown")
    return count(number) if reads_book or not is_small(number) else gettext("fewer than 10")


@register.filter
def figure(item: Mapping[str, object]) -> str:
    """Return a figure of a pack with its unit, large ones in words."""
    value, unit = item["value"], item.get("unit")
    if not isinstance(value, int | float):
        return str(value)
    if unit == "eur":
        return amount(round(value * 100))
    if unit == "percent":
        return percent(value)
    return (
        format_compact_decimal(value, format_type="long", locale=get_locale(), fraction_digits=1)
        if value >= 1_000_000
        else format_decimal(value, locale=get_locale())
    )


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
    """Return what a job does, and with what; a kind that is no longer known is shown as it is."""
    kind = KINDS.get(job.kind)
    title = str(kind.title) if kind else job.kind
    subject = kind.name_subject(job) if kind else job.subject
    return f"{title}: {subject}" if subject else title


@register.filter
def job_page(job: Job) -> str:
    """Return the address of what came out of a job, or nothing where its own page says it."""
    kind = KINDS.get(job.kind)
    return kind.find_page(job) if kind else ""


@register.filter
def job_unit(job: Job) -> str:
    """Return what a job counts, in the plural: claims, draws, rows."""
    kind = KINDS.get(job.kind)
    return str(kind.unit) if kind else ""


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
    return name_language(code)


@register.filter
def percent(share: float) -> str:
    """Return a share of a hundred: "36%", with a narrow space that does not break where the language has one."""
    return f"{format_decimal(share, locale=get_locale())}{get_percent_sign()}"
