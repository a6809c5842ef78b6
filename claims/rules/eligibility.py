"""The rule language of criteria and tiers: one small tree, read in Python, as SQL and as a sentence.

Logic is Kleene's: unknown is never "no". A "no" settles `all`, a "yes" settles `any`, otherwise unknown stays
unknown (S. C. Kleene, Introduction to Metamathematics, 1952, section 64).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MAX_DEPTH = 8


class Verdict(StrEnum):
    """What a rule finds; the letter is what the database keeps."""

    YES = "y"
    NO = "n"
    UNKNOWN = "u"


class Outcome(StrEnum):
    """What the criteria find together. A "no" is a finding that a person decides on, never a rejection."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    NEEDS_INFO = "needs_info"


class Kind(StrEnum):
    """What sort of value a fact has."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    COUNTRY = "country"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


# Facts that every claim has of its own, beside the answers to the questions of its action.
RECORD_FACTS = {"birth_date": Kind.DATE, "habitual_residence": Kind.COUNTRY, "resident_since": Kind.DATE}

OPERATORS = {
    Kind.YES_NO: {"is", "known"},
    Kind.CHOICE: {"is", "in", "not_in", "known"},
    Kind.COUNTRY: {"is", "in", "not_in", "known"},
    Kind.DATE: {"is", "before", "after", "at_least", "at_most", "between", "age_at", "known"},
    Kind.NUMBER: {"is", "in", "not_in", "at_least", "at_most", "between", "known"},
    Kind.TEXT: {"known"},
}

Value = str | int | date


@dataclass(frozen=True)
class Fact:
    """A question as the rules see it: its kind and, for a choice, the values it can have."""

    kind: Kind
    options: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Comparison:
    """One comparison of one fact. `values` has one value, two for `between`, any number for `in` and `not_in`."""

    fact: str
    kind: Kind
    operator: str
    values: tuple[Value, ...] = ()
    age: int = 0  # `age_at` only: at least so many years old on values[0]


@dataclass(frozen=True)
class All:
    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class Any:
    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class Not:
    part: "Rule"


Rule = Comparison | All | Any | Not


@dataclass(frozen=True)
class Reason:
    """Why a rule came to its verdict: the tree again, with a verdict at every node."""

    rule: Rule
    verdict: Verdict
    parts: tuple["Reason", ...] = ()


class RuleError(ValueError):
    """A rule that cannot be read: `path` says where in the document, the message what and how to mend it."""

    def __init__(self, path: Sequence[str | int], message: str) -> None:
        super().__init__(message)
        self.path = tuple(path)


# Reading a rule from a document -------------------------------------------------------------------------


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
    on = _read_value(fact, value["on"], events, [*path, "on"])
    return Comparison(name, fact.kind, "age_at", (on,), age=years)


_READERS: dict[str, Callable[..., Comparison]] = {
    "is": _read_single("is"),
    "before": _read_single("before"),
    "after": _read_single("after"),
    "at_least": _read_single("at_least"),
    "at_most": _read_single("at_most"),
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
    allowed = {"yes", "no"} if fact.kind == Kind.YES_NO else fact.options
    if not isinstance(value, str) or value not in allowed:
        raise RuleError(
            path, f"`{value}` is not an answer to this question; use one of: {', '.join(sorted(allowed)[:30])}"
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


# Reader (a): one claim, in Python -----------------------------------------------------------------------


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
        return Verdict.UNKNOWN
    return Verdict.YES if _COMPARE[test.operator](value, test) else Verdict.NO


_COMPARE: dict[str, Callable] = {
    "known": lambda value, test: True,
    "is": lambda value, test: value == test.values[0],
    "in": lambda value, test: value in test.values,
    "not_in": lambda value, test: value not in test.values,
    "before": lambda value, test: value < test.values[0],
    "after": lambda value, test: value > test.values[0],
    "at_least": lambda value, test: value >= test.values[0],
    "at_most": lambda value, test: value <= test.values[0],
    "between": lambda value, test: test.values[0] <= value <= test.values[1],
    "age_at": lambda value, test: value <= find_birthday_limit(test.values[0], test.age),
}


def find_birthday_limit(on: date, years: int) -> date:
    """Return the last day of birth of those who are at least `years` old on `on`."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February of a year that has none
        return on.replace(year=on.year - years, day=28)


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


# Reader (b): the whole book, as SQL ---------------------------------------------------------------------


def compile_rule(rule: Rule, columns: Mapping[str, str]) -> str:
    """Return an SQL expression that is TRUE, FALSE or NULL where the rule is yes, no or unknown.

    SQL's own logic of AND, OR, NOT and NULL is Kleene's, so the tree translates node by node. `columns` maps each
    fact to an expression that is NULL while unknown; dates compare as ISO texts or as dates, numbers as integers.
    Works on SQLite and PostgreSQL. All literals are quoted here, so the text holds no placeholders.
    """
    match rule:
        case All(parts) | Any(parts):
            joint = " AND " if isinstance(rule, All) else " OR "
            return "(" + joint.join(compile_rule(part, columns) for part in parts) + ")"
        case Not(part):
            return f"(NOT {compile_rule(part, columns)})"
        case Comparison():
            return _compile_comparison(rule, columns[rule.fact])


def _compile_comparison(test: Comparison, column: str) -> str:
    literals = [quote_literal(value) for value in test.values]
    match test.operator:
        case "known":
            return f"NULLIF({column} IS NOT NULL, FALSE)"  # known or unknown, never no
        case "in" | "not_in":
            word = "IN" if test.operator == "in" else "NOT IN"
            return f"({column} {word} ({', '.join(literals)}))"
        case "between":
            return f"({column} BETWEEN {literals[0]} AND {literals[1]})"
        case "age_at":
            limit = find_birthday_limit(test.values[0], test.age)  # type: ignore[arg-type]  # dates only
            return f"({column} <= {quote_literal(limit)})"
        case operator:
            return f"({column} {_SQL_OPERATORS[operator]} {literals[0]})"


_SQL_OPERATORS = {"is": "=", "before": "<", "after": ">", "at_least": ">=", "at_most": "<="}


def quote_literal(value: Value) -> str:
    """Return the SQL literal of a value that a rule or an id may hold."""
    if isinstance(value, int):
        return str(value)
    text = value.isoformat() if isinstance(value, date) else value
    if "\0" in text:
        raise ValueError("a value cannot hold NUL")
    return "'" + text.replace("'", "''") + "'"


def compile_findings(rules: Sequence[Rule], columns: Mapping[str, str]) -> str:
    """Return an SQL expression for one letter a rule (y, n, u), in order."""
    letters = (
        f"CASE {compile_rule(rule, columns)} WHEN TRUE THEN 'y' WHEN FALSE THEN 'n' ELSE 'u' END" for rule in rules
    )
    return " || ".join(letters)


def compile_outcome(findings: str) -> str:
    """Return an SQL expression for the outcome of an expression with the letters."""
    return (
        f"CASE WHEN {findings} LIKE '%n%' THEN '{Outcome.INELIGIBLE}' "
        f"WHEN {findings} LIKE '%u%' THEN '{Outcome.NEEDS_INFO}' ELSE '{Outcome.ELIGIBLE}' END"
    )


def compile_tier(tiers: Sequence[tuple[str, Rule]], columns: Mapping[str, str]) -> str:
    """Return an SQL expression for the tier, in the sense of `find_tier`."""
    if not tiers:
        return "''"
    arms = []
    for tier, rule in tiers:
        test = compile_rule(rule, columns)
        arms.append(f"WHEN {test} THEN {quote_literal(tier)} WHEN ({test}) IS NULL THEN ''")
    return "CASE " + " ".join(arms) + " ELSE '' END"


# Reader (c): a sentence for lawyers ---------------------------------------------------------------------


def list_facts(rule: Rule) -> list[str]:
    """Return the facts that a rule looks at, each once, in the order of reading."""
    match rule:
        case All(parts) | Any(parts):
            return list(dict.fromkeys(fact for part in parts for fact in list_facts(part)))
        case Not(part):
            return list_facts(part)
        case Comparison():
            return [rule.fact]


def describe_rule(rule: Rule, words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Return the rule as a sentence. `words` gives the phrase of each operator, `labels` the name of each fact."""
    match rule:
        case All(parts) | Any(parts):
            joint = words["and"] if isinstance(rule, All) else words["or"]
            return f" {joint} ".join(_in_brackets(part, describe_rule(part, words, labels)) for part in parts)
        case Not(part):
            return f"{words['not']} ({describe_rule(part, words, labels)})"
        case Comparison():
            values = ", ".join(labels.get(str(value), str(value)) for value in rule.values)
            phrase = words[rule.operator].format(values=values, age=rule.age)
            return words["quote"].format(fact=labels.get(rule.fact, rule.fact)) + f" {phrase}"


def _in_brackets(rule: Rule, text: str) -> str:
    return f"({text})" if isinstance(rule, All | Any) and len(rule.parts) > 1 else text
