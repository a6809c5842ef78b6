"""Which verdicts a rule can come to at all, found by judging one claim of every sort that the rule tells apart."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from itertools import islice, product

from claims.rules.eligibility.judging import explain_rule
from claims.rules.eligibility.tree import (
    Comparison,
    Fact,
    Kind,
    Rule,
    Value,
    Verdict,
    find_birthday_limit,
    list_comparisons,
)

MAX_SORTS = 20_000  # of claims; beyond that every verdict is taken as possible


def find_possible_verdicts(
    rule: Rule, facts: Mapping[str, Fact], *, asked: Container[str] | None = None
) -> frozenset[Verdict]:
    """Return the verdicts that some claim can get. Facts are taken as independent of each other.

    With `asked`, all other facts stay unknown.
    """
    tests: dict[str, list[Comparison]] = {}
    for test in list_comparisons(rule):
        tests.setdefault(test.fact, []).append(test)
    samples = [
        _keep_different(_list_samples(facts[name], found), found) if asked is None or name in asked else [None]
        for name, found in tests.items()
    ]
    verdicts: set[Verdict] = set()
    for number, values in enumerate(islice(product(*samples), MAX_SORTS + 1)):
        if number == MAX_SORTS:
            return frozenset(Verdict)
        verdicts.add(explain_rule(rule, dict(zip(tests, values, strict=True))).verdict)
        if len(verdicts) == len(Verdict):
            break
    return frozenset(verdicts)


def _list_samples(fact: Fact, tests: list[Comparison]) -> list[Value]:
    """Return values on, just before and just after every value that a test names; every option of a choice."""
    if fact.kind == Kind.TEXT:
        return ["text"]
    if fact.kind not in {Kind.NUMBER, Kind.DATE}:
        return sorted(fact.answers)
    bounds = {bound for test in tests for bound in _list_bounds(test)} or {0 if fact.kind == Kind.NUMBER else date.max}
    return [near for bound in bounds for near in _list_neighbours(bound)]


def _list_bounds(test: Comparison) -> Iterable[Value]:
    if test.operator == "age_at":
        return [find_birthday_limit(test.values[0], test.age)]  # type: ignore[arg-type]  # dates only
    return test.values


def _list_neighbours(bound: Value) -> list[Value]:
    if isinstance(bound, int):
        return [bound - 1, bound, bound + 1]
    assert isinstance(bound, date)  # numbers and dates are all that have an order
    days = [bound.toordinal() + step for step in (-1, 0, 1)]
    return [date.fromordinal(day) for day in days if 1 <= day <= date.max.toordinal()]


def _keep_different(samples: list[Value], tests: list[Comparison]) -> list[Value | None]:
    """Return one value of every sort that the tests tell apart, and None for unknown."""
    sorts = {tuple(explain_rule(test, {test.fact: value}).verdict for test in tests): value for value in samples}
    return [*sorts.values(), None]
