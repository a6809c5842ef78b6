"""What people write about a claim, sealed with the data key of the person whom it is about."""

import uuid

from claims.base import vault
from claims.keys import ensure_data_key
from claims.models import Claim


def seal_words(claim: Claim, code: uuid.UUID, text: str) -> str:
    """Return the words as a row keeps them, bound to that row; "" stays ""."""
    text = text.strip()
    return vault.seal_text(ensure_data_key(claim.claimant), text, place=_name_place(claim, code)) if text else ""


def open_words(claim: Claim, code: uuid.UUID, sealed: str) -> str:
    """Return the words again; "" where there are none or the key was forgotten."""
    if not sealed or not claim.claimant.data_key:
        return ""
    return vault.open_text(claim.claimant.data_key, sealed, place=_name_place(claim, code))


def _name_place(claim: Claim, code: uuid.UUID) -> str:
    return f"claim {claim.reference} words {code}"
