"""How much of the book one person reads in a day: beyond a budget they confirm who they are, beyond twice it they stop.

Counted from what the history keeps anyway: claims opened, files taken, own words uncovered, files sent out. Who has
used a budget up is told to the administrators of the action (Article 32(4) GDPR: nobody reads beyond the work given).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions

from claims import access
from claims.base import history
from claims.confirming import View, ask_to_confirm, check_confirmed, check_exists, find_return, is_confirmed
from claims.models import Action, HistoryEvent, User
from claims.models.history import EXPORTED, OPENED, REVEALED, ROLE_REFUSED, SPENT, TAKEN
from claims.workspace import build_frame

CLAIMS, WORDS, EXPORTS, ROLES = "claims", "words", "exports", "roles"
COUNTED: Mapping[str, tuple[str, ...]] = {
    CLAIMS: (OPENED, TAKEN), WORDS: (REVEALED,), EXPORTS: EXPORTED, ROLES: (ROLE_REFUSED,),
}  # fmt: skip
SHOWN_FOR = timedelta(days=14)  # to administrators


@dataclass(frozen=True)
class Reading:
    """What a person has read today of one kind, and the budget for it."""

    kind: str
    n: int
    budget: int

    @property
    def is_spent(self) -> bool:
        """Whether one goes on only after showing who one is."""
        return self.n >= self.budget

    @property
    def is_over(self) -> bool:
        """Whether nothing more is opened today."""
        return self.n >= 2 * self.budget


def read_today(person: User, kind: str) -> Reading:
    """Return how much somebody has read since midnight, counted no further than it matters."""
    budget = settings.READS_PER_DAY[kind]
    today = HistoryEvent.objects.filter(by=person, at__gte=_find_midnight(), verb__in=COUNTED[kind])
    return Reading(kind, today.order_by().values("pk")[: 2 * budget].count(), budget)


def within_budget(kind: str, *, sends_file: bool = False) -> Callable[[View], View]:
    """Let a view answer only within the budget of the day. Put it below `login_required`, above `confirm_recently`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person = request.user
            assert not isinstance(person, AnonymousUser)  # login_required stands above
            found = read_today(person, kind)
            if not found.is_spent:
                return view(request, *args, **kwargs)
            check_exists(request, kwargs.get("slug"))
            action = access.list_workplaces(person).filter(slug=kwargs.get("slug", "")).first()
            alert(person, found, action=action)
            if found.is_over:
                frame = build_frame(person, action, "claims") if action else {}
                return render(request, "claims/workspace_spent.html", frame | {"sentence": say_over(found)}, status=429)
            if is_confirmed(request):
                return view(request, *args, **kwargs)
            return ask_to_confirm(request, find_return(request, sends_file=sends_file))

        return answer

    return decorate


def check_budget(request: HttpRequest, kind: str, action: Action) -> None:
    """The same for the API, after the row was found for this person. Raises 403 with what to do."""
    assert isinstance(request.user, User)
    found = read_today(request.user, kind)
    if found.is_spent:
        alert(request.user, found, action=action)
    if found.is_over:
        raise exceptions.PermissionDenied(say_over(found))
    if found.is_spent:
        check_confirmed(request)


def say_over(found: Reading) -> str:
    """Say in words that it is enough for today."""
    words = {
        CLAIMS: _("You have opened {n} claims and files today. More can be opened from midnight on."),
        WORDS: _("You have uncovered own words {n} times today. More can be uncovered from midnight on."),
        EXPORTS: _("You have downloaded {n} files of the action today. More can be downloaded from midnight on."),
        ROLES: _("a role could not be given {n} times today; from midnight on you can try again"),
    }
    return words[found.kind].format(n=found.n)


def alert(person: User, found: Reading, *, action: Action | None) -> None:
    """Keep in the history that somebody has used up a budget, once a day for each kind."""
    today = HistoryEvent.objects.filter(by=person, at__gte=_find_midnight(), verb=SPENT)
    if any(data.get("kind") == found.kind for data in today.values_list("data", flat=True)):
        return
    history.record(SPENT, person, by=person, action=action, kind=found.kind, budget=found.budget)


def list_alerts(action: Action) -> QuerySet[HistoryEvent]:
    """Return who used up a budget in an action lately, the newest first: for those who say who works there."""
    events = HistoryEvent.objects.filter(action=action, verb=SPENT, at__gt=timezone.now() - SHOWN_FOR)
    return events.select_related("by").order_by("-number")


def _find_midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
