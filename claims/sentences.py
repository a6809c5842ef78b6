"""Rules and answers in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from claims.base.countries import EU_STATES, EU_TERRITORIES
from claims.models.actions import pick_text
from claims.rules.eligibility import All, Comparison, Kind, Rule, Value, describe_rule, list_facts
from claims.rules.eligibility import Any as AnyOf
from claims.wording import count, country, day


def list_words() -> dict[str, str]:
    """Return the phrase of each operator."""
    return {
        "quote": _("“{fact}”"),
        "and": _("and"),
        "or": _("or"),
        "not": _("not"),
        "is": _("is {values}"),
        "in": _("is one of: {values}"),
        f"in:{','.join(sorted(EU_STATES))}": _("is a member state of the European Union"),
        f"in:{','.join(sorted(EU_STATES + EU_TERRITORIES))}": _("is a member state of the European Union"),
        "not_in": _("is none of: {values}"),
        "before": _("is before {values}"),
        "after": _("is after {values}"),
        "at_least": _("is at least {values}"),
        "at_most": _("is at most {values}"),
        "at_least_date": _("is on or after {values}"),
        "at_most_date": _("is on or before {values}"),
        "between": _("is between {values}, both included"),
        "age_at": _("makes at least {age} years on {values}"),
        "not_before": _("is not before {values}, where there is such a day"),
        "known": _("is answered"),
    }


def name_facts(questions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what each fact is called: those of the record and the questions."""
    record = {
        "birth_date": _("Date of birth"),
        "habitual_residence": _("State of habitual residence"),
        "resident_since": _("Resident there since"),
        "of_age_when_registered": _("Of age at registration"),
        "acted_for": _("Somebody acts for the person, or a file brought the claim"),
    }
    return record | {question["id"]: pick_text(question["label"]) for question in questions}


def say_rule(rule: Rule, questions: list[dict[str, Any]]) -> str:
    """Return a rule as a sentence."""
    facts = set(list_facts(rule))
    labels = {str(value): _say_constant(test, value) for test in _list_tests(rule) for value in test.values}
    for question in questions:
        if question["id"] in facts:
            labels |= {option["id"]: pick_text(option["label"]) for option in question.get("options", ())}
    return describe_rule(rule, list_words(), labels | name_facts(questions))


def say_tests(rule: Rule, questions: list[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return a line for each comparison of a rule: the question, the operator and the value, in words."""
    words = list_words()
    by_id = {question["id"]: question for question in questions}
    lines = []
    for test in _list_tests(rule):
        values = ", ".join(say_value(value, test.kind, by_id.get(test.fact, {})) for value in test.values)
        phrase = words.get(f"{test.operator}_{test.kind}", words[test.operator])
        lines.append(
            {
                "question": names.get(test.fact, test.fact),
                "operator": phrase.replace("{values}", "…").replace("{age}", str(test.age)),
                "value": values,
            }
        )
    return lines


def _list_tests(rule: Rule) -> list[Comparison]:
    match rule:
        case Comparison():
            return [rule]
        case All(parts) | AnyOf(parts):
            return [test for part in parts for test in _list_tests(part)]
        case _:
            return _list_tests(rule.part)


def _say_constant(test: Comparison, value: Value) -> str:
    return say_value(value, test.kind, {}) if test.kind != Kind.CHOICE else str(value)


def say_value(value: Any, kind: str, question: Mapping[str, Any]) -> str:
    """Return an answer in words; "" where there is none."""
    if value is None or value == "":
        return ""
    match kind:
        case Kind.YES_NO:
            return {"yes": _("Yes"), "no": _("No")}.get(value, str(value))
        case Kind.COUNTRY:
            return country(value)
        case Kind.DATE:
            return day(value if isinstance(value, date) else str(value))
        case Kind.NUMBER:
            return count(value) if isinstance(value, int) else str(value)
        case Kind.CHOICE:
            names = {option["id"]: pick_text(option["label"]) for option in question.get("options", ())}
            return names.get(value, str(value))
    return str(value)
