"""How results are shown: amounts, chances, people."""

from django import template
from django.utils.translation import gettext

from redress import wording

register = template.Library()


@register.filter
def about(cents: str | int) -> str:
    """Return an amount as people say it: 1.2 million euros."""
    return wording.say_amount(cents)


@register.filter
def share(chance: float) -> str:
    """Return a chance as percent; none and all only where they are exact."""
    return wording.say_share(chance)


@register.filter
def euros(cents: str | int) -> str:
    """Return cents as whole euros with groups, for a column of numbers; small sums with their cents."""
    if abs(int(cents)) < 1_000_00 and int(cents) % 100:
        return wording.format_cents(int(cents))
    return wording.say_count((abs(int(cents)) + 50) // 100 * (-1 if int(cents) < 0 else 1))


@register.filter
def quantile(key: str) -> str:
    """Return the head of a column: the mean, or a share of the cases that is below."""
    return wording.name_quantile(key)


@register.filter
def rounded(number: float) -> str:
    """Return a mean number of people as a whole number."""
    return wording.say_count(round(number))


@register.filter
def confidence(word: str) -> str:
    """Return how sure an assumption is."""
    names = {"high": gettext("High"), "mid": gettext("Medium"), "medium": gettext("Medium"), "low": gettext("Low")}
    return names.get(word, word)
