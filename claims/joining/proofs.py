"""A proof of joining is recorded for one claim, and taken back with a reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.duplicates import find_kept, hold_family
from claims.duplicates.giving_back import find_own, list_below, list_holding, read_proofs
from claims.joining.faults import say_complaint
from claims.joining.places import find_place, make_room, renew_days
from claims.joining.ways import find_claim_way, read_law
from claims.letters import send_letter
from claims.models import Claim, JoiningProof, User
from claims.proof_words import REASON, SOURCE, Told, seal_about, tell_proof
from claims.rules.deadlines import Happened
from claims.rules.joining import check_joining
from claims.tallies import Kind, Tally, add_tallies
from claims.wording import day


@dataclass(frozen=True)
class ProofDraft:
    """A proof: the reference in the channel of the law, the day at the court, and the document that shows it."""

    reference: str
    on: date
    at: time | None = None
    source: str = ""
    is_declared: bool | None = None
    is_fee_paid: bool | None = None


def find_proof(claim: Claim) -> JoiningProof | None:
    """Return the proof by which a claim has joined."""
    return claim.joining_proofs.filter(taken_back_at=None).select_related("by").first()


def list_further(claim: Claim) -> list[Told]:
    """Return the proofs that hold of the claims merged into this one, the earliest first, with their words."""
    if not list_below(claim):
        return []
    return [tell_proof(proof) for proof in list_holding(claim) if proof.claim_id != claim.pk]


def list_proofs(claim: Claim) -> list[Told]:
    """Return the proofs that a claim ever had with their words, the newest first; those taken back too."""
    proofs = claim.joining_proofs.select_related("by", "taken_back_by", "file", "claim__claimant")
    return [tell_proof(proof) for proof in proofs.order_by("-pk")]


@transaction.atomic
def record_joining(claim: Claim, draft: ProofDraft, *, by: User | None) -> JoiningProof:
    """Record that a claim has joined; the claimant is told by mail. Raises Refused with what speaks against it.

    What comes in for a merged claim is recorded with the one that is kept for it: the proof says which that is, and
    goes back to the claim that it named when the merge is undone. Where that one has joined already, the proof stays
    with the claim that it names; the earliest of them counts.
    """
    family = hold_family([claim.pk])  # first: an unmerge in between would leave the proof with the wrong claim
    held = family[find_kept(claim).pk]
    check_not_own(held, family[claim.pk], by=by)
    law = read_law(held.action)
    if not draft.reference.strip() or not draft.source.strip():
        raise Refused(_("A proof needs a reference and the document that shows it."))
    proofs = read_proofs(family)
    place = find_place(held, claim.pk, proofs)
    if place is None:
        joined = find_own(claim.pk, proofs) or proofs.get(held.pk)
        raise Refused(
            _("This claim has joined already, on %(day)s.") % {"day": day(joined.on if joined else held.joined_on)}
        )
    if held.status not in Claim.STANDING:
        raise Refused(_("This claim was withdrawn, refused or merged, so it cannot join."))
    complaint = check_joining(
        Happened(draft.on, draft.at), law, find_claim_way(held, law),
        is_declared=draft.is_declared, is_fee_paid=draft.is_fee_paid,
    )  # fmt: skip
    if complaint:
        raise Refused(say_complaint(complaint))
    channel = str(law.regime["join_channel"].value or "")
    changed = [family[place.claim_id], *map(make_room, place.moved)]
    proof = _save(family[place.claim_id], draft, channel, named_id=place.named_id, by=by)
    add_tallies(held.action_id, renew_days(changed))
    holder = family[place.claim_id]
    holder.refresh_from_db(fields=["joined_on"])
    if claim.pk == holder.pk:
        claim.joined_on = holder.joined_on
    if holder.stands:
        send_letter(holder, "joined", on=draft.on, external=draft.reference)
    history.record("joining recorded", holder, by=by, action=held.action, proof=proof.pk)
    return proof


def set_days(days: dict[date, list[int]]) -> Counter[Tally]:
    """Set the day of joining of claims, and return what that changes in the tallies."""
    for on, pks in days.items():
        Claim.objects.filter(pk__in=pks).update(joined_on=on)
    return Counter({(Kind.JOINED.value, on.isoformat()): len(pks) for on, pks in days.items()})


def _save(claim: Claim, draft: ProofDraft, channel: str, *, named_id: int | None, by: User | None) -> JoiningProof:
    reference = draft.reference.strip()
    sealed = seal_about(claim, reference, SOURCE, draft.source)
    try:
        with transaction.atomic():
            return JoiningProof.objects.create(
                claim=claim, named_id=named_id, action_id=claim.action_id, channel=channel, reference=reference,
                on=draft.on, at=draft.at,
                source=sealed, is_declared=draft.is_declared, is_fee_paid=draft.is_fee_paid, by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("Another claim of this action has this reference already. Look it up and mend one.")) from None


@transaction.atomic
def take_back_joining(claim: Claim, *, by: User, reason: str) -> JoiningProof:
    """Take a proof back with a reason: the claim has not joined any more. Raises Refused, or StaleStatus.

    Whoever stands for it is told, unless they have joined by another proof: of that one alone nobody was told.
    """
    family = hold_family([claim.pk])
    held, kept = family[claim.pk], family[find_kept(claim).pk]
    check_not_own(held, by=by)
    proof = find_proof(held)
    if proof is None:
        raise StaleStatus(_("This proof was taken back in the meantime. Open the claim again."))
    if proof.named:
        check_not_own(proof.named, by=by)
    if not reason.strip():
        raise Refused(_("Say why the proof is taken back; the reason stays in the history."))
    proof.taken_back_at, proof.taken_back_by = timezone.now(), by
    proof.taken_back_reason = seal_about(held, proof.reference, REASON, reason)
    proof.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    add_tallies(held.action_id, renew_days([held]))
    for it in (held, kept):
        it.refresh_from_db(fields=["joined_on"])
    claim.joined_on = held.joined_on
    if kept.joined_on is None:
        told = kept.joining_proofs.order_by("-pk").first() or proof
        send_letter(kept, "joining_undone", on=told.on)
    history.record("joining taken back", held, by=by, action=held.action, proof=proof.pk)
    return proof
