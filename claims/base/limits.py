"""Limits of how often something may be done: by block of addresses, and by everybody together.

A limit is a token bucket, kept as one number (the generic cell rate algorithm, ITU-T I.371): the moment at which all
is free again. Taking a token is one conditional UPDATE, so of many at once only as many pass as there is room for, on
every database. A bucket that is empty is only read, so a flood writes nothing. The rows are in the database and not
in the cache: a cache that is away neither opens nor closes anything.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest

from claims.base.requests import read_address
from claims.base.vault import make_blind_index
from claims.models import Bucket
from claims.rules.suspicion import find_block

SECOND = 1_000_000  # of the clock of the buckets


@dataclass(frozen=True)
class Rate:
    """How many at once, and how many an hour after that."""

    at_once: int
    an_hour: float

    @property
    def step(self) -> int:
        """Microseconds until one more is free."""
        return round(3600 * SECOND / self.an_hour)


@dataclass(frozen=True)
class Limit:
    """What one block of addresses may do, and what all may do together."""

    block: Rate
    everyone: Rate


# Mobile networks put some thousand people behind one address and a hundred thousand behind a /24 (RFC 6888; a /48 of
# IPv6 is a town at most). When the news tell of an action, one in a thousand of them starts within an hour: 100. The
# limit of a block is six times that. All together: a million people in the two days before a deadline are 20,000 an
# hour, three times as many at noon.
CROWD = Rate(at_once=3_000, an_hour=60_000)
LIMITS: Mapping[str, Limit] = {
    "start": Limit(Rate(at_once=120, an_hour=600), CROWD),
    "sign-in": Limit(Rate(at_once=120, an_hour=600), CROWD),
    # Codes are typed wrong, and each of them is protected by its own count of tries.
    "code": Limit(Rate(at_once=300, an_hour=1_800), Rate(at_once=6_000, an_hour=120_000)),
    # Certificates have codes of 80 random bits; a court checks a folder of them at once.
    "verify": Limit(Rate(at_once=120, an_hour=1_200), CROWD),
}
# Mails to people who sent no proof of work leave one by one: a queue that cannot be longer than ten minutes.
UNPROVEN = Rate(at_once=600, an_hour=3_600)
# Codes that an account has sent to addresses that it has not proven, which may be of strangers: five a day.
NEW_ADDRESS = Rate(at_once=5, an_hour=5 / 24)


@dataclass(frozen=True)
class Taken:
    """What came of asking for a token: how long to wait (zero: go on), and how much of the block's limit is used."""

    wait: timedelta = timedelta()
    used: float = 0.0


def take(kind: str, request: HttpRequest) -> Taken:
    """Take a token of the block from which a request comes and one of everybody's.

    The block comes first, so that a block that floods us takes nothing from the others.
    """
    limit, name = LIMITS[kind], name_block(kind, request)
    for bucket, rate in ((name, limit.block), (kind, limit.everyone)):
        if wait := take_token(bucket, rate):
            return Taken(wait, 1.0)
    return Taken(used=measure(name, limit.block))


def name_block(kind: str, request: HttpRequest) -> str:
    """Return the name of the bucket of a request's block: a keyed hash, which tells nobody where a person was."""
    return f"{kind} {make_blind_index(find_block(read_address(request)), purpose='address block')}"


def take_token(name: str, rate: Rate) -> timedelta:
    """Take a token and return zero, or take none and return after which time there is one."""
    now = _tell_time()
    if _fill(name, rate, now):
        return timedelta()
    full_at = Bucket.objects.filter(name=name).values_list("full_at", flat=True).first()
    if full_at is None:
        Bucket.objects.bulk_create([Bucket(name=name, full_at=now)], ignore_conflicts=True)
        return take_token(name, rate)
    return timedelta(microseconds=max(1, full_at - now - (rate.at_once - 1) * rate.step))


def _fill(name: str, rate: Rate, now: int) -> bool:
    room = Bucket.objects.filter(name=name, full_at__lte=now + (rate.at_once - 1) * rate.step)
    return room.update(full_at=Greatest(F("full_at"), now) + rate.step) == 1


def book_turn(name: str, rate: Rate) -> datetime | None:
    """Take the next place of a queue and return its time, one step after the place before; None: it is full."""
    if take_token(name, rate):
        return None
    return datetime.fromtimestamp(Bucket.objects.get(name=name).full_at / SECOND, UTC)


def measure(name: str, rate: Rate) -> float:
    """Return how much of a bucket is used, from 0 to 1."""
    full_at = Bucket.objects.filter(name=name).values_list("full_at", flat=True).first() or 0
    return min(1.0, max(0.0, (full_at - _tell_time()) / (rate.at_once * rate.step)))


def measure_load(kind: str) -> float:
    """Return how much of what everybody may do together is used, from 0 to 1."""
    return measure(kind, LIMITS[kind].everyone)


def forget_buckets() -> None:
    """Delete the buckets that are full again: they say nothing, and name a block."""
    Bucket.objects.filter(full_at__lt=_tell_time()).delete()


def tell_seconds(wait: timedelta) -> int:
    """Return a wait in whole seconds, for Retry-After; never too short."""
    return max(1, math.ceil(wait.total_seconds()))


def _tell_time() -> int:
    return time.time_ns() // 1000
