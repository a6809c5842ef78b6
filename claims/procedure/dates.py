"""The one source of dates: events as stored and the record of the law go in, deadlines come out."""

from datetime import date
from functools import cache

from django.utils import timezone

from claims.actions import get_regime
from claims.models import Action
from claims.rules.courtdays import find_zone
from claims.rules.deadlines import Deadline, Happened, compute_deadline, compute_deadlines
from claims.rules.deadlines import Events as Events

# The Dutch act names 5 May too, which the list of holidays calls optional (Algemene termijnenwet, Article 3).
CATEGORIES = {"NL": ("public", "optional")}
SPAN = 12  # years for which days are known: longer than any term that the records speak of


def read_happened(action: Action) -> dict[str, Happened]:
    """Return what has a date, by its key in the records of the law: a pack may name its events otherwise."""
    meanings = list_meanings(action)
    dated = [event for event in action.events.all() if event.on]
    return {meanings.get(event.key, event.key): Happened(event.on, event.at) for event in dated if event.on}


def list_meanings(action: Action) -> dict[str, str]:
    """Return for events of the pack with a name of their own which event of the law they are."""
    return {event["id"]: event["means"] for event in action.facts.get("events", []) if event.get("means")}


def find_today(action: Action) -> date:
    """Return which day it is at the court of an action."""
    return timezone.localdate(timezone=find_zone(get_regime(action).state))


def find_deadline(action: Action, rule: str) -> Deadline:
    """Return one deadline of an action as things stand."""
    happened = read_happened(action)
    return compute_deadline(get_regime(action), rule, happened, list_holidays_of(action, happened))


def find_deadlines(action: Action, happened: Events | None = None) -> dict[str, Deadline]:
    """Return all deadlines of an action: as things stand, or as they would with other events."""
    events = read_happened(action) if happened is None else happened
    return compute_deadlines(get_regime(action), events, list_holidays_of(action, events))


def list_holidays_of(action: Action, events: Events) -> frozenset[date]:
    """Return the holidays of the court's state in the years that terms from these events can reach."""
    years = [event.on.year for event in events.values()]
    return list_holidays(get_regime(action).state, min(years), max(years) + SPAN) if years else frozenset()


@cache
def list_holidays(state: str, first_year: int, last_year: int) -> frozenset[date]:
    """Return the days of a state on which courts rest, Saturdays and Sundays apart."""
    from holidays import country_holidays  # half a second to load, and only terms with dates need it

    years = range(first_year, last_year + 1)
    return frozenset(country_holidays(state, years=years, categories=CATEGORIES.get(state, ("public",))))
