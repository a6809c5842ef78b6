"""The rule language: Kleene's logic, dates of law, and errors that name the place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.eligibility import (
    All,
    Any,
    Comparison,
    Fact,
    Kind,
    Not,
    Outcome,
    RuleError,
    Verdict,
    describe_rule,
    explain_rule,
    find_birthday_limit,
    find_possible_verdicts,
    find_tier,
    join_findings,
    parse_rule,
)

FACTS = {
    "private": Fact(Kind.YES_NO),
    "platform": Fact(Kind.CHOICE, frozenset({"facebook", "instagram"})),
    "born": Fact(Kind.DATE),
    "hours": Fact(Kind.NUMBER),
    "story": Fact(Kind.TEXT),
}
EVENTS = {"started": date(2025, 5, 27)}
YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def judge(data, **values):
    return explain_rule(parse_rule(data, FACTS, EVENTS), values).verdict


def test_an_answer_that_is_missing_is_unknown_and_never_no():
    for rule in ({"is": "yes"}, {"known": True}):
        assert judge({"question": "private", **rule}) == UNKNOWN


def test_one_no_settles_all_and_one_yes_settles_any():
    private, hours = {"question": "private", "is": "yes"}, {"question": "hours", "at_least": 3}
    assert judge({"all": [private, hours]}, private="no") == NO
    assert judge({"all": [private, hours]}, private="yes") == UNKNOWN
    assert judge({"any": [private, hours]}, hours=3) == YES
    assert judge({"any": [private, hours]}, hours=2) == UNKNOWN
    assert judge({"not": private}) == UNKNOWN


@pytest.mark.parametrize(
    ("rule", "value", "verdict"),
    [
        ({"question": "platform", "in": ["facebook"]}, "facebook", YES),
        ({"question": "platform", "not_in": ["facebook"]}, "facebook", NO),
        ({"question": "born", "before": "2000-01-01"}, date(2000, 1, 1), NO),
        ({"question": "born", "after": "started"}, date(2025, 5, 28), YES),
        ({"question": "born", "between": ["2000-01-01", "2000-12-31"]}, date(2000, 12, 31), YES),
        ({"question": "hours", "at_most": 3}, 3, YES),
        ({"question": "born", "age_at": {"on": "started", "at_least": 18}}, date(2007, 5, 27), YES),
        ({"question": "born", "age_at": {"on": "started", "at_least": 18}}, date(2007, 5, 28), NO),
    ],
)
def test_each_operator_compares_as_it_says(rule, value, verdict):
    assert judge(rule, **{rule["question"]: value}) == verdict


def test_who_is_born_on_the_29th_of_february_is_of_age_in_a_common_year_on_the_first_of_march():
    assert find_birthday_limit(date(2022, 2, 28), 18) < date(2004, 2, 29) <= find_birthday_limit(date(2022, 3, 1), 18)
    assert find_birthday_limit(date(2024, 2, 29), 18) == date(2006, 2, 28)


def test_any_no_wins_and_only_all_yes_is_eligible():
    assert join_findings("yun") == Outcome.INELIGIBLE
    assert join_findings("yuy") == Outcome.NEEDS_INFO
    assert join_findings("yyy") == Outcome.ELIGIBLE


def test_a_tier_stays_unknown_while_an_earlier_one_is_unknown():
    tiers = [
        ("young", parse_rule({"question": "born", "after": "2007-01-01"}, FACTS, EVENTS)),
        ("rest", parse_rule({"question": "private", "known": True}, FACTS, EVENTS)),
    ]
    assert find_tier(tiers, {"private": "yes"}) == ""
    assert find_tier(tiers, {"private": "yes", "born": date(1980, 1, 1)}) == "rest"


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ({"question": "colour", "is": "yes"}, ("question",), "unknown question"),
        ({"question": "private", "resembles": "yes"}, ("resembles",), "use one of"),
        ({"question": "private", "is": "maybe"}, ("is",), "no, yes"),
        ({"question": "private", "is": True}, ("is",), "not an answer"),
        ({"question": "hours", "at_least": "3"}, ("at_least",), "whole number"),
        ({"question": "born", "before": "2025-02-31"}, ("before",), "neither a date"),
        ({"question": "born", "before": "someday"}, ("before",), "event"),
        ({"question": "hours", "between": [5, 2]}, ("between",), "upside down"),
        ({"question": "born", "age_at": {"on": "0017-01-01", "at_least": 18}}, ("age_at", "on"), "so early"),
        ({"question": "private"}, (), "exactly one operator"),
        ({"all": []}, ("all",), "at least one"),
        ({"some": []}, ("some",), "unknown rule"),
        ({"any": [{"not": 3}]}, ("any", 0, "not"), "a rule is"),
        ({"question": "private", "known": False}, ("known",), "never no"),
    ],
)
def test_a_rule_that_cannot_be_read_names_its_place_and_how_to_mend_it(data, path, words):
    with pytest.raises(RuleError, match=words) as caught:
        parse_rule(data, FACTS, EVENTS)
    assert caught.value.path == path


def test_a_rule_nested_without_end_is_refused():
    data = {"question": "private", "is": "yes"}
    for _ in range(40):
        data = {"not": data}
    with pytest.raises(RuleError, match="nested deeper"):
        parse_rule(data, FACTS, EVENTS)


def test_a_rule_reads_as_a_sentence():
    rule = parse_rule(
        {"all": [{"question": "private", "is": "yes"}, {"question": "hours", "at_least": 3}]}, FACTS, EVENTS
    )
    words = {
        "quote": "“{fact}”",
        "and": "and",
        "or": "or",
        "not": "not",
        "is": "is {values}",
        "at_least": "is at least {values}",
    }
    assert describe_rule(rule, words, {"private": "Private use?"}) == "“Private use?” is yes and “hours” is at least 3"


@pytest.mark.parametrize(
    ("data", "possible"),
    [
        ({"question": "story", "known": True}, {YES, UNKNOWN}),
        ({"question": "private", "is": "yes"}, {YES, NO, UNKNOWN}),
        ({"question": "platform", "in": ["facebook", "instagram"]}, {YES, UNKNOWN}),
        ({"question": "platform", "not_in": ["facebook", "instagram"]}, {NO, UNKNOWN}),
        ({"all": [{"question": "hours", "at_least": 5}, {"question": "hours", "at_most": 4}]}, {NO, UNKNOWN}),
        ({"any": [{"question": "hours", "at_least": 5}, {"question": "hours", "at_most": 4}]}, {YES, UNKNOWN}),
        ({"any": [{"question": "born", "age_at": {"on": "started", "at_least": 18}}, {"question": "story", "known": True}]}, {YES, UNKNOWN}),
        ({"question": "born", "age_at": {"on": "started", "at_least": 18}}, {YES, NO, UNKNOWN}),
    ],
)  # fmt: skip
def test_what_a_rule_can_come_to_is_found_without_any_claim(data, possible):
    assert find_possible_verdicts(parse_rule(data, FACTS, EVENTS), FACTS) == possible


TESTS = st.sampled_from(
    [
        Comparison("a", Kind.YES_NO, "is", ("yes",)),
        Comparison("b", Kind.YES_NO, "is", ("yes",)),
        Comparison("c", Kind.YES_NO, "known"),
    ]
)
RULES = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
VALUES = st.fixed_dictionaries({name: st.sampled_from([None, "yes", "no"]) for name in "abc"})


@given(RULES, VALUES, st.sampled_from("abc"), st.sampled_from(["yes", "no"]))
def test_more_information_never_turns_a_yes_into_a_no(rule, values, name, answer):
    before = explain_rule(rule, values).verdict
    if values[name] is None and before != UNKNOWN:
        assert explain_rule(rule, {**values, name: answer}).verdict == before


@given(st.lists(RULES, min_size=1, max_size=3), VALUES)
def test_de_morgan_holds_with_unknowns(rules, values):
    one = explain_rule(Not(All(tuple(rules))), values).verdict
    assert one == explain_rule(Any(tuple(Not(rule) for rule in rules)), values).verdict


def test_a_phrase_for_dates_goes_before_that_of_the_operator():
    words = {"quote": "{fact}", "at_most": "at most {values}", "at_most_date": "on or before {values}"}
    born = parse_rule({"question": "born", "at_most": "started"}, FACTS, EVENTS)
    hours = parse_rule({"question": "hours", "at_most": 3}, FACTS, EVENTS)
    assert describe_rule(born, words, {}) == "born on or before 2025-05-27"
    assert describe_rule(hours, words, {}) == "hours at most 3"
