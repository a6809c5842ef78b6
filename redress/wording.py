"""How results are said: names of lines, chances, amounts of any size. Pages, pictures and filings say the same."""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, gettext

from claims.wording import get_percent_sign

SCALES = ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand"), (0.0, 1.0, ""))  # from, size, name

# PostgreSQL keeps the keys of a result in an order of its own: this is the order of reading.
LINES = (
    "claimants", "gross", "interest", "total", "costs", "fee", "shortfall", "net", "net_pv", "net_per_head",
    "unclaimed",
)  # fmt: skip


def list_lines(result: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the lines of a result by name, in the order of reading."""
    return [(name, result["lines"][name]) for name in LINES if name in result["lines"]]


def find_scale(largest: float) -> tuple[float, str]:
    """Return the size and the name of the unit in which the largest amount is easy to read."""
    return next((size, unit) for least, size, unit in SCALES if largest >= least)


def name_unit(unit: str) -> str:
    """Return a unit of money in words."""
    names = {
        "billion": gettext("billion euros"), "million": gettext("million euros"),
        "thousand": gettext("thousand euros"), "": gettext("euros"),
    }  # fmt: skip
    return names[unit]


def name_line(name: str) -> str:
    """Return what a line of the result is called."""
    names = {
        "claimants": gettext("People who take part"), "gross": gettext("Awarded"), "interest": gettext("Interest"),
        "total": gettext("Total"), "costs": gettext("Costs"), "fee": gettext("Share of the funder"),
        "shortfall": gettext("Costs not covered"), "net": gettext("Left for the class"),
        "net_pv": gettext("Left for the class, in today's money"), "net_per_head": gettext("Left for each person"),
        "unclaimed": gettext("Not claimed"),
    }  # fmt: skip
    return names.get(name, name)


def name_step(name: str) -> str:
    """Return what a step from gross to net is called."""
    return gettext("Costs that others bear") if name == "shortfall" else name_line(name)


def say_share(share: float) -> str:
    """Return a chance as whole percent; none and all are said only where they are exact."""
    text = format_percent(share, f"#,##0{get_percent_sign()}", locale=get_locale())
    if 0 < share < 0.005:
        return gettext("less than {share}").format(share=say_share(0.01))
    if 0.995 <= share < 1:
        return gettext("more than {share}").format(share=say_share(0.99))
    return text


def say_number(number: float) -> str:
    """Return a number with at most three figures that count."""
    digits = 0 if abs(number) >= 100 or number == int(number) else 1 if abs(number) >= 10 else 2
    return format_decimal(round(number, digits), locale=get_locale())


def say_amount(cents: str | int) -> str:
    """Return an amount as people say it: 1.2 million euros."""
    euros = int(cents) / 100
    size, unit = find_scale(abs(euros))
    return f"{say_number(euros / size)} {name_unit(unit)}"


def get_locale() -> Locale:
    """Return the reader's locale; English is that of the Union."""
    language = (get_language() or "en").split("-")[0]
    return Locale.parse("en_IE" if language == "en" else language)


def say_count(number: int) -> str:
    """Return a whole number with its groups."""
    return format_decimal(number, locale=get_locale())


def format_cents(cents: int) -> str:
    """Return an amount in euros with its cents, without a sign of the currency."""
    return format_decimal(cents / 100, "#,##0.00", locale=get_locale())


def name_quantile(key: str) -> str:
    """Return the head of a column: the mean, or P5 where 5 of 100 cases lie below."""
    return gettext("Mean") if key == "mean" else f"P{int(key.removeprefix('p'))}"
