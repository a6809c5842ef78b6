"""Proof of work, from us to us: a small price for each form, paid by the reader's device while its owner types.

A puzzle is a signed line. It names a key that PBKDF2-HMAC-SHA-256 (RFC 8018) makes of one number, and asks for the
number; `static/proof.js` tries them in order. The number is below `tries`, so that no device has bad luck for long.
Making and checking a puzzle costs us one derivation each, about half a millisecond. It is a price, not a
proof of a person: what it buys is judged with other signs (claims.rules.suspicion).
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from claims.base.vault import sign
from claims.models import UsedProof

ROUNDS = 1000  # of PBKDF2 for one try; fewer, and calling WebCrypto would cost more than its work
TARGET = 16  # bytes of the key that must agree
GOOD_FOR = timedelta(hours=2)  # people read, and look for their address
HARDEST = 4  # times as many tries when all that is allowed is used: some 20 seconds on an old phone


class BadProof(Exception):
    """A proof that does not count."""


class MissingProof(BadProof):
    """There is none."""


class OldProof(BadProof):
    """It was good, too long ago."""


class SpentProof(BadProof):
    """It was handed in before."""


class ForgedProof(BadProof):
    """We did not ask this, or this is not the answer."""


@dataclass(frozen=True)
class Puzzle:
    """A puzzle of ours that was read."""

    made_at: datetime
    tries: int
    salt: str
    target: str


def make_puzzle(load: float = 0.0) -> str:
    """Return a new puzzle as text, the harder the more is going on (`load` from 0 to 1)."""
    tries = max(1, round(settings.PROOF_TRIES * (1 + (HARDEST - 1) * load)))
    salt, made_at = secrets.token_hex(16), round(timezone.now().timestamp() * 1000)
    text = f"{made_at}.{tries}.{salt}.{derive(salt, secrets.randbelow(tries))}"
    return f"{text}.{_sign(text)}"


def read_puzzle(text: str) -> Puzzle:
    """Return a puzzle as we made it. Raises ForgedProof."""
    signed, _, signature = text.rpartition(".")
    if not signed or not hmac.compare_digest(_sign(signed).encode(), signature.encode()):
        raise ForgedProof
    made_at, tries, salt, target = signed.split(".")
    return Puzzle(datetime.fromtimestamp(int(made_at) / 1000, UTC), int(tries), salt, target)


def derive(salt: str, number: int) -> str:
    """Return what a number makes of the salt of a puzzle, in hexadecimal."""
    key = hashlib.pbkdf2_hmac("sha256", bytes.fromhex(salt), number.to_bytes(4, "big"), ROUNDS, TARGET)
    return key.hex()


def solve_puzzle(text: str) -> str:
    """Return the answer to a puzzle, as the script of the page finds it: for tests and measurements."""
    puzzle = read_puzzle(text)
    return next(str(n) for n in range(puzzle.tries) if derive(puzzle.salt, n) == puzzle.target)


def use_proof(text: str, answer: str) -> None:
    """Take a proof, once. Raises what of BadProof is the case; of two that hand in the same one gets through."""
    puzzle = read_puzzle(text)
    if not answer:
        raise MissingProof
    if not _is_right(puzzle, answer):
        raise ForgedProof
    forget_at = puzzle.made_at + GOOD_FOR
    if forget_at <= timezone.now():
        raise OldProof
    if not _spend(puzzle.salt, forget_at):
        raise SpentProof


def _is_right(puzzle: Puzzle, answer: str) -> bool:
    is_number = answer.isascii() and answer.isdigit() and len(answer) < 10
    return is_number and hmac.compare_digest(derive(puzzle.salt, int(answer)), puzzle.target)


def _spend(salt: str, forget_at: datetime) -> bool:
    """Note a proof as used; False where it was. A plain insert under a unique constraint, outside any transaction."""
    _, is_new = UsedProof.objects.get_or_create(salt=salt, defaults={"forget_at": forget_at})
    return is_new


def forget_proofs() -> None:
    """Delete the proofs that would not be taken any more anyway."""
    UsedProof.objects.filter(forget_at__lt=timezone.now()).delete()


def _sign(text: str) -> str:
    return sign(text, purpose="proof of work", key="index")
