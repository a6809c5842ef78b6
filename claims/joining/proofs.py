"""A proof of joining is recorded for one claim, and taken back with a reason."""

from dataclasses import dataclass
from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.duplicates import find_kept, hold_family
from claims.joining.faults import say_complaint
from claims.joining.ways import find_claim_way, read_law
from claims.letters import send_letter
from claims.models import Action, Claim, JoiningProof, User
from claims.proof_words import REASON, SOURCE, Told, seal_about, tell_proof
from claims.rules.deadlines import Happened
from claims.rules.joining import check_joining
from claims.tallies import add_joining
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


def list_proofs(claim: Claim) -> list[Told]:
    """Return the proofs that a claim ever had with their words, the newest first; those taken back too."""
    proofs = claim.joining_proofs.select_related("by", "taken_back_by", "file", "claim__claimant")
    return [tell_proof(proof) for proof in proofs.order_by("-pk")]


@transaction.atomic
def record_joining(claim: Claim, draft: ProofDraft, *, by: User | None) -> JoiningProof:
    """Record that a claim has joined; the claimant is told by mail. Raises Refused with what speaks against it.

    What comes in for a merged claim is recorded with the one that is kept for it: the proof says which that is, and
    goes back to the claim that it named when the merge is undone.
    """
    family = hold_family([claim.pk])  # first: an unmerge in between would leave the proof with the wrong claim
    held = family[find_kept(claim).pk]
    check_not_own(held, family[claim.pk], by=by)
    law = read_law(held.action)
    if not draft.reference.strip() or not draft.source.strip():
        raise Refused(_("A proof needs a reference and the document that shows it."))
    if held.joined_on:
        raise Refused(_("This claim has joined already, on %(day)s.") % {"day": day(held.joined_on)})
    if held.status not in Claim.STANDING:
        raise Refused(_("This claim was withdrawn, refused or merged, so it cannot join."))
    complaint = check_joining(
        Happened(draft.on, draft.at), law, find_claim_way(held, law),
        is_declared=draft.is_declared, is_fee_paid=draft.is_fee_paid,
    )  # fmt: skip
    if complaint:
        raise Refused(say_complaint(complaint))
    named = claim if claim.pk != held.pk else None
    proof = _save(held, draft, str(law.regime["join_channel"].value or ""), named=named, by=by)
    mark_joined(held.action, {draft.on: [held.pk]})
    held.joined_on = draft.on
    if claim.pk == held.pk:
        claim.joined_on = draft.on
    send_letter(held, "joined", on=draft.on, external=draft.reference)
    history.record("joining recorded", held, by=by, action=held.action, proof=proof.pk)
    return proof


def mark_joined(action: Action, days: dict[date, list[int]]) -> None:
    """Set the day of joining of claims whose proofs were just written, and the tallies."""
    for on, pks in days.items():
        Claim.objects.filter(pk__in=pks).update(joined_on=on)
    add_joining(action.pk, {on: len(pks) for on, pks in days.items()})


def _hold(claim: Claim) -> Claim:
    return (
        Claim.objects.select_for_update(of=("self",), no_key=True).select_related("action", "claimant").get(pk=claim.pk)
    )


def _save(claim: Claim, draft: ProofDraft, channel: str, *, named: Claim | None, by: User | None) -> JoiningProof:
    reference = draft.reference.strip()
    sealed = seal_about(claim, reference, SOURCE, draft.source)
    try:
        with transaction.atomic():
            return JoiningProof.objects.create(
                claim=claim, named=named, action_id=claim.action_id, channel=channel, reference=reference,
                on=draft.on, at=draft.at,
                source=sealed, is_declared=draft.is_declared, is_fee_paid=draft.is_fee_paid, by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("Another claim of this action has this reference already. Look it up and mend one.")) from None


@transaction.atomic
def take_back_joining(claim: Claim, *, by: User, reason: str) -> JoiningProof:
    """Take a proof back with a reason: the claim has not joined any more. Raises Refused, or StaleStatus."""
    held = _hold(claim)
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
    Claim.objects.filter(pk=held.pk).update(joined_on=None)
    if held.status in Claim.IN_COURT:
        add_joining(held.action_id, {proof.on: -1})
    claim.joined_on = held.joined_on = None
    send_letter(held, "joining_undone", on=proof.on)
    history.record("joining taken back", held, by=by, action=held.action, proof=proof.pk)
    return proof
