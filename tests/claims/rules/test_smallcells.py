"""Small counts stay small to nobody who reads no claims: merged until what is missing tells nothing."""

import pytest

from claims.rules.smallcells import blur, hide_small, merge_small_states


@pytest.mark.parametrize(
    "counts, shown",
    [
        ({"AT": 50, "DE": 20, "FR": 9, "IT": 3}, {"AT": 50, "DE": 20, "rest": 12}),
        ({"AT": 50, "DE": 20, "FR": 9}, {"AT": 50, "rest": 29}),
        ({"AT": 50, "DE": 20}, {"AT": 50, "DE": 20}),
        ({"AT": 50, "FR": 1, "IT": 2}, {"rest": 53}),
        ({"AT": 4}, {"rest": 4}),
        ({}, {}),
    ],
)
def test_states_of_few_people_are_shown_together_only(counts, shown):
    lines = [{"state": state, "tiers": [("adult", n)], "claims": n} for state, n in counts.items()]
    found = merge_small_states(lines)
    assert {"rest" if line.get("is_rest") else line["state"]: line["claims"] for line in found} == shown
    assert not any(line["tiers"] for line in found)


@pytest.mark.parametrize(
    "counts, said",
    [
        ({"yes": 90, "no": 5, "unknown": 30}, {"yes": 90, "no": 5, "unknown": None}),
        ({"yes": 90, "no": 9, "unknown": 3}, {"yes": 90, "no": 9, "unknown": 3}),
        ({"yes": 90, "no": 2, "unknown": 3}, {"yes": None, "no": 2, "unknown": 3}),
        ({"yes": 90, "no": 5, "unknown": 0}, {"yes": None, "no": 5, "unknown": 0}),
        ({"yes": 90, "no": 20, "unknown": 0}, {"yes": 90, "no": 20, "unknown": 0}),
    ],
)
def test_what_would_tell_a_small_count_by_subtraction_is_not_said(counts, said):
    assert hide_small(counts) == said


def test_two_tables_leave_out_the_same_of_two_states_that_are_alike():
    counts = {"FR": 20, "AT": 50, "IT": 3, "DE": 20}
    merged = merge_small_states([{"state": state, "tiers": [], "claims": n} for state, n in counts.items()])
    told = {state for state, n in hide_small(counts).items() if n and n >= 10}
    assert told == {line["state"] for line in merged if "is_rest" not in line} == {"AT", "DE"}


def test_the_difference_of_two_blurred_counts_tells_no_small_one():
    assert [blur(n) for n in (0, 7, 10, 19, 20, 123)] == [0, 7, 10, 10, 20, 120]
    assert all((blur(n + few) - blur(n)) % 10 == 0 for n in range(10, 60) for few in range(10))
