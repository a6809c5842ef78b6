"""Answers in own words: sealed with the data key of the claimant, bound to the claim and the question."""

from collections.abc import Mapping
from typing import Any

from claims.base import vault
from claims.models import Claim


def seal_answers(data_key: str, reference: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the answers in own words as a claim keeps them. A rule sees that there is one, never what it says."""
    return {name: vault.seal_text(data_key, text, place=_name_place(reference, name)) for name, text in texts.items()}


def read_text_answer(claim: Claim, question: str) -> str:
    """Return an answer in own words; "" where there is none or its key was erased."""
    sealed: Any = claim.answers.get(question)
    if not isinstance(sealed, str) or not claim.claimant.data_key:
        return ""
    return vault.open_text(claim.claimant.data_key, sealed, place=_name_place(claim.reference, question))


def _name_place(reference: str, question: str) -> str:
    return f"claim {reference} answer {question}"
