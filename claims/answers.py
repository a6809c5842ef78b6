"""Answers as a claim keeps them, and in words. Own words are sealed, bound to the claim and the question."""

from collections.abc import Mapping
from typing import Any

from claims.base import vault
from claims.criteria import list_facts, list_values
from claims.models import Claim
from claims.rules.eligibility import Kind
from claims.sentences import name_facts, say_value


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


def list_answers(claim: Claim) -> dict[str, tuple[str, str]]:
    """Return fact -> (question, answer in words), by the questions of the version that the claim is pinned to."""
    version = claim.criteria_version
    questions = version.document["questions"] if version else claim.action.questions
    asked = {question["id"]: question for question in questions}
    facts = list_facts(questions)
    values, names = list_values(claim, facts), name_facts(questions)
    words = {
        name: read_text_answer(claim, name)
        if fact.kind == Kind.TEXT
        # An answer that its question cannot take is unknown to the rules; a person still reads it as it was given.
        else say_value(values[name], fact.kind, asked.get(name, {})) or str(claim.answers.get(name) or "")
        for name, fact in facts.items()
    }
    return {name: (names[name], said) for name, said in words.items()}
