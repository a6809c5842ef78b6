"""Questions as people meet them: those of a pack, and those that every claim answers of its own."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.models import Action
from claims.rules.eligibility import Kind
from claims.rules.steps import SELF

Question = Mapping[str, Any]


def is_asked_of_people(question: Question) -> bool:
    """Whether somebody ever meets this question: not one that accepting a declaration or who acts answers alone."""
    is_day = "represented" in question and question["kind"] == Kind.DATE
    return not is_day and not ("declared" in question and not question["declared"].get("asked"))


def word_question(question: Question, *, capacity: str) -> Question:
    """Return a question of a pack as this person reads it: about another person, where one acts for somebody else."""
    return question if capacity == SELF else {**question, **question.get("about_another", {})}


def find_questions(action: Action, names: Iterable[str]) -> list[Question]:
    """Return the questions with these ids, in this order: label, hint and why are texts per language."""
    known = list_record_questions() | {question["id"]: question for question in action.questions}
    return [known[name] for name in names]


def list_record_questions() -> dict[str, Question]:
    """Return the questions about the facts of the record, in the reader's language."""
    questions = (
        _ask(
            "birth_date",
            "date",
            autofill="bday",
            label=_("When were you born?"),
            hint=_("For example, 31 3 1980."),
            why=_("The criteria ask how old people were on a certain day."),
        ),
        _ask(
            "habitual_residence",
            "country",
            autofill="country",
            label=_("In which country do you live?"),
            hint=_("The country where you really live, not the one of your passport."),
            why=_("Where people live decides who can be represented, and how they join."),
        ),
        _ask(
            "resident_since",
            "date",
            label=_("Since when have you lived in that country?"),
            hint=_("If you do not remember the exact day, give one close to it. For example, 1 9 2015."),
            why=_("The criteria ask where people lived on a certain day, not only where they live now."),
        ),
    )
    return {question["id"]: question for question in questions}


def _ask(name: str, kind: str, *, autofill: str = "", **texts: str) -> Question:
    language = (get_language() or "en").split("-")[0]
    said = {part: {language: text} for part, text in texts.items()}
    return {"id": name, "kind": kind, "autofill": autofill, **said}
