"""After a backup was restored: whoever was erased since it was made is erased again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from claims.base.errors import Refused
from claims.erasing import erase_claimant, erase_registration
from claims.erasures import Erasure, read_erasures
from claims.models import Claim, Registration


@dataclass
class Replay:
    """What came of the lines of a file."""

    erased: int = 0
    already: int = 0  # still erased, or erased by an earlier line
    unknown: int = 0  # younger than the backup
    held: int = 0  # a court action that has not ended needs the data: look at these
    damaged: int = 0  # lines that nobody with the key has written


def replay_erasures(path: Path, *, say: Callable[[str], None] = lambda _: None) -> Replay:
    """Erase again whom a file names; what was done stays done, so it can be run any number of times."""
    done = Replay()
    for number, erasure in enumerate(read_erasures(path), 1):
        word = _replay(erasure) if erasure else "damaged"
        setattr(done, word, getattr(done, word) + 1)
        if word in {"held", "damaged"}:
            say(f"line {number}: {word}")
    return done


def _replay(erasure: Erasure) -> str:
    if erasure.what == "registration":
        return _replay_registration(erasure.code)
    claim = Claim.objects.filter(reference=erasure.code).select_related("claimant").first()
    if claim is None:
        return "unknown"
    if claim.claimant.erased_at:
        return "already"
    try:
        erase_claimant(claim.claimant, by=None)
    except Refused:
        return "held"
    return "erased"


def _replay_registration(code: str) -> str:
    registration = Registration.objects.filter(code=code).first()
    if registration is None:
        return "already"
    if registration.state == Registration.State.ENTERED:  # goes with its claim
        return "already"
    erase_registration(registration, by=None)
    return "erased"
