"""What a person has said so far, in words, step by step: for the check of the answers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.intake.days import list_clashes
from claims.intake.drafts import Draft
from claims.intake.questions import list_all_questions
from claims.models.actions import pick_text
from claims.questions import Question
from claims.rules.eligibility import Kind
from claims.rules.steps import SELF, Step
from claims.sentences import say_value

CHOSEN = (Kind.YES_NO, Kind.CHOICE, Kind.COUNTRY, Kind.DATE)  # kinds that offer “I do not know”; others stay empty


@dataclass(frozen=True)
class Said:
    """One question with its answer in words; "" is not answered."""

    step: Step
    title: str
    words: str
    problem: str = ""  # why the answer cannot be right together with another one


def list_answers(draft: Draft) -> list[Said]:
    """Return every question that this person is asked, with the answer."""
    capacity, clashes = draft.texts.get("capacity", SELF), list_clashes(draft)
    return [
        Said(
            step,
            pick_text(question["label"]),
            say_answer(question, draft.texts.get(question["id"], "")) or _say_unknown(draft, question),
            clashes.get(question["id"], ""),
        )
        for step, question in list_all_questions(draft.registration, draft.steps, capacity=capacity)
    ]


def say_answer(question: Question, text: str) -> str:
    """Return a kept answer in words."""
    if not text:
        return ""
    if question["kind"] == Kind.NUMBER:
        return say_value(int(text), Kind.NUMBER, question)
    return say_value(text, question["kind"], question)


def _say_unknown(draft: Draft, question: Question) -> str:
    """Return “I do not know” where that can be chosen and the step was saved without another answer."""
    is_offered = question["kind"] in CHOSEN and not question.get("is_certain")
    return _("I do not know") if is_offered and question["id"] in draft.saved else ""
