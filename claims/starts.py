"""Somebody asks for a code to register: what is noticed about it, when the mail leaves, what the registration keeps."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from claims.base import codes, limits, proofs
from claims.base.addresses import make_address_key
from claims.models import Action, Quarantine, Registration, Start
from claims.rules import suspicion

PURPOSE = "register"
DAY = timedelta(days=1)
HALF = 0.5  # of what a block may do: from there on it is called busy
REASONS = {
    proofs.MissingProof: suspicion.NO_PROOF,
    proofs.OldProof: suspicion.OLD_PROOF,
    proofs.SpentProof: suspicion.USED_PROOF,
    proofs.ForgedProof: suspicion.FORGED_PROOF,
}


class QueueFull(Exception):
    """So many wait for a mail without having proven anything that no more can be promised now."""

    wait = timedelta(minutes=1)


@dataclass(frozen=True)
class Sent:
    """A start form as it came: our puzzle, its answer, and the field that people do not see."""

    puzzle: str
    answer: str
    trap: str


def notice(sent: Sent, *, used: float) -> list[str]:
    """Return the names of all that speaks for a machine. `used` is how much of its limit the block has used.

    Takes the proof: the next form with the same one has none.
    """
    reasons = [*_judge_page(sent), *_judge_proof(sent)]
    if sent.trap:
        reasons.append(suspicion.TRAP)
    if used > HALF:
        reasons.append(suspicion.BUSY_BLOCK)
    return reasons


def _judge_page(sent: Sent) -> list[str]:
    """Judge when our page was shown."""
    if not sent.puzzle:
        return [suspicion.NO_PAGE]
    with suppress(proofs.ForgedProof):
        shown_for = timezone.now() - proofs.read_puzzle(sent.puzzle).made_at
        return [suspicion.TOO_FAST] if shown_for.total_seconds() < suspicion.LEAST_SECONDS else []
    return []


def _judge_proof(sent: Sent) -> list[str]:
    if not sent.puzzle:
        return [suspicion.NO_PROOF]
    try:
        proofs.use_proof(sent.puzzle, sent.answer)
    except proofs.BadProof as problem:
        return [REASONS[type(problem)]]
    return []


def send_start_code(
    action: Action, email: str, *, reasons: list[str], language: str, reason: str | Promise,
    find_path: Callable[[str], str],
) -> datetime | None:  # fmt: skip
    """Send a code, and return when its mail leaves if that is not at once. Raises QueueFull.

    The same happens for every address, known or not, also for one that asked too often: that one only gets no mail.
    """
    wait = _find_wait(reasons)
    with transaction.atomic(), suppress(codes.TooManyCodes):
        codes.send_code(email, purpose=PURPOSE, language=language, reason=reason, find_path=find_path, wait=wait)
        Start.objects.create(action=action, address_key=make_address_key(email), reasons=reasons)
    return timezone.now() + wait if wait else None


def _find_wait(reasons: list[str]) -> timedelta:
    """Return how long a mail waits: not at all with a good proof, else its turn in the queue of those without."""
    if not suspicion.is_unproven(reasons):
        return timedelta()
    turn = limits.book_turn("unproven", limits.UNPROVEN)
    if turn is None:
        raise QueueFull
    return max(turn - timezone.now(), settings.UNPROVEN_WAIT) if settings.UNPROVEN_WAIT else timedelta()


def keep_signs(registration: Registration) -> None:
    """Keep with a registration what was noticed when it was started; what is kept once stays.

    Whoever is signed in and registers another person gave no new form: as long as an earlier claim of theirs is held,
    its reasons hold for the next one too.
    """
    if registration.score is not None:
        return
    reasons = _find_reasons(registration)
    registration.reasons, registration.score = reasons, suspicion.add_points(reasons)
    registration.save(update_fields=["reasons", "score"])


def _find_reasons(registration: Registration) -> list[str]:
    held = Quarantine.objects.filter(claim__claimant__user=registration.user, released_at__isnull=True)
    last = held.order_by("-pk").values_list("reasons", flat=True).first()
    earlier = [reason for reason in last or () if reason in suspicion.POINTS]
    key = make_address_key(registration.user.email)
    started = Start.objects.filter(action=registration.action, address_key=key).values_list("reasons", flat=True)
    # The best of the day: a stranger who asks for codes in one's name must not make one suspect.
    return earlier or list(min(started, key=suspicion.add_points, default=[]))


def erase_starts(address: str) -> int:
    """Delete what was noticed of an address and return how many rows there were."""
    deleted, _ = Start.objects.filter(address_key=make_address_key(address)).delete()
    return deleted


def forget_starts() -> None:
    """Delete the starts of the day before; what they told is kept with the registration that came of them."""
    Start.objects.filter(at__lt=timezone.now() - DAY).delete()
