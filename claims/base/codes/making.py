"""New codes: one at a time and some an hour for an address and purpose, forgotten after a day."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise

from claims.base import mails
from claims.base.addresses import check_address, make_address_key
from claims.base.codes.errors import TooManyCodes
from claims.base.codes.hashes import DIGITS, hash_code, hash_token, show_code
from claims.models import Code

GOOD_FOR = timedelta(minutes=30)
CODES_AN_HOUR = 5
HOUR, DAY, NO_WAIT = timedelta(hours=1), timedelta(days=1), timedelta()


@dataclass(frozen=True)
class NewCode:
    """A code as it is shown, the token for a link, and until when both are good. Only the mail may hold them."""

    code: str
    token: str
    good_until: datetime

    def __repr__(self) -> str:
        return "NewCode(...)"  # never in a log or on a page of errors


def make_code(address: str, *, purpose: str, wait: timedelta = NO_WAIT) -> NewCode:
    """Make a new code for an address; an earlier one of the same purpose counts no more.

    Make one for every address that is asked about, also one that we do not know, and only send it or not: then the
    answers to guesses do not tell who is registered. Raises TooManyCodes after five in an hour of a purpose: answer as
    otherwise.
    `wait` is how much later than now the mail leaves: the code is good for so much longer.
    """
    address = check_address(address)
    new = NewCode(make_digits(), secrets.token_urlsafe(32), timezone.now() + wait + GOOD_FOR)
    for _ in range(CODES_AN_HOUR):
        with suppress(IntegrityError):  # another request made one at the same moment: then that one is replaced
            _store_code(address, new, purpose)
            return new
    raise TooManyCodes  # each of those requests made one


def make_digits() -> str:
    """Return a new random code as it is shown."""
    return show_code(str(secrets.randbelow(10**DIGITS)).zfill(DIGITS))


@transaction.atomic
def _store_code(address: str, new: NewCode, purpose: str) -> None:
    key = make_address_key(address)
    earlier = Code.objects.filter(address_key=key, purpose=purpose, state=Code.State.LIVE)
    # First, because it waits for others who make one: what they have made is counted then.
    earlier.update(state=Code.State.REPLACED)
    # Of this purpose alone: who asks for codes to change an e-mail address keeps nobody from registering.
    made = Code.objects.filter(address_key=key, purpose=purpose, made_at__gt=timezone.now() - HOUR).count()
    if made >= CODES_AN_HOUR:
        raise TooManyCodes
    Code.objects.create(
        address=address,
        address_key=key,
        purpose=purpose,
        code_key=hash_code(new.code, address_key=key, purpose=purpose),
        token_key=hash_token(new.token),
        good_until=new.good_until,
    )


@transaction.atomic
def send_code(
    address: str, *, purpose: str, language: str, reason: str | Promise, find_path: Callable[[str], str],
    wait: timedelta = NO_WAIT,
) -> NewCode:  # fmt: skip
    """Make a code and queue the mail that holds it. Raises TooManyCodes.

    `reason` is a whole sentence that says what the code is for, translated when the mail is written; `find_path` gives
    the path of the page with the button, from the token. The mail leaves after `wait`.
    """
    new = make_code(address, purpose=purpose, wait=wait)
    context = {
        "code": new.code,
        "reason": reason,
        "link": f"{settings.BASE_URL}{find_path(new.token)}",
        "minutes": GOOD_FOR.seconds // 60,
    }
    mails.queue_mail(address, kind="code", language=language, context=context, forget_at=new.good_until, wait=wait)
    return new


def erase_codes(address: str) -> int:
    """Delete every code of an address and return how many there were."""
    return erase_codes_by_key(make_address_key(address))


def erase_codes_by_key(address_key: str) -> int:
    """Delete every code of the address with this blind index and return how many there were."""
    deleted, _ = Code.objects.filter(address_key=address_key).delete()
    return deleted


def forget_codes() -> None:
    """Delete the codes of the day before: they are good for nothing, and hold an address."""
    Code.objects.filter(made_at__lt=timezone.now() - DAY).delete()
