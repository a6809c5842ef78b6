"""How a certificate says references, places and times, in its language."""

from datetime import UTC, datetime

from django import template

from claims.base.references import show_reference
from claims.wording import country, day
from documents.wording import local_moment

register = template.Library()
register.filter("in_fours", show_reference)
register.filter("country_name", country)
register.filter("long_day", day)


register.filter(local_moment)


@register.filter
def utc_moment(value: datetime) -> str:
    """Return a moment in universal time."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


@register.filter
def iso(value: datetime) -> str:
    """Return a moment as metadata have it."""
    return value.astimezone(UTC).isoformat(timespec="seconds")
