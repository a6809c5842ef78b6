"""With which claim a proof is kept where claims were merged: each has its own again when they are taken apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claims.duplicates.giving_back import find_own, hand_over, list_below, renew_joined_on
from claims.duplicates.merging import list_above
from claims.models import Claim, JoiningProof
from claims.tallies import Tally


@dataclass(frozen=True)
class Place:
    """The claim whose proof it becomes, the merged claim that it names instead, and those that make room, in order."""

    claim_id: int
    named_id: int | None = None
    moved: tuple[JoiningProof, ...] = ()


def find_place(kept: Claim, named_id: int, proofs: Mapping[int, JoiningProof]) -> Place | None:
    """Return where a proof goes that names a claim, for which another may be kept; None where it has joined already.

    The first proof that comes is that of the kept claim, even if it names a merged one. What comes next for a claim is
    kept with that one: the earliest of them all counts, and none is lost. `proofs` are those of `read_proofs`.
    """
    if find_own(named_id, proofs):
        return None
    if kept.pk in proofs:
        moved = list_moves(named_id, proofs)
        return None if moved is None else Place(named_id, moved=tuple(moved))
    return None if has_joined_without(kept) else Place(kept.pk, named_id if named_id != kept.pk else None)


def list_moves(claim_id: int, proofs: Mapping[int, JoiningProof]) -> list[JoiningProof] | None:
    """Return what goes to the claim that it names, one after the other, until a claim is free; None if none gets it.

    A claim may hold the proof of one that is merged into it, and that one holds another's in its turn.
    """
    held = proofs.get(claim_id)
    if held is None:
        return []
    if held.named_id in (None, claim_id):
        return None
    below = list_moves(held.named_id, proofs)
    return None if below is None else [*below, held]


def has_joined_without(kept: Claim) -> bool:
    """Whether a claim without a proof has joined, and not by that of a claim merged into it."""
    below = JoiningProof.objects.filter(taken_back_at=None, claim__in=list_below(kept) if kept.joined_on else ())
    return kept.joined_on is not None and not below.exists()


def make_room(proof: JoiningProof) -> Claim:
    """Give a proof to the merged claim that it names, which is locked, and return that."""
    assert proof.named is not None  # find_place says so
    named = proof.named
    hand_over(proof, named)
    return named


def renew_days(claims: Iterable[Claim]) -> Counter[Tally]:
    """Let claims whose proofs have changed, and those above them, have joined on the earliest day of theirs.

    All of them are locked. Returns what that changes in the tallies; who holds such a claim reads its day anew.
    """
    ids = {it.pk for claim in claims for it in (claim, *list_above(claim))}
    moved = Counter[Tally]()
    for claim in Claim.objects.filter(pk__in=ids):
        moved.update(renew_joined_on(claim))
    return moved
