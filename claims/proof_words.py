"""The free words about proofs of joining are sealed: a document is often called by somebody's name."""

from dataclasses import dataclass

from claims.base import vault
from claims.keys import ensure_data_key
from claims.models import Claim, JoiningFile, JoiningProof

SOURCE, REASON = "source", "reason"


@dataclass(frozen=True)
class Told:
    """A proof with its words: the document that shows it, and why it was taken back."""

    proof: JoiningProof
    source: str
    reason: str


def seal_about(claim: Claim, reference: str, field: str, words: str) -> str:
    """Return words about a proof, sealed with the data key of its claimant."""
    words = words.strip()
    return vault.seal_text(ensure_data_key(claim.claimant), words, place=_name_place(claim, reference, field))


def open_about(proof: JoiningProof, field: str, sealed: str) -> str:
    """Return such words; "" where there are none, or where nothing opens them any more."""
    claim = proof.claim
    try:
        place = _name_place(claim, proof.reference, field)
        return vault.open_text(claim.claimant.data_key, sealed, place=place) if sealed else ""
    except vault.Unreadable:
        return ""


def tell_proof(proof: JoiningProof) -> Told:
    """Return a proof with its words. What came in a file has the document of the file."""
    source = open_source(proof.file) if proof.file else open_about(proof, SOURCE, proof.source)
    return Told(proof, source, open_about(proof, REASON, proof.taken_back_reason))


def seal_source(file: JoiningFile, source: str) -> str:
    """Return which document a file is, sealed with the key of the file."""
    return vault.seal_text(file.data_key, source.strip(), place=f"joining file {file.code} source")


def open_source(file: JoiningFile) -> str:
    """Return which document a file is; "" where nothing opens that any more."""
    try:
        return vault.open_text(file.data_key, file.source, place=f"joining file {file.code} source")
    except vault.Unreadable:
        return ""


def _name_place(claim: Claim, reference: str, field: str) -> str:
    return f"claim {claim.reference} proof of joining {reference} {field}"
