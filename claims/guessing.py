"""Guessing a password or code is slowed down for the guesser and not for the owner.

Tries are counted by account and block of addresses together: from there the first are free, then one a minute, then
one in six minutes. All blocks together have a wider limit, against many machines. A browser in which the owner has
signed in before is counted by itself, so strangers cannot lock its owner out; a code by e-mail and a passkey are not
counted here at all. Known and unknown addresses are counted alike. Source: NIST SP 800-63B-4, 3.2.2.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from claims.base.addresses import make_address_key
from claims.base.limits import Rate, name_block, take_token
from claims.base.vault import make_blind_index

FROM_ONE_BLOCK = (Rate(at_once=5, an_hour=60), Rate(at_once=15, an_hour=10))
FROM_EVERYWHERE = (Rate(at_once=100, an_hour=60),)
FROM_KNOWN_BROWSER = (Rate(at_once=10, an_hour=60),)
COOKIE = "__Host-known" if settings.IS_HTTPS else "known"
SALT, KNOWN_FOR = "known browser", timedelta(days=180)


def take_guess(kind: str, email: str, request: HttpRequest) -> timedelta:
    """Count a try for an account and return zero, or after which time there is one."""
    account = make_address_key(email)
    browser = read_browser(request, account)
    if browser:
        return _take(kind, f"browser {account} {browser}", FROM_KNOWN_BROWSER)
    near = _take(kind, f"near {account} {name_block(kind, request)}", FROM_ONE_BLOCK)
    return near or _take(kind, f"all {account}", FROM_EVERYWHERE)


def _take(kind: str, who: str, rates: tuple[Rate, ...]) -> timedelta:
    name = make_blind_index(who, purpose="guesses")
    waits = (take_token(f"guess {kind} {name}{number}", rate) for number, rate in enumerate(rates))
    return next((wait for wait in waits if wait), timedelta())


def read_browser(request: HttpRequest, account: str) -> str:
    """Return the id of a browser in which the owner of this account has signed in before; else nothing."""
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""
    return known["browser"] if known["account"] == account else ""


def know_browser(response: HttpResponse, email: str) -> None:
    """Let this browser be known as one of this account."""
    known = {"account": make_address_key(email), "browser": secrets.token_hex(8)}
    response.set_cookie(
        COOKIE, signing.dumps(known, salt=SALT), max_age=KNOWN_FOR, secure=settings.IS_HTTPS, httponly=True,
        samesite="Lax",
    )  # fmt: skip
