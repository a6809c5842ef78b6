"""Answers as a claim keeps them, and in words. Own words are sealed, bound to the claim and the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from claims.base import vault
from claims.criteria import list_facts, list_values
from claims.keys import ensure_data_key
from claims.models import Claim, FormerAnswer
from claims.questions import word_question
from claims.rules.eligibility import KNOWN_FACTS, Kind
from claims.rules.steps import SELF
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


def list_answers(claim: Claim, *, capacity: str = SELF) -> dict[str, tuple[str, str]]:
    """Return fact -> (question, answer in words), by the questions of the version that the claim is pinned to.

    Each question as who registered in this `capacity` was asked it; the office reads it as it is.
    """
    version = claim.criteria_version
    questions = version.document["questions"] if version else claim.action.questions
    asked = {question["id"]: question for question in questions}
    facts = list_facts(questions)
    values = list_values(claim, facts)
    names = name_facts(word_question(question, capacity=capacity) for question in questions)
    words = {
        name: read_text_answer(claim, name)
        if fact.kind == Kind.TEXT
        # An answer that its question cannot take is unknown to the rules; a person still reads it as it was given.
        else say_value(values[name], fact.kind, asked.get(name, {})) or str(claim.answers.get(name) or "")
        for name, fact in facts.items()
        if name not in KNOWN_FACTS
    }
    return {name: (names[name], said) for name, said in words.items()}


def list_known(claim: Claim) -> dict[str, tuple[str, str]]:
    """Return fact -> (its name, in words) for what a claim shows of how it came: nobody is asked."""
    values, names = list_values(claim, {}), name_facts([])
    return {name: (names[name], say_value(values[name], kind, {})) for name, kind in KNOWN_FACTS.items()}


@dataclass(frozen=True)
class Former:
    """An answer as it was before it was corrected; `words` is empty where its key was erased."""

    question: str
    title: str
    words: str
    until: datetime


def keep_former(claim: Claim, question: str, text: str) -> FormerAnswer:
    """Seal what an answer was, in the transaction that changes it, and return the row."""
    until = timezone.now()
    sealed = vault.seal_text(
        ensure_data_key(claim.claimant), text, place=_name_former(claim.reference, question, until)
    )
    return FormerAnswer.objects.create(claim=claim, question=question, sealed=sealed, until=until)


def list_former(claim: Claim) -> list[Former]:
    """Return the corrected answers of a claim as they were, in words, the oldest first."""
    questions = {question["id"]: question for question in claim.action.questions}
    facts, names = list_facts(claim.action.questions), name_facts(claim.action.questions)
    return [
        Former(
            row.question,
            names.get(row.question, row.question),
            _say_former(_open_former(claim, row), facts[row.question].kind, questions.get(row.question, {}))
            if row.question in facts
            else _open_former(claim, row),
            row.until,
        )
        for row in claim.former_answers.all()
    ]


def has_former(claim: Claim) -> bool:
    """Whether an answer of a claim was corrected."""
    return claim.former_answers.exists()


def _say_former(text: str, kind: str, question: Mapping[str, Any]) -> str:
    return say_value(int(text) if kind == Kind.NUMBER and text.isdecimal() else text, kind, question)


def _open_former(claim: Claim, row: FormerAnswer) -> str:
    if not claim.claimant.data_key:
        return ""
    place = _name_former(claim.reference, row.question, row.until)
    return vault.open_text(claim.claimant.data_key, row.sealed, place=place)


def _name_former(reference: str, question: str, until: datetime) -> str:
    return f"claim {reference} answer {question} until {until.astimezone(UTC).isoformat()}"
