"""Reader (a): one claim, in Python, with the reason at every node."""

from collections.abc import Callable, Mapping, Sequence

from claims.rules.eligibility.tree import (
    All,
    Any,
    Comparison,
    Not,
    Outcome,
    Reason,
    Rule,
    Value,
    Verdict,
    find_birthday_limit,
)


def explain_rule(rule: Rule, values: Mapping[str, Value | None]) -> Reason:
    """Return the verdict on one claim with the reason at every node. A fact that is missing or None is unknown."""
    match rule:
        case All(parts) | Any(parts):
            reasons = tuple(explain_rule(part, values) for part in parts)
            settles = Verdict.NO if isinstance(rule, All) else Verdict.YES
            return Reason(rule, _join_verdicts([reason.verdict for reason in reasons], settles), reasons)
        case Not(part):
            reason = explain_rule(part, values)
            return Reason(rule, _OPPOSITE[reason.verdict], (reason,))
        case Comparison():
            return Reason(rule, _evaluate_comparison(rule, values.get(rule.fact)))


_OPPOSITE = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES, Verdict.UNKNOWN: Verdict.UNKNOWN}


def _join_verdicts(verdicts: list[Verdict], settles: Verdict) -> Verdict:
    if settles in verdicts:
        return settles
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else _OPPOSITE[settles]


def _evaluate_comparison(test: Comparison, value: Value | None) -> Verdict:
    if value is None:
        return Verdict.YES if test.operator == "not_before" else Verdict.UNKNOWN
    return Verdict.YES if _COMPARE[test.operator](value, test) else Verdict.NO


_COMPARE: dict[str, Callable] = {
    "known": lambda value, test: True,
    "is": lambda value, test: value == test.values[0],
    "in": lambda value, test: value in test.values,
    "not_in": lambda value, test: value not in test.values,
    "before": lambda value, test: value < test.values[0],
    "after": lambda value, test: value > test.values[0],
    "at_least": lambda value, test: value >= test.values[0],
    "not_before": lambda value, test: value >= test.values[0],
    "at_most": lambda value, test: value <= test.values[0],
    "between": lambda value, test: test.values[0] <= value <= test.values[1],
    "age_at": lambda value, test: value <= find_birthday_limit(test.values[0], test.age),
}


def join_findings(findings: str) -> Outcome:
    """Return what the letters of all criteria find together: any "no" wins, all "yes" is eligible."""
    if Verdict.NO in findings:
        return Outcome.INELIGIBLE
    return Outcome.NEEDS_INFO if Verdict.UNKNOWN in findings else Outcome.ELIGIBLE


def find_tier(tiers: Sequence[tuple[str, Rule]], values: Mapping[str, Value | None]) -> str:
    """Return the id of the first tier that fits, or "" while an earlier one is still unknown or none fits."""
    for tier, rule in tiers:
        verdict = explain_rule(rule, values).verdict
        if verdict != Verdict.NO:
            return tier if verdict == Verdict.YES else ""
    return ""
