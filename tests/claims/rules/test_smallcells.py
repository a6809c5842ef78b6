"""Small counts stay small to nobody who reads no claims: merged until what is missing tells nothing."""

import pytest

from claims.rules.smallcells import merge_small_states


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
