"""Proofs of joining go back to the claim that they named, when that stands by itself again."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.letters import send_letter
from claims.models import Claim, JoiningProof, Merge, User
from claims.proof_words import REASON, SOURCE, open_about, seal_about
from claims.tallies import Kind, Tally
from claims.wording import day


@dataclass(frozen=True)
class Given:
    """A proof that went from the claim that was kept to the one that it named."""

    proof: JoiningProof
    holder: Claim
    claim: Claim


def give_proofs_back(claim: Claim, above: list[Claim], *, by: User | None) -> list[Given]:
    """Give a claim that comes out of others, all locked, the proofs that named it or what was merged into it before.

    A proof of its own is kept with the claim itself. One that names a claim merged into it is too, where there is no
    other, and else with the claim that it names: the claim has joined by the earliest of them. Those above have not
    joined by them any more, which `renew_joined_on` says of them once the merge has ended. Returns what went where.
    """
    valid = JoiningProof.objects.select_for_update(of=("self",)).select_related("claim__claimant", "file")
    valid = valid.filter(taken_back_at=None)
    holders, family = {kept.pk: kept for kept in above}, [claim.pk, *list_below(claim)]
    going = list(valid.filter(claim__in=holders, named__in=family))
    if not going:
        return []
    kept = {proof.claim_id: proof for proof in valid.filter(claim__in=family)}
    given = list[Given]()
    for proof in sorted(going, key=lambda it: (it.named_id != claim.pk, rank_proof(it))):
        is_free = proof.named_id == claim.pk or claim.pk not in kept
        holder, target = holders[proof.claim_id], claim if is_free else proof.named
        assert target is not None  # what goes names one of the family
        _bring_home(proof, target, kept, by=by)
        given.append(Given(proof, holder, target))
    for it in Claim.objects.filter(pk__in=family[1:]):
        renew_joined_on(it)
    renew_joined_on(claim)  # in no tally as long as it is merged
    return given


def _bring_home(proof: JoiningProof, target: Claim, kept: dict[int, JoiningProof], *, by: User | None) -> None:
    """Keep a proof with a claim; another that is there goes to the claim that it names, merged into this one."""
    other = kept.pop(target.pk, None)
    if other and other.named:
        _bring_home(other, other.named, kept, by=by)
    elif other:  # two of one claim, recorded when nothing kept them apart: the earliest counts
        first, later = sorted((proof, other), key=rank_proof)
        _take_back(later, first, by=by)
        if later is proof:
            kept[target.pk] = other
    hand_over(proof, target)
    kept.setdefault(target.pk, proof)


def read_proofs(claims: Iterable[int]) -> dict[int, JoiningProof]:
    """Return the proofs that hold, by the claim with which each is kept: those of the claims, and all tied to them."""
    valid = JoiningProof.objects.filter(taken_back_at=None).select_related("claim__claimant", "file")
    found, new = dict[int, JoiningProof](), set(claims)
    seen = set(new)
    while new:
        proofs = list(valid.filter(Q(claim__in=new) | Q(named__in=new)))
        found |= {proof.claim_id: proof for proof in proofs}
        new = {pk for proof in proofs for pk in (proof.claim_id, proof.named_id) if pk} - seen
        seen |= new
    return found


def find_own(claim_id: int, proofs: Mapping[int, JoiningProof]) -> JoiningProof | None:
    """Return the proof of a claim: one that names it, kept with a claim above it or with itself."""
    return next((it for holder, it in proofs.items() if (it.named_id or holder) == claim_id), None)


def find_joining_day(claim: Claim) -> date | None:
    """Return the day by which a claim has joined: its own, or that of a proof that names it and is kept above it.

    Merged or not, whom a proof names has joined at the court, with all that the law ties to it.
    """
    if claim.joined_on:
        return claim.joined_on
    proofs = JoiningProof.objects.filter(taken_back_at=None, named__in=[claim.pk, *list_below(claim)])
    return proofs.order_by("on").values_list("on", flat=True).first()


def list_below(claim: Claim) -> list[int]:
    """Return the ids of the claims that were merged into this one, and into those."""
    found, into = list[int](), [claim.pk]
    while into:
        into = list(Merge.objects.filter(kept__in=into, undone_at=None).values_list("merged_id", flat=True))
        found += into
    return found


def list_holding(claim: Claim) -> list[JoiningProof]:
    """Return the proofs that hold of a claim and of all that is merged into it, the earliest first: that one counts."""
    holding = JoiningProof.objects.filter(taken_back_at=None, claim__in=[claim.pk, *list_below(claim)])
    return sorted(holding.select_related("by", "taken_back_by", "file", "claim__claimant"), key=rank_proof)


def renew_joined_on(claim: Claim) -> Counter[Tally]:
    """Let a locked claim have joined on the earliest day of those proofs; return what that changes in the tallies."""
    holding = list_holding(claim)
    before, claim.joined_on = claim.joined_on, holding[0].on if holding else None
    moved = Counter[Tally]()
    if claim.joined_on != before:
        Claim.objects.filter(pk=claim.pk).update(joined_on=claim.joined_on)
        for on, n in ((before, -1), (claim.joined_on, 1)) if claim.status in Claim.IN_COURT else ():
            if on:
                moved[Kind.JOINED.value, on.isoformat()] += n
    return moved


def rank_proof(proof: JoiningProof) -> tuple:
    """Order proofs by their moment at the court; a day without its time is the end of it."""
    return (proof.on, proof.at or time.max, proof.pk)


def _take_back(proof: JoiningProof, first: JoiningProof, *, by: User | None) -> None:
    reason = _("This claim has joined already, on %(day)s.") % {"day": day(first.on)}
    proof.taken_back_at, proof.taken_back_by = timezone.now(), by
    proof.taken_back_reason = seal_about(proof.claim, proof.reference, REASON, reason)
    proof.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])


def hand_over(proof: JoiningProof, claim: Claim) -> None:
    """Let the proof be of the claim; its words are sealed anew, with the key of that claimant."""
    words = {name: open_about(proof, name, sealed) for name, sealed in _list_sealed(proof).items()}
    proof.claim = claim
    proof.named = None if proof.named_id == claim.pk else proof.named
    if words.get(SOURCE):
        proof.source = seal_about(claim, proof.reference, SOURCE, words[SOURCE])
    if words.get(REASON):
        proof.taken_back_reason = seal_about(claim, proof.reference, REASON, words[REASON])
    proof.save(update_fields=["claim", "named", "source", "taken_back_reason"])


def _list_sealed(proof: JoiningProof) -> dict[str, str]:
    """Return the sealed words of a proof; what came in a file has its source there."""
    return {SOURCE: "" if proof.file_id else proof.source, REASON: proof.taken_back_reason}


def tell_own(claim: Claim, merged_at: datetime, *, given: Collection[Given]) -> None:
    """Write to whoever stands again that a proof of their own came in while they were merged: nobody told them then.

    Of those that were `given` back they are told by `tell_given_back`.
    """
    own = claim.joining_proofs.filter(taken_back_at=None, made_at__gt=merged_at, named=None)
    for proof in own.exclude(pk__in=[it.proof.pk for it in given]):
        send_letter(claim, "joined", on=proof.on, external=proof.reference)


def tell_given_back(given: list[Given], *, by: User | None) -> None:
    """Write to both, and keep it in the history of both: one has joined, the other has not any more."""
    for it in given:
        if it.holder.stands and it.holder.joined_on is None:  # else by another proof
            send_letter(it.holder, "joining_undone", on=it.proof.on)
        if it.claim.stands and not it.proof.taken_back_at:
            send_letter(it.claim, "joined", on=it.proof.on, external=it.proof.reference)
    for it in given:
        history.record("joining taken back", it.holder, by=by, action=it.holder.action, proof=it.proof.pk)
        history.record("joining recorded", it.claim, by=by, action=it.claim.action, proof=it.proof.pk)
