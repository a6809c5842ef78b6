"""The days that a draft or a claim tells of, so that a new one fits them."""

from claims.dates import ToldDays, read_days
from claims.intake.drafts import Draft
from claims.intake.questions import list_step_questions
from claims.questions import Question
from claims.rules.steps import SELF, Step


def list_told(draft: Draft) -> ToldDays:
    """Return the days that were told on the pages that this person is asked."""
    return read_days(draft.texts, _list_questions(draft))


def list_clashes(draft: Draft) -> dict[str, str]:
    """Return question -> sentence for each day that cannot be right together with another one."""
    told = list_told(draft)
    found = {name: told.explain_clash(name, day) for name, day in told.days.items()}
    return {name: problem for name, problem in found.items() if problem}


def list_clashing_steps(draft: Draft) -> list[Step]:
    """Return the pages on which such a day was told."""
    clashes = list_clashes(draft)
    return [step for step in draft.steps if clashes.keys() & set(step.fields)]


def _list_questions(draft: Draft) -> list[Question]:
    capacity = draft.texts.get("capacity", SELF)
    return [
        question
        for step in draft.steps
        for question in list_step_questions(draft.registration, step, capacity=capacity)
    ]
