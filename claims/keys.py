"""The data keys of claimants, registrations and files: wrapped anew when the office changes its master key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from claims.base import vault
from claims.models import Claimant, Evidence, ImportFile, JoiningFile, Registration

BATCH = 1000


@dataclass
class Rotation:
    """How many data keys were wrapped anew, were current already, or no longer open."""

    rewrapped: int = 0
    current: int = 0
    unreadable: int = 0


# What others keep sealed: each wraps the data keys of its own rows anew and counts them. `config.factors` adds its own.
ROTATORS: list[Callable[[Rotation], None]] = []


def rotate_keys(*, say: Callable[[str], None] = lambda _: None) -> Rotation:
    """Wrap every data key with the newest master key, one row at a time.

    A key that changed meanwhile is left to whoever changed it, and what was done stays done: run it again after a stop.
    The old master key may go once `unreadable` and the number of keys under it are 0.
    """
    done = Rotation()
    for rows in (Claimant.objects, Registration.objects, Evidence.objects, JoiningFile.objects, ImportFile.objects):
        _rotate_rows(rows.exclude(data_key=""), done, say)
    for rotate in ROTATORS:
        rotate(done)
    return done


def _rotate_rows(rows: QuerySet[Any], done: Rotation, say: Callable[[str], None]) -> None:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in batch:
            _rotate_key(rows, row, done)
        last = batch[-1].pk
        say(f"{done.rewrapped + done.current:,} keys")


Keyed = Claimant | Registration | Evidence | JoiningFile | ImportFile


def _rotate_key(rows: QuerySet[Any], row: Keyed, done: Rotation) -> None:
    if vault.is_current(row.data_key):
        done.current += 1
        return
    try:
        rewrapped = vault.rewrap(row.data_key)
    except vault.Unreadable:
        done.unreadable += 1
        return
    done.rewrapped += rows.filter(pk=row.pk, data_key=row.data_key).update(data_key=rewrapped)


def ensure_data_key(claimant: Claimant) -> str:
    """Return the data key of a claimant; one who came in by import, and has said nothing sealed yet, gets one now."""
    Claimant.objects.filter(pk=claimant.pk, data_key="").update(data_key=vault.make_data_key())
    claimant.refresh_from_db(fields=["data_key"])
    return claimant.data_key
