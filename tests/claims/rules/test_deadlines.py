"""Deadlines come from events and the record of the law. Numbers are those of DOMAIN's traps."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.procedure.dates import list_holidays
from claims.regimes import list_regime_codes, read_regime
from claims.rules.courtdays import add_months, end_of_day, roll_forward
from claims.rules.deadlines import Happened, State, compute_deadline, compute_deadlines
from claims.rules.limitation import Clock, compute_limitation, find_beginning

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def compute(code, rule, **events):
    happened = {key.replace("_", "-"): Happened(on) for key, on in events.items()}
    return compute_deadline(read_regime(code), rule, happened)


def limit(code, events, **fields):
    happened = {key: Happened(on) for key, on in events.items()}
    return compute_limitation(
        read_regime(code)["limitation_period"], happened, began_on=find_beginning(happened), joined_on=None, **fields
    )


def test_trap_1_nobody_can_join_in_france_and_belgium_before_a_ruling_on_liability():
    for code in ("FR-2025", "BE-2024"):
        opening = compute(code, "join_opens", action_filed=date(2026, 1, 5))
        assert (opening.state, opening.event) == (State.WAITING, "liability")
    assert compute("BE-2024", "join_closes", liability=date(2027, 10, 31)).on == date(2028, 2, 29)


def test_trap_2_leaving_is_never_at_any_time_or_until_a_day():
    assert compute("AT-ABHILFE", "withdraw_until", order_published=date(2027, 1, 4)).state == State.NEVER
    assert compute("IE-2023", "withdraw_until", admissible=date(2027, 1, 4)).state == State.ANY_TIME
    assert compute("DE-ABHILFE", "withdraw_until", hearing_closed=date(2027, 5, 3)).on == date(2027, 5, 24)


def test_trap_2_ireland_closes_at_the_moment_of_the_decision():
    decided = {"admissible": Happened(date(2027, 7, 1), time(11, 30))}
    closing = compute_deadline(read_regime("IE-2023"), "join_closes", decided)
    assert closing.moment.astimezone(UTC) == datetime(2027, 7, 1, 10, 30, tzinfo=UTC)


def test_trap_4_a_german_term_that_ends_on_a_sunday_ends_on_the_sunday():
    closing = compute("DE-ABHILFE", "join_closes", hearing_closed=date(2027, 5, 2))
    assert (closing.on, closing.on.strftime("%A")) == (date(2027, 5, 23), "Sunday")
    assert not closing.has_moved and not closing.is_weekend_open


def test_trap_4_the_term_ends_with_the_day_at_the_court_in_summer_and_winter():
    summer = compute("DE-ABHILFE", "join_closes", hearing_closed=date(2027, 5, 3)).moment
    winter = compute("DE-ABHILFE", "join_closes", hearing_closed=date(2027, 11, 3)).moment
    assert [m.astimezone(UTC).hour for m in (summer, winter)] == [21, 22]
    assert end_of_day(date(2027, 5, 3), "IE").astimezone(UTC).hour == 22


def test_trap_4_what_an_event_to_come_starts_stays_unknown_and_names_the_event():
    closing = compute("DE-ABHILFE", "join_closes", action_filed=date(2026, 1, 5))
    assert (closing.state, closing.event, closing.on) == (State.WAITING, "hearing-closed", None)


def test_trap_4_dutch_terms_follow_the_calendar_act():
    holidays = list_holidays("NL", 2026, 2028)
    registered = {"case-published": Happened(date(2027, 1, 27))}
    rivals = compute_deadline(read_regime("NL-WAMCA"), "rivals_join", registered, holidays)
    assert (rivals.counted_on, rivals.on) == (date(2027, 4, 27), date(2027, 4, 28))  # King's Day
    assert roll_forward(date(2027, 5, 5), holidays) == date(2027, 5, 7)  # Liberation Day, then Ascension Day


def test_trap_4_where_the_weekend_rule_is_unknown_the_earlier_day_is_given_with_a_doubt():
    closing = compute("AT-ABHILFE", "join_closes", order_published=date(2027, 2, 1))
    assert (closing.on, closing.is_weekend_open) == (date(2027, 5, 1), True)


@pytest.mark.parametrize(
    "day, months, end",
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 3, 31), 1, date(2027, 4, 30)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_trap_4_months_end_on_the_same_number_or_the_last_day(day, months, end):
    assert add_months(day, months) == end


def test_italy_has_two_windows_and_the_court_sets_both():
    first = compute("IT-840", "join_closes", joining_ends=date(2027, 3, 1), second_joining_ends=date(2029, 3, 1))
    second = compute("IT-840", "second_join_closes", second_joining_ends=date(2029, 3, 1))
    assert (first.on, second.on) == (date(2027, 3, 1), date(2029, 3, 1))
    assert compute("IT-840", "second_join_opens").state == State.UNKNOWN


def test_trap_10_spain_has_one_year_and_germany_until_the_end_of_the_third_year():
    began = {"infringement-began": date(2025, 5, 27), "practice-announced": date(2025, 4, 14)}
    assert limit("ES-BILL", began).on == date(2026, 4, 14)
    assert limit("DE-ABHILFE", began).on == date(2028, 12, 31)


def test_trap_10_without_a_beginning_or_a_period_the_time_bar_is_unknown():
    assert limit("ES-BILL", {}).clock == Clock.UNKNOWN
    assert limit("IE-2023", {"infringement-began": date(2025, 5, 27)}).on is None


def test_trap_13_leaving_a_german_settlement_starts_with_its_publication_not_with_its_approval():
    assert compute("DE-ABHILFE", "settlement_exit", settlement_approved=date(2028, 1, 31)).state == State.WAITING
    assert compute("DE-ABHILFE", "settlement_exit", settlement_published=date(2028, 1, 31)).on == date(2028, 2, 29)


def test_trap_22_registering_with_us_stops_nothing_but_joining_does():
    rule, events = read_regime("DE-ABHILFE")["limitation_period"], {"action-filed": Happened(date(2026, 1, 5))}
    began = date(2025, 5, 27)
    assert compute_limitation(rule, events, began_on=began, joined_on=None).clock == Clock.RUNNING
    joined = compute_limitation(rule, events, began_on=began, joined_on=date(2027, 2, 1))
    assert (joined.clock, joined.stopped_on, joined.on) == (Clock.STOPPED, date(2027, 2, 1), None)


def test_trap_22_joining_after_the_time_was_over_stops_nothing():
    rule, began = read_regime("DE-ABHILFE")["limitation_period"], date(2025, 5, 27)
    late = compute_limitation(rule, {}, began_on=began, joined_on=date(2029, 1, 1))
    assert (late.clock, late.on, late.stopped_on) == (Clock.RUNNING, date(2028, 12, 31), None)


def test_trap_22_irish_time_stops_until_60_days_after_the_end():
    stopped = limit("IE-2023", {"admissible": date(2027, 3, 1)})
    assert (stopped.clock, stopped.runs_again_on, stopped.waits_for) == (Clock.STOPPED, None, "ended")
    over = limit("IE-2023", {"admissible": date(2027, 3, 1), "closed": date(2029, 6, 1), "dismissed": date(2029, 1, 1)})
    assert over.runs_again_on == date(2029, 3, 2)


def test_trap_23_a_ban_is_urgent_for_a_month_from_the_announcement():
    urgent = compute("DE-ABHILFE", "urgency", practice_announced=date(2025, 4, 14))
    assert urgent.on == date(2025, 5, 14)
    assert urgent.count_days_left(date(2025, 5, 20)) == -6


def test_the_irish_consultation_takes_two_weeks():
    assert compute("IE-2023", "consultation", consultation_requested=date(2027, 1, 4)).on == date(2027, 1, 18)


@pytest.mark.parametrize("code", list_regime_codes())
def test_without_events_no_deadline_is_known(code):
    assert not [d for d in compute_deadlines(read_regime(code), {}).values() if d.is_known or d.on or d.moment]


def list_starting_events():
    for code in list_regime_codes():
        for deadline in compute_deadlines(read_regime(code), {}).values():
            if deadline.event:
                yield code, deadline.rule, deadline.event


@pytest.mark.parametrize("code, rule, event", list(list_starting_events()))
@given(first=DAYS, wait=st.integers(0, 400), others=st.dictionaries(st.sampled_from(["letter-sent", "note-1"]), DAYS))
def test_a_later_event_never_gives_an_earlier_deadline_and_others_give_none(code, rule, event, first, wait, others):
    regime, holidays = read_regime(code), list_holidays("NL", 2024, 2048)
    other = {key: Happened(on) for key, on in others.items()}
    assert not compute_deadline(regime, rule, other, holidays).is_known
    early, late = (
        compute_deadline(regime, rule, other | {event: Happened(on)}, holidays)
        for on in (first, first + timedelta(days=wait))
    )
    assert early.is_known and first <= early.on <= late.on and early.moment <= late.moment
