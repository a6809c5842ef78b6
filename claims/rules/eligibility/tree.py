"""The rule language as a tree: facts, comparisons, and what joins them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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

# Facts that nobody is asked: how the claim came. `acted_for` is yes where another person acts for the claimant, or
# where the office brought the claim with a file; of who registers alone it is unknown, so that it never makes a "no".
KNOWN_FACTS = {"of_age_when_registered": Kind.YES_NO, "acted_for": Kind.YES_NO}
OF_AGE = 18  # the age of majority in every member state

OPERATORS = {
    Kind.YES_NO: {"is", "known"},
    Kind.CHOICE: {"is", "in", "not_in", "known"},
    Kind.COUNTRY: {"is", "in", "not_in", "known"},
    Kind.DATE: {"is", "before", "after", "at_least", "at_most", "between", "age_at", "known", "not_before"},
    Kind.NUMBER: {"is", "in", "not_in", "at_least", "at_most", "between", "known"},
    Kind.TEXT: {"known"},
}

Value = str | int | date


@dataclass(frozen=True)
class Fact:
    """A question as the rules see it: its kind and, for a choice, the values it can have."""

    kind: Kind
    options: frozenset[str] = frozenset()

    @property
    def answers(self) -> frozenset[str]:
        """The only answers that there are, for a fact that has such a list."""
        return frozenset({"yes", "no"}) if self.kind == Kind.YES_NO else self.options


@dataclass(frozen=True)
class Comparison:
    """One comparison of one fact. `values` has one value, two for `between`, any number for `in` and `not_in`.

    Unknown where the fact is, but for `not_before`: that asks of a day which most people do not have, as one of death,
    and says "no" only where there is one.
    """

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


def list_comparisons(rule: Rule) -> list[Comparison]:
    """Return the comparisons of a rule in the order of reading."""
    match rule:
        case All(parts) | Any(parts):
            return [test for part in parts for test in list_comparisons(part)]
        case Not(part):
            return list_comparisons(part)
        case Comparison():
            return [rule]


def list_facts(rule: Rule) -> list[str]:
    """Return the facts that a rule looks at, each once, in the order of reading."""
    return list(dict.fromkeys(test.fact for test in list_comparisons(rule)))


def tell_of_age(born: date | None, on: date) -> str | None:
    """Return whether somebody is of age on a day, as an answer; None where the date of birth is unknown."""
    if born is None:
        return None
    return "yes" if born <= find_birthday_limit(on, OF_AGE) else "no"


def find_birthday_limit(on: date, years: int) -> date:
    """Return the last day of birth of those who are at least `years` old on `on`."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February of a year that has none
        return on.replace(year=on.year - years, day=28)
