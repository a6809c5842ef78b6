"""How a certificate says references, places and times, in its language."""

from datetime import UTC, datetime

from django import template
from django.conf import settings
from django.utils import timezone

from claims.base.references import show_reference
from claims.wording import country, day

register = template.Library()
register.filter("in_fours", show_reference)
register.filter("country_name", country)
register.filter("long_day", day)


@register.filter
def local_moment(value: datetime) -> str:
    """Return a moment in the time of the court, with the name of the place."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M:%S} ({settings.TIME_ZONE})"


@register.filter
def utc_moment(value: datetime) -> str:
    """Return a moment in universal time."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


@register.filter
def iso(value: datetime) -> str:
    """Return a moment as metadata have it."""
    return value.astimezone(UTC).isoformat(timespec="seconds")
