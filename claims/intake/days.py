"""The days that a draft or a claim tells of, so that a new one fits them."""

from datetime import date

from claims.dates import ToldDays, read_days
from claims.intake.drafts import Draft
from claims.intake.questions import list_all_questions, list_days_before
from claims.questions import Question
from claims.rules.dates import Order
from claims.rules.steps import SELF, Step


def list_told(draft: Draft) -> ToldDays:
    """Return the days that were told on the pages that this person is asked."""
    return read_days(draft.texts, _list_questions(draft))


def list_clashing_names(draft: Draft) -> set[str]:
    """Return the questions whose day cannot be right together with another one; no words are made, which takes time."""
    asked = {name for step in draft.steps for name in step.fields}
    days = {name: day for name, day in draft.values.items() if name in asked and isinstance(day, date)}
    if "rep_since" in asked and draft.texts.get("rep_since"):
        days["rep_since"] = date.fromisoformat(draft.texts["rep_since"])
    questions = draft.registration.action.questions
    before = {it["id"]: it["not_before"] for it in questions if "not_before" in it}
    order = Order(before | {"rep_since": list_days_before(questions, draft.texts.get("capacity", SELF))})
    return {name for name, day in days.items() if order.find_clash(name, day, days)}


def list_clashes(draft: Draft) -> dict[str, str]:
    """Return question -> sentence for each day that cannot be right together with another one."""
    if not list_clashing_names(draft):
        return {}
    told = list_told(draft)
    found = {name: told.explain_clash(name, day) for name, day in told.days.items()}
    return {name: problem for name, problem in found.items() if problem}


def list_clashing_steps(draft: Draft) -> list[Step]:
    """Return the pages on which such a day was told."""
    clashing = list_clashing_names(draft)
    return [step for step in draft.steps if clashing & set(step.fields)]


def _list_questions(draft: Draft) -> list[Question]:
    capacity = draft.texts.get("capacity", SELF)
    return [question for _, question in list_all_questions(draft.registration, draft.steps, capacity=capacity)]
