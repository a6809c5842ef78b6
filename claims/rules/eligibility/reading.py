"""Reading a rule from a document."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from claims.rules.eligibility.tree import OPERATORS, All, Any, Comparison, Fact, Kind, Not, Rule, RuleError, Value

MAX_DEPTH = 8


def parse_rule(
    data: object, facts: Mapping[str, Fact], events: Mapping[str, date], path: Sequence[str | int] = ()
) -> Rule:
    """Return the rule that `data` spells, with the names of events replaced by their dates.

    `data` is `{all: [...]}`, `{any: [...]}`, `{not: ...}` or `{question: ID, OPERATOR: VALUE}`.
    Raises RuleError with the path to what is wrong.
    """
    if len(path) > 3 * MAX_DEPTH:
        raise RuleError(path, f"nested deeper than {MAX_DEPTH} levels; split the criterion")
    if not isinstance(data, dict) or not data:
        raise RuleError(path, "a rule is one of: all, any, not, or question with an operator")
    if "question" in data:
        return _parse_comparison(data, facts, events, path)
    if len(data) != 1 or next(iter(data)) not in {"all", "any", "not"}:
        raise RuleError([*path, next(iter(data))], "unknown rule; write all, any, not, or question with an operator")
    ((word, value),) = data.items()
    if word == "not":
        return Not(parse_rule(value, facts, events, [*path, word]))
    if not isinstance(value, list) or not value:
        raise RuleError([*path, word], f"`{word}` needs a list of at least one rule")
    parts = tuple(parse_rule(part, facts, events, [*path, word, i]) for i, part in enumerate(value))
    return All(parts) if word == "all" else Any(parts)


def _parse_comparison(
    data: dict, facts: Mapping[str, Fact], events: Mapping[str, date], path: Sequence[str | int]
) -> Comparison:
    name = data["question"]
    if not isinstance(name, str) or name not in facts:
        raise RuleError([*path, "question"], f"unknown question `{name}`")
    fact = facts[name]
    words = [word for word in data if word != "question"]
    if len(words) != 1:
        raise RuleError(path, f"give `{name}` exactly one operator, for example `is`")
    (word,) = words
    if word not in OPERATORS[fact.kind]:
        allowed = ", ".join(sorted(OPERATORS[fact.kind]))
        raise RuleError([*path, word], f"`{word}` does not work on `{name}` ({fact.kind}); use one of: {allowed}")
    return _READERS[word](name, fact, data[word], events, [*path, word])


def _read_single(word: str) -> Callable[..., Comparison]:
    def read(name: str, fact: Fact, value: object, events: Mapping[str, date], path: Sequence[str | int]) -> Comparison:
        return Comparison(name, fact.kind, word, (_read_value(fact, value, events, path),))

    return read


def _read_list(word: str) -> Callable[..., Comparison]:
    def read(name: str, fact: Fact, value: object, events: Mapping[str, date], path: Sequence[str | int]) -> Comparison:
        if not isinstance(value, list) or not value:
            raise RuleError(path, f"`{word}` needs a list of values")
        values = tuple(_read_value(fact, item, events, [*path, i]) for i, item in enumerate(value))
        return Comparison(name, fact.kind, word, values)

    return read


def _read_between(
    name: str, fact: Fact, value: object, events: Mapping[str, date], path: Sequence[str | int]
) -> Comparison:
    if not isinstance(value, list) or len(value) != 2:
        raise RuleError(path, "`between` needs two values: [first, last], both included")
    low, high = (_read_value(fact, item, events, [*path, i]) for i, item in enumerate(value))
    if low > high:  # type: ignore[operator]  # both have the kind of the fact
        raise RuleError(path, f"`between` is upside down: {low} comes after {high}")
    return Comparison(name, fact.kind, "between", (low, high))


def _read_known(
    name: str, fact: Fact, value: object, events: Mapping[str, date], path: Sequence[str | int]
) -> Comparison:
    if value is not True:
        raise RuleError(path, "write `known: true`; an answer that is missing is unknown, never no")
    return Comparison(name, fact.kind, "known")


def _read_age(
    name: str, fact: Fact, value: object, events: Mapping[str, date], path: Sequence[str | int]
) -> Comparison:
    if not isinstance(value, dict) or set(value) != {"on", "at_least"}:
        raise RuleError(path, "`age_at` needs `on` (a date or an event) and `at_least` (years)")
    years = value["at_least"]
    if type(years) is not int or not 0 < years < 130:
        raise RuleError([*path, "at_least"], "`at_least` is a whole number of years between 1 and 129")
    on = _read_date(value["on"], events, [*path, "on"])
    if on.year <= years:
        raise RuleError([*path, "on"], f"`{on}` is so early that nobody was {years} years old; check the year")
    return Comparison(name, fact.kind, "age_at", (on,), age=years)


_READERS: dict[str, Callable[..., Comparison]] = {
    "is": _read_single("is"),
    "before": _read_single("before"),
    "after": _read_single("after"),
    "at_least": _read_single("at_least"),
    "at_most": _read_single("at_most"),
    "not_before": _read_single("not_before"),
    "in": _read_list("in"),
    "not_in": _read_list("not_in"),
    "between": _read_between,
    "known": _read_known,
    "age_at": _read_age,
}


def _read_value(fact: Fact, value: object, events: Mapping[str, date], path: Sequence[str | int]) -> Value:
    if fact.kind == Kind.NUMBER:
        if type(value) is not int or abs(value) >= 2**53:
            raise RuleError(path, f"`{value}` is not a whole number")
        return value
    if fact.kind == Kind.DATE:
        return _read_date(value, events, path)
    if not isinstance(value, str) or value not in fact.answers:
        raise RuleError(
            path, f"`{value}` is not an answer to this question; use one of: {', '.join(sorted(fact.answers)[:30])}"
        )
    return value


def _read_date(value: object, events: Mapping[str, date], path: Sequence[str | int]) -> date:
    if isinstance(value, str) and value in events:
        return events[value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RuleError(path, f"`{value}` is neither a date such as 2025-05-27 nor an event whose date is known")
