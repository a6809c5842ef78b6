"""The small pictures of the overview: numbers add up by week, and places lie inside the picture."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.rules.plots import BOTTOM, TOP, add_up_weeks, choose_step, draw_bars, draw_curves

UNTIL = date(2026, 11, 28)
DAYS = st.lists(st.tuples(st.dates(date(2024, 1, 1), UNTIL), st.integers(1, 500_000)), min_size=1, max_size=20)


@settings(max_examples=30)
@given(DAYS, DAYS)
def test_the_last_week_holds_all_and_no_week_has_fewer_than_the_one_before(registered, joined):
    weeks = add_up_weeks(registered, joined, until=UNTIL)
    assert 2 <= len(weeks) <= 53 and weeks[-1].registered == sum(n for _day, n in registered)
    assert all(a.registered <= b.registered and a.joined <= b.joined for a, b in pairwise(weeks))
    curves = draw_curves(weeks)
    assert all(TOP <= tick.y <= BOTTOM for tick in curves.ticks) and TOP <= curves.registered_y <= BOTTOM


def test_without_claims_there_is_no_picture():
    assert add_up_weeks([], [], until=UNTIL) == [] and draw_bars([]) == []
    assert add_up_weeks([(UNTIL + timedelta(days=1), 5)], [], until=UNTIL) == []


@given(st.integers(1, 10**7))
def test_a_grid_has_few_lines_at_round_numbers(top):
    step = choose_step(top)
    assert top / step <= 5 and str(step)[0] in "125" and set(str(step)[1:]) <= {"0"}
