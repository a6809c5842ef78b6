"""Events are entered in order, corrected beside the old version, taken back with a reason. Numbers are DOMAIN's traps."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from claims.base.errors import Refused
from claims.base.history import list_events as list_history
from claims.deadlines import list_deadlines, list_limitation
from claims.models import Action
from claims.packs import load_pack
from claims.procedure.dates import find_deadline
from claims.procedure.events import EventDraft, record_event, take_back_event
from claims.procedure.preview import preview_event, preview_stage
from claims.rules.deadlines import State
from claims.terms import describe_joining
from tests.factories import SMALL_PACK, make_claim, make_user

pytestmark = pytest.mark.django_db
FILED, ORDER = date(2026, 1, 12), date(2026, 3, 2)


def enter(action, key, on, by=None, **fields):
    draft = EventDraft(key, on, **{"source": "decision of the court", **fields})
    return record_event(action, draft, by=by)


@pytest.fixture
def filed(action):
    enter(action, "action-filed", FILED)
    return action


def test_trap_4_a_deadline_is_unknown_until_the_event_is_entered_and_moves_with_it(filed):
    assert find_deadline(filed, "join_closes").state == State.WAITING
    enter(filed, "order-published", ORDER)
    assert describe_joining(filed).says == "2 June 2026"
    enter(filed, "order-published", ORDER + timedelta(days=8), reason="the notice was printed later")
    assert describe_joining(filed).says == "10 June 2026"


def test_the_preview_says_from_what_to_what_and_saves_nothing(filed):
    draft = EventDraft("order-published", ORDER, source="register")
    moves = {move.after.title: (move.before.says, move.after.says) for move in preview_event(filed, draft)}
    assert moves["Last day to join"] == ("Not yet known", "2 June 2026")
    assert preview_stage(filed, draft) == "admissible" and filed.event_entries.count() == 1


def test_the_stage_moves_with_the_event_and_back(filed):
    assert Action.objects.get().stage == "filed"
    enter(filed, "hearing-closed", date(2026, 6, 1))
    enter(filed, "stayed", date(2026, 6, 2))
    assert Action.objects.get().stage == "stayed"
    enter(filed, "resumed", date(2026, 6, 3))
    assert Action.objects.get().stage == "hearing_closed"


@pytest.mark.parametrize(
    "key, on, words",
    [
        ("settlement-approved", FILED, "Enter that first"),
        ("hearing-closed", FILED - timedelta(days=1), "cannot be earlier than “The action was filed in court”"),
        ("hearing-closed", date(2099, 1, 1), "cannot lie ahead"),
        ("joining-ends", FILED, "no court sets that day"),
        ("beheading", FILED, "We do not know the event"),
        ("action-filed", FILED, "To correct it, say why"),
    ],
)
def test_an_event_out_of_order_is_refused_with_what_and_how(filed, key, on, words):
    with pytest.raises(Refused, match=words):
        enter(filed, key, on)
    assert filed.event_entries.count() == 1


def test_an_admissible_action_must_have_been_filed(action):
    with pytest.raises(Refused, match="cannot come before “The action was filed in court”"):
        enter(action, "admissible", FILED)


def test_what_others_rest_on_cannot_move_behind_them_or_go(filed):
    enter(filed, "order-published", ORDER)
    with pytest.raises(Refused, match="cannot be later than"):
        enter(filed, "action-filed", ORDER + timedelta(days=1), reason="wrong day")
    with pytest.raises(Refused, match="rests on it"):
        take_back_event(filed, "action-filed", by=make_user(), reason="wrong")


def test_nothing_happens_after_the_end_unless_the_court_takes_it_up_again(filed):
    enter(filed, "dismissed", date(2026, 5, 4))
    with pytest.raises(Refused, match="cannot come after"):
        enter(filed, "hearing-closed", date(2026, 5, 5))
    enter(filed, "resumed", date(2026, 5, 6))
    enter(filed, "hearing-closed", date(2026, 5, 7))


def test_a_correction_keeps_the_version_before_it(filed):
    entry = enter(filed, "action-filed", FILED + timedelta(days=1), reason="date of receipt")
    old, new = filed.event_entries.all()
    assert (old.on, old.holds, new.version, new.holds) == (FILED, False, 2, True)
    assert [event.verb for event in list_history(filed)][:2] == ["event corrected", "event entered"]
    assert filed.events.get(key="action-filed").entry == entry


def test_an_event_needs_a_source_and_taking_it_back_a_reason(filed):
    with pytest.raises(Refused, match="where this can be read"):
        enter(filed, "hearing-closed", ORDER, source=" ")
    with pytest.raises(Refused, match="Say why"):
        take_back_event(filed, "action-filed", by=make_user(), reason=" ")


def test_what_is_taken_back_makes_the_deadline_unknown_again(filed):
    enter(filed, "order-published", ORDER)
    entry = take_back_event(filed, "order-published", by=make_user(), reason="of another case")
    assert (entry.taken_back_reason, filed.stage) == ("of another case", "filed")
    assert find_deadline(filed, "join_closes").state == State.WAITING
    assert filed.events.get(key="order-published").on is None


def test_loading_the_pack_again_keeps_what_the_office_entered(filed):
    enter(filed, "order-published", ORDER)
    Action.objects.update(pack_sha256="")  # as if the pack had changed
    load_pack(SMALL_PACK)
    action = Action.objects.get()
    assert (action.stage, find_deadline(action, "join_closes").on) == ("admissible", date(2026, 6, 2))
    assert action.events.get(key="action-filed").on == FILED


def test_the_time_of_day_counts_where_the_law_ends_at_a_moment(action):
    Action.objects.update(regime_code="IE-2023")
    action.refresh_from_db()
    enter(action, "action-filed", FILED)
    enter(action, "admissible", ORDER, at=time(11, 30))
    assert find_deadline(action, "join_closes").moment.isoformat() == "2026-03-02T11:30:00+00:00"


def test_days_left_are_counted_at_the_court_and_said_in_words(filed):
    enter(filed, "order-published", ORDER)
    says = {row.rule: (row.says, row.mark) for row in list_deadlines(filed, today=date(2026, 5, 29))}
    assert says["join_closes"] == ("Urgent: 4 days left", "no")
    over = {row.rule: row.says for row in list_deadlines(filed, today=date(2026, 6, 4))}
    assert over["join_closes"] == "Over for 2 days"


def test_trap_10_and_22_the_shortest_time_bar_comes_first_and_an_unknown_state_is_named(filed):
    for state in ("ES", "DE", "MT"):
        make_claim(filed, habitual_residence=state)
    enter(filed, "infringement-began", date(2025, 5, 27))
    rows = list_limitation(filed, today=date(2026, 5, 1))
    assert [(row.state, row.days_left) for row in rows][:2] == [("ES", 26), ("DE", 975)]
    assert "no record of this state" in rows[-1].says


def test_trap_23_the_alert_of_an_urgent_ban_needs_no_claim(action):
    enter(action, "practice-announced", timezone.localdate() - timedelta(days=20))
    row = next(row for row in list_deadlines(action) if row.rule == "urgency")
    assert row.says.startswith(("Soon", "Urgent")) and not action.claims.exists()


def test_in_ireland_the_hour_at_which_joining_ends_is_asked_for(filed):
    Action.objects.filter(pk=filed.pk).update(regime_code="IE-2023")
    filed.refresh_from_db()
    with pytest.raises(Refused, match="Give the time at the court too"):
        enter(filed, "admissible", ORDER)
    enter(filed, "admissible", ORDER, at=time(14, 30))
    moment = find_deadline(filed, "join_closes").moment
    assert (moment.hour, moment.minute, moment.tzinfo.key) == (14, 30, "Europe/Dublin")


def test_where_the_law_counts_days_no_hour_is_asked_for(filed):
    enter(filed, "admissible", ORDER)
    assert filed.stage == "admissible"
