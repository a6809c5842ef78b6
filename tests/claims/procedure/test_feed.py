"""The calendar feed: the moment at the court, stable ids, a sequence that grows, and an address that can be made dead."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from claims.models import CalendarLink, Role
from claims.procedure.events import EventDraft, record_event, take_back_event
from claims.procedure.feed import build_feed, make_link, revoke_link
from tests.claims.joining.test_proofs import place
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def german(action):
    return place(action, "DE-ABHILFE", action_filed=date(2026, 1, 12), hearing_closed=date(2026, 5, 2))


def read(action):
    events = Calendar.from_ical(build_feed([action])).walk("VEVENT")
    return {str(event["uid"]): event for event in events}


def test_trap_4_the_moment_is_that_of_the_court_and_a_sunday_stays(german):
    event = read(german)["join_closes.small@redress"]
    moment = event["dtstart"].dt
    assert moment.astimezone(UTC) == datetime(2026, 5, 23, 21, 59, tzinfo=UTC)
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert b"BEGIN:VTIMEZONE" in build_feed([german])


def test_what_waits_is_not_in_the_feed(german):
    assert "settlement_exit.small@redress" not in read(german)


def test_the_sequence_grows_when_a_date_moves_and_the_id_stays(german):
    before = read(german)["join_closes.small@redress"]
    draft = EventDraft("hearing-closed", date(2026, 5, 4), source="minutes", reason="a second day")
    record_event(german, draft, by=None)
    after = read(german)["join_closes.small@redress"]
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt - before["dtstart"].dt == timedelta(days=2)
    take_back_event(german, "hearing-closed", by=make_user(), reason="wrong case")
    assert "join_closes.small@redress" not in read(german)


def test_no_person_is_in_the_feed(german):
    claim = make_claim(german)
    text = build_feed([german]).decode()
    assert claim.reference not in text and claim.claimant.family_name not in text


def test_the_address_opens_what_its_owner_may_see_now_and_nothing_once_it_is_dead(client, german):
    lawyer = make_user(role=Role.Name.LAWYER, action=german)
    url = reverse("claims:calendar-feed", args=[make_link(lawyer)])
    answer = client.get(url)
    assert answer["Content-Type"].startswith("text/calendar") and b"small@redress" in answer.content
    Role.objects.all().delete()
    assert b"small@redress" not in client.get(url).content
    revoke_link(lawyer)
    assert client.get(url).status_code == 404


def test_a_new_address_makes_the_old_one_dead_and_only_the_hash_is_kept(client, german):
    lawyer = make_user(role=Role.Name.LAWYER, action=german)
    old, new = make_link(lawyer), make_link(lawyer)
    statuses = [client.get(reverse("claims:calendar-feed", args=[token])).status_code for token in (old, new)]
    assert statuses == [404, 200]
    assert new not in CalendarLink.objects.get().token_sha256


def test_the_address_is_shown_once(client, german):
    client.force_login(make_user(role=Role.Name.LAWYER, action=german), backend="allauth.account.auth_backends.AuthenticationBackend")  # fmt: skip
    url = reverse("claims:workspace-calendar", args=[german.slug])
    assert ".ics" in client.post(url).content.decode()
    page = client.get(url).content.decode()
    assert ".ics" not in page and "You have an address" in page
    client.post(url, {"revoke": "1"})
    assert not CalendarLink.objects.exists()


def test_an_account_that_is_closed_has_no_feed(client, german):
    lawyer = make_user(role=Role.Name.LAWYER, action=german)
    url = reverse("claims:calendar-feed", args=[make_link(lawyer)])
    lawyer.is_active = False
    lawyer.save()
    assert client.get(url).status_code == 404
