"""The rule language of criteria and tiers: one small tree, read in Python, as SQL and as a sentence.

Logic is Kleene's: unknown is never "no". A "no" settles `all`, a "yes" settles `any`, otherwise unknown stays
unknown (S. C. Kleene, Introduction to Metamathematics, 1952, section 64).
"""

from claims.rules.eligibility.answers import compile_answer, read_answer
from claims.rules.eligibility.judging import explain_rule, find_tier, join_findings
from claims.rules.eligibility.possible import find_possible_verdicts
from claims.rules.eligibility.reading import parse_rule
from claims.rules.eligibility.sentence import describe_rule
from claims.rules.eligibility.sql import compile_findings, compile_outcome, compile_rule, compile_tier, quote_literal
from claims.rules.eligibility.tree import (
    KNOWN_FACTS,
    OF_AGE,
    OPERATORS,
    RECORD_FACTS,
    All,
    Any,
    Comparison,
    Fact,
    Kind,
    Not,
    Outcome,
    Reason,
    Rule,
    RuleError,
    Value,
    Verdict,
    find_birthday_limit,
    list_comparisons,
    list_facts,
    tell_of_age,
)

__all__ = [
    "KNOWN_FACTS",
    "OF_AGE",
    "OPERATORS",
    "RECORD_FACTS",
    "All",
    "Any",
    "Comparison",
    "Fact",
    "Kind",
    "Not",
    "Outcome",
    "Reason",
    "Rule",
    "RuleError",
    "Value",
    "Verdict",
    "compile_answer",
    "compile_findings",
    "compile_outcome",
    "compile_rule",
    "compile_tier",
    "describe_rule",
    "explain_rule",
    "find_birthday_limit",
    "find_possible_verdicts",
    "find_tier",
    "join_findings",
    "list_comparisons",
    "list_facts",
    "parse_rule",
    "quote_literal",
    "read_answer",
    "tell_of_age",
]
