"""Codes in use: each once, whoever comes at the same moment, and a few wrong tries."""

import hmac

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from claims.base.addresses import make_address_key
from claims.base.codes.errors import CodeRefused, ExpiredCode, ReplacedCode, TooManyTries, UsedCode, WrongCode
from claims.base.codes.hashes import hash_code, hash_token
from claims.models import Code

MAX_TRIES = 5
NOBODY = "0" * 64  # compared with where there is no code, so that this takes the same steps


def use_code(address: str, code: str, *, purpose: str) -> None:
    """Use a code that somebody typed for an address, once. Raises WrongCode, ExpiredCode, UsedCode or TooManyTries.

    Not inside a transaction (RuntimeError): a refusal would roll back the count of tries with it.
    """
    key = make_address_key(address)
    guess = hash_code(code, address_key=key, purpose=purpose)
    with transaction.atomic(durable=True):
        # Counted before it is judged: so of a thousand guesses at once five are judged, not all of them.
        good = _list_good_codes().filter(address_key=key, purpose=purpose, tries__lt=MAX_TRIES)
        is_counted = good.update(tries=F("tries") + 1)
        newest = Code.objects.filter(address_key=key, purpose=purpose).order_by("-pk").first()
        is_right = hmac.compare_digest(newest.code_key if newest else NOBODY, guess)
        if is_counted and newest and is_right and _take(newest):
            return
    raise _explain(newest)


def use_token(token: str, *, purpose: str) -> str:
    """Use the token of a link, once, and return its address. Call it from a POST only: scanners of mail open links.

    Raises WrongCode, ReplacedCode, ExpiredCode or UsedCode. Wrong tries of the code do not touch it: nobody guesses
    256 bits, and a stranger who guesses codes shall not lock out the owner of the link.
    """
    row = _find_token(token, purpose)
    if not _take(row):
        row.refresh_from_db()
        raise _explain(row)
    return row.address


def peek_token(token: str, *, purpose: str) -> str:
    """Return the address of a token that is still good, and use nothing up. Raises what `use_token` raises."""
    return _find_token(token, purpose).address


def _list_good_codes() -> QuerySet[Code]:
    return Code.objects.filter(state=Code.State.LIVE, good_until__gt=timezone.now())


def _find_token(token: str, purpose: str) -> Code:
    row = Code.objects.filter(token_key=hash_token(token), purpose=purpose).first()
    if row is None or row.state != Code.State.LIVE or row.good_until <= timezone.now():
        raise _explain(row)
    return row


def _take(row: Code) -> bool:
    """Whether it is we who use the code: the database lets one of two at once do so."""
    return _list_good_codes().filter(pk=row.pk).update(state=Code.State.USED) == 1


def _explain(row: Code | None) -> CodeRefused:
    """Return why a code does not count, from its row alone, so that nothing can be learnt from what was typed."""
    if row is None:
        return WrongCode()
    if row.state != Code.State.LIVE:
        return UsedCode() if row.state == Code.State.USED else ReplacedCode()
    if row.good_until <= timezone.now():
        return ExpiredCode()
    return TooManyTries() if row.tries >= MAX_TRIES else WrongCode()
