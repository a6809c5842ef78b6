"""The dates as a calendar feed (RFC 5545) at a secret address of each person. No personal data is in it."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from claims.actions import get_regime
from claims.base.history import record
from claims.models import Action, CalendarLink, HistoryEvent, User
from claims.procedure.dates import find_deadlines
from claims.procedure.words import RULES
from claims.rules.deadlines import Deadline
from claims.terms import describe_deadline

TOKEN_BYTES = 32
REMIND = timedelta(days=-7)


def make_link(person: User) -> str:
    """Return a new secret for the feed of a person; the address before is dead from now on."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_sha256": _hash(token), "made_at": timezone.now()}
    link, _is_new = CalendarLink.objects.update_or_create(user=person, defaults=values)
    record("calendar link made", link, by=person)
    return token


def revoke_link(person: User) -> None:
    """Make the address of the feed of a person dead."""
    for link in CalendarLink.objects.filter(user=person):
        record("calendar link revoked", link, by=person)
        link.delete()


def find_link(person: User) -> CalendarLink | None:
    """Return the link of a person, which does not hold the secret."""
    return CalendarLink.objects.filter(user=person).first()


def find_owner(token: str) -> User | None:
    """Return whose feed a secret opens; nobody's once it was revoked or the account is closed."""
    link = CalendarLink.objects.filter(token_sha256=_hash(token), user__is_active=True).select_related("user").first()
    return link.user if link else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def build_feed(actions: Iterable[Action]) -> bytes:
    """Return the calendar of the deadlines of these actions that have a day."""
    from icalendar import Calendar  # loads the time zones of the world

    calendar = Calendar()
    calendar.add("prodid", "-//Redress//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for action in actions:
        moves, loads = _count_moves(action), _count_loads(action)
        for deadline in find_deadlines(action).values():
            if deadline.is_known:
                calendar.add_component(_make_event(deadline, action, moves.get(deadline.event, 0) + loads))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _count_moves(action: Action) -> dict[str, int]:
    """Return how often each event was entered, corrected or taken back: it only ever grows, as SEQUENCE must."""
    rows = action.event_entries.values("key").annotate(entered=Count("pk"), taken=Count("taken_back_at")).order_by()
    return {row["key"]: row["entered"] + row["taken"] for row in rows}


def _count_loads(action: Action) -> int:
    """Return how often a changed pack was loaded: it can move a date too."""
    return HistoryEvent.objects.filter(subject="action", subject_id=action.pk, verb="pack loaded").count()


def _make_event(deadline: Deadline, action: Action, sequence: int) -> Any:
    from icalendar import Alarm, Event

    term = describe_deadline(str(RULES[deadline.rule]), deadline, action)
    event = Event()
    event.add("uid", f"{deadline.rule}.{action.slug}@redress")
    event.add("sequence", sequence)
    event.add("dtstamp", datetime.now(UTC))
    event.add("summary", f"{term.title}: {action.name}")
    event.add("description", f"{term.until}\n{get_regime(action).code}. {term.confidence}.".strip())
    event.add("url", f"{settings.BASE_URL}{reverse('claims:workspace-procedure', args=[action.slug])}")
    event.add("transp", "TRANSPARENT")
    assert deadline.moment and deadline.on  # it is known
    # The exact moment at the court, with its zone: a whole day would end with the midnight of whoever reads.
    event.add("dtstart", deadline.moment.replace(second=0, microsecond=0))
    event.add("dtend", deadline.moment.replace(second=0, microsecond=0) + timedelta(minutes=1))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", term.title)
    alarm.add("trigger", REMIND)
    event.add_component(alarm)
    return event
