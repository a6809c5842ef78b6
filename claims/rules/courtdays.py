"""Days as courts count them: months by the law, the end of a day where the court sits, Dutch terms by their act."""

import calendar
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
ZONES = {
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "FR": "Europe/Paris",
    "IE": "Europe/Dublin", "IT": "Europe/Rome", "NL": "Europe/Amsterdam", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon",
    "SE": "Europe/Stockholm",
}  # fmt: skip


def find_zone(state: str) -> ZoneInfo:
    """Return the time zone of the courts of a state. Raises KeyError for a state without a record."""
    return ZoneInfo(ZONES[state])


def add_months(day: date, months: int) -> date:
    """Return the day with the same number some months later; where that month has none, its last day.

    31 January and one month are the end of February (Regulation (EEC, Euratom) 1182/71, Article 3(2)(c)).
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def is_free_day(day: date, holidays: Collection[date]) -> bool:
    """Whether a day is a Saturday, a Sunday or one of the holidays."""
    return day.weekday() >= SATURDAY or day in holidays


def roll_forward(day: date, holidays: Collection[date]) -> date:
    """Return the day, or the next that is no Saturday, Sunday or holiday (Algemene termijnenwet, Article 1(1))."""
    while is_free_day(day, holidays):
        day += timedelta(days=1)
    return day


def end_of_day(day: date, state: str) -> datetime:
    """Return the last moment of a day at the courts of a state, with its zone."""
    return datetime.combine(day, time(23, 59, 59, 999999), find_zone(state))


def start_of_day(day: date, state: str) -> datetime:
    """Return the first moment of a day at the courts of a state, with its zone."""
    return datetime.combine(day, time(), find_zone(state))
