"""The data keys of claimants: wrapped anew when the office changes its master key."""

from collections.abc import Callable
from dataclasses import dataclass

from claims.base import vault
from claims.models import Claimant

BATCH = 1000


@dataclass
class Rotation:
    """How many data keys were wrapped anew, were current already, or no longer open."""

    rewrapped: int = 0
    current: int = 0
    unreadable: int = 0


def rotate_keys(*, say: Callable[[str], None] = lambda _: None) -> Rotation:
    """Wrap every data key with the newest master key, one row at a time.

    A key that changed meanwhile is left to whoever changed it, and what was done stays done: run it again after a stop.
    The old master key may go once `unreadable` and the number of keys under it are 0.
    """
    done = Rotation()
    last = 0
    while batch := list(Claimant.objects.filter(pk__gt=last).exclude(data_key="").order_by("pk")[:BATCH]):
        for claimant in batch:
            _rotate_key(claimant, done)
        last = batch[-1].pk
        say(f"{done.rewrapped + done.current:,} keys")
    return done


def _rotate_key(claimant: Claimant, done: Rotation) -> None:
    if vault.is_current(claimant.data_key):
        done.current += 1
        return
    try:
        rewrapped = vault.rewrap(claimant.data_key)
    except vault.Unreadable:
        done.unreadable += 1
        return
    done.rewrapped += Claimant.objects.filter(pk=claimant.pk, data_key=claimant.data_key).update(data_key=rewrapped)
