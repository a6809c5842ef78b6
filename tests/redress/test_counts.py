"""No number of a cohort below ten people is published, and none can be worked out from the total."""

import pytest

from redress.counts import hide_small


def rows(**people):
    return [{"state": state, "members": n} for state, n in people.items()]


@pytest.mark.parametrize(
    ("people", "shown", "hidden"),
    [
        ({"AT": 50, "DE": 70}, ["AT", "DE"], 0),
        ({"AT": 50, "DE": 9, "FR": 5}, ["AT"], 2),
        ({"AT": 50, "DE": 9, "FR": 30}, ["AT"], 2),  # one alone would follow from the total
        ({"AT": 50, "DE": 2, "FR": 3, "IT": 20}, ["AT"], 3),  # five people in all are few as well
        ({"AT": 3}, [], 1),
        ({"AT": 10, "DE": 0}, ["AT"], 0),
    ],
)
def test_small_states_are_kept_back_with_enough_others(people, shown, hidden):
    found, kept_back = hide_small(rows(**people))
    assert ([row["state"] for row in found], kept_back) == (shown, hidden)
