"""Over a limit: an answer that says when to come back, and keeps what was typed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from claims.base import limits
from claims.base.limits import Rate

View = Callable[..., HttpResponse]


class TooMany(Exception):
    """Too much comes from this part of the net, or from everybody; `wait` is after what time there is room."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


def check_limit(kind: str, request: HttpRequest) -> float:
    """Count a request and return how much of its block's limit is used, from 0 to 1. Raises TooMany."""
    taken = limits.take(kind, request)
    if taken.wait:
        raise TooMany(taken.wait)
    return taken.used


def take_turn(name: str, rate: Rate) -> None:
    """Count something that one account does. Raises TooMany."""
    if wait := limits.take_token(name, rate):
        raise TooMany(wait)


def answer_later(
    request: HttpRequest, wait: timedelta, template: str = "429.html", context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Answer 429 (RFC 6585, 4) with the page where one is, and the time from which on it works again."""
    again_at = round_up(timezone.now() + wait)
    response = render(request, template, {**(context or {}), "again_at": again_at}, status=429)
    response["Retry-After"] = str(limits.tell_seconds(wait))
    return response


def round_up(moment: datetime) -> datetime:
    """Return the next full minute: a clock shows no seconds, and nobody shall come too early."""
    return (moment + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)


def limit_posts(kind: str) -> Callable[[View], View]:
    """Return a decorator that counts the POSTs of a view and answers those over the limit with 429."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method == "POST":
                    check_limit(kind, request)
            except TooMany as refusal:
                return answer_later(request, refusal.wait)
            return view(request, *args, **kwargs)

        return answer

    return decorate
