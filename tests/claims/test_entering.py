"""What was sent is a claim within seconds, once, with the time at which it was sent; nothing acknowledged is lost."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import mandates
from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.base.references import show_reference
from claims.contacts import change_email
from claims.counts import count_claims, scan_counts
from claims.duplicates import list_open_pairs, merge_pair
from claims.erasing import erase_claimant, erase_registration
from claims.intake import (
    NotComplete,
    enter_registration,
    enter_registrations,
    entering,
    list_late,
    note_checked,
    open_draft,
    save_step,
    send_checked,
    send_registration,
    sending,
    start_registration,
)
from claims.models import Action, Claim, Claimant, EventEntry, Mail, Registration
from claims.own_data import collect_own_data
from claims.views import workspace_late
from claims.withdrawals import withdraw_claim
from tests.claims.test_intake import fill
from tests.factories import make_action, make_claim, make_claimant, make_user, send_and_enter
from tests.servers import PATIENCE_SECONDS
from tests.workers import end_when_waited_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_user("eleni@paradeigma.example")


@pytest.fixture
def registration(action, person):
    return start_registration(action, by=person, language="en")


def fill_and_check(registration, **changes):
    fill(registration, **changes)
    registration.refresh_from_db()
    note_checked(open_draft(registration), by=registration.user)
    registration.refresh_from_db()
    return registration


def test_a_checked_registration_is_sent_by_one_statement_that_waits_for_nobody(registration, person):
    fill_and_check(registration)
    with CaptureQueriesContext(connection) as asked:
        reference = send_checked(person, "small", language="de")
    assert [query["sql"].split()[0] for query in asked if "SAVEPOINT" not in query["sql"]] == ["UPDATE"]
    sent = Registration.objects.get()
    assert (sent.state, sent.claim, sent.reference, sent.language) == ("sent", None, reference, "de")


def publish_other_criteria(action):
    version = action.criteria_versions.get()
    version.pk, version.number, version._state.adding = None, version.number + 1, True
    version.save()


def enter_event(action):
    EventEntry.objects.create(action=action, key="filed", on=timezone.localdate(), source="letter")


CHANGES = {
    "an answer": lambda action: save_step(Registration.objects.get(), {"phone": "1"}),
    "a declaration": lambda action: mandates.accept_declarations(Registration.objects.get(), []),
    "the criteria": publish_other_criteria,
    "the dates": enter_event,
    "the pack": lambda action: action.save(),
    "the day": lambda action: Registration.objects.update(checked=Concat("checked", Value("x"))),
    "the end of joining": lambda action: Registration.objects.update(open_until=timezone.now()),
    "what is public": lambda action: Action.objects.update(is_published=False),
    "the stage": lambda action: Action.objects.update(stage="closed"),
    "who stands": lambda action: make_claim(action, make_claimant(person_key=Registration.objects.get().person_key)),
    "who asks": lambda action: Registration.objects.update(user=make_user()),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_checked_holds_no_more_once_something_changed(registration, action, person, what):
    fill_and_check(registration)
    CHANGES[what](action)
    assert send_checked(person, "small", language="en") is None
    assert Registration.objects.get().state == "open"


def test_the_claim_has_the_time_and_the_reference_of_sending(registration, person):
    sent = send_registration(fill_and_check(registration), by=person)
    Registration.objects.update(sent_at=sent.sent_at - timedelta(hours=3))
    assert enter_registrations() == 1
    claim = Claim.objects.get()
    assert (claim.reference, claim.registered_at) == (sent.reference, sent.sent_at - timedelta(hours=3))
    assert count_claims(claim.action) == sum(scan_counts(claim.action).values()) == 1
    assert verify_history()[1] is None
    assert Mail.objects.filter(kind="receipt").count() == 1


def test_a_registration_is_entered_once(registration, person):
    sent = send_registration(fill_and_check(registration), by=person)
    assert enter_registration(sent.pk) and enter_registration(sent.pk) is None
    assert (enter_registrations(), Claim.objects.count()) == (0, 1)


def test_what_was_saved_after_the_check_is_checked_anew(registration, person):
    fill_and_check(registration)
    save_step(registration, {"given_name": "", "family_name": ""})  # in another tab
    with pytest.raises(NotComplete) as missing:
        send_registration(registration, by=person)
    assert [step.name for step in missing.value.steps] == ["name"]


def test_a_declaration_taken_back_after_the_check_is_missed(registration, person):
    fill_and_check(registration)
    mandates.accept_declarations(registration, [])
    with pytest.raises(NotComplete):
        send_registration(registration, by=person)


def test_a_declaration_that_came_after_the_check_is_asked_for(registration, action, person):
    fill_and_check(registration)
    text = action.declaration_texts.filter(kind="truth", language="en").get()
    text.pk, text.kind, text._state.adding = None, "another", True
    text.save()
    with pytest.raises(NotComplete):
        send_registration(registration, by=person)


def test_who_came_in_on_another_way_after_the_check_is_not_taken_twice(registration, action, person):
    checked = fill_and_check(registration)
    make_claim(action, Claimant.objects.create(person_key=checked.person_key))
    with pytest.raises(Refused, match="registered already"):
        send_registration(registration, by=person)
    assert Registration.objects.get().state == "open"


def test_one_person_is_not_sent_twice_before_a_worker_comes(registration, action, person):
    send_registration(fill_and_check(registration), by=person)
    again = start_registration(action, by=person, language="en")
    fill(again)
    with pytest.raises(Refused, match="being registered at this moment"):
        send_registration(again, by=person)


def test_one_that_cannot_be_entered_stays_with_its_time_and_keeps_no_other_waiting(registration, action, person):
    bad = send_registration(fill_and_check(registration), by=person)
    key, other = bad.data_key, start_registration(action, by=make_user(), language="en")
    Registration.objects.filter(pk=bad.pk).update(data_key="broken")
    send_registration(fill_and_check(other), by=other.user)
    assert enter_registrations() == 1
    Registration.objects.filter(pk=bad.pk).update(data_key=key)
    assert enter_registrations() == 0  # not again at once
    Registration.objects.filter(pk=bad.pk).update(failed_at=timezone.now() - timedelta(minutes=2))
    assert enter_registrations() == 1
    assert Claim.objects.get(reference=bad.reference).registered_at == bad.sent_at


def test_a_person_whose_address_changed_before_a_worker_came_is_found_by_the_new_one(registration, person):
    sent = send_registration(fill_and_check(registration), by=person)
    person.email = "new@muster.example"
    person.save()
    claimant = enter_registration(sent.pk).claimant
    assert claimant.email == "new@muster.example" and claimant.person_key not in {None, sent.person_key}


def test_what_was_sent_cannot_be_thrown_away_as_a_draft_and_is_in_the_own_data(registration, person):
    sent = send_registration(fill_and_check(registration), by=person)
    with pytest.raises(Refused, match="sent in the meantime"):
        erase_registration(registration, by=person)
    assert [draft["values"]["family_name"] for draft in collect_own_data(person)["drafts"]] == ["Παραδείγματος"]
    assert enter_registration(sent.pk)


def test_a_second_time_in_another_language_changes_nothing(registration, person):
    fill(registration)
    claim = send_and_enter(registration, language="de")
    again = send_registration(registration, by=person, language="fr")
    assert (again.claim, again.language, claim.claimant.language) == (claim, "de", "de")


def test_what_changes_while_a_registration_is_checked_is_not_taken_as_checked(
    registration, action, person, monkeypatch
):
    fill(registration)
    registration.refresh_from_db()

    def find_while_declarations_change(action):
        text = action.declaration_texts.filter(kind="truth", language="en").get()
        text.pk, text.kind, text._state.adding = None, "another", True
        text.save()

    monkeypatch.setattr(sending, "find_closing_moment", find_while_declarations_change)
    note_checked(open_draft(registration), by=person)
    assert send_checked(person, "small", language="en") is None


def test_an_old_page_pressed_again_does_not_send_the_next_person(registration, action, person, client):
    client.force_login(person)
    fill_and_check(registration)
    shown = client.get("/actions/small/register/check/").context["draft"].registration
    first = client.post("/actions/small/register/check/", {"registration": shown.code}).url
    other = fill_and_check(start_registration(action, by=person, language="en"), given_name="Another")
    assert client.post("/actions/small/register/check/", {"registration": shown.code}).url == first
    other.refresh_from_db()
    assert other.state == "open"


def test_an_address_that_changed_after_the_check_is_checked_anew(registration, action, person):
    fill_and_check(registration)
    change_email(person, "new@muster.example")
    assert send_checked(person, "small", language="en") is None


def test_erasing_one_person_keeps_what_was_sent_for_another(registration, action, person):
    fill(registration)
    claim = send_and_enter(registration)
    fill_and_check(start_registration(action, by=person, language="en"), given_name="Another")
    reference = send_checked(person, "small", language="en")
    erase_claimant(claim.claimant, by=person)
    assert enter_registrations() == 1 and Claim.objects.get(reference=reference).claimant.given_name == "Another"


def test_erasing_a_person_erases_what_was_sent_for_the_same_one(registration, action, person):
    fill(registration)
    claim = send_and_enter(registration)
    withdraw_claim(claim, by=person)
    fill_and_check(start_registration(action, by=person, language="en"))
    assert send_checked(person, "small", language="en")
    erase_claimant(claim.claimant, by=person)
    assert not Registration.objects.filter(state="sent").exists()


def test_the_office_sees_what_cannot_be_entered_and_why_and_tries_again(registration, action, person, client):
    sent = send_registration(fill_and_check(registration), by=person)
    Registration.objects.update(data_key="broken")
    enter_registrations()
    client.force_login(make_user(role="staff", action=action))
    assert "/workspace/small/late/" in client.get("/workspace/small/").content.decode()
    page = client.get("/workspace/small/late/").content.decode()
    assert show_reference(sent.reference) in page and "a key is missing" in page and "eleni" not in page
    again = f"/workspace/small/late/{sent.reference}/enter/"
    assert "not be entered this time" in client.post(again, follow=True).content.decode()
    Registration.objects.update(data_key=sent.data_key)
    assert "it is a claim now" in client.post(again, follow=True).content.decode()
    assert Claim.objects.get().registered_at == sent.sent_at and client.post(again).status_code == 404


def test_the_office_sees_what_no_worker_came_to(registration, action, person, client):
    send_registration(fill_and_check(registration), by=person)
    assert not list_late(action)
    Registration.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    client.force_login(make_user(role="auditor", action=action))
    page = client.get("/workspace/small/late/").content.decode()
    assert "No worker has come" in page and "Try again" not in page


def test_the_office_reads_how_many_wait_and_comes_to_each_of_them(registration, action, person, client, monkeypatch):
    monkeypatch.setattr(workspace_late, "PAGE", 1)
    sent = [send_registration(fill_and_check(registration), by=person).reference]
    other = fill_and_check(start_registration(action, by=person, language="en"), given_name="Another")
    sent.append(send_registration(other, by=person).reference)
    Registration.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    client.force_login(make_user(role="staff", action=action))
    pages = [client.get(f"/workspace/small/late/?page={number}").content.decode() for number in ("x", 2)]
    assert all('yet: <b class="num">2</b>' in page for page in pages)
    assert "?page=2" in pages[0] and "?page=1" in pages[1] and "?page=3" not in pages[1]
    assert [show_reference(reference) in page for reference, page in zip(sent, pages, strict=True)] == [True, True]


def stand(action, registration):
    """The same person comes in by an import while the registration waits."""
    return make_claim(action, make_claimant(person_key=Registration.objects.get(pk=registration.pk).person_key))


def test_who_came_in_by_an_import_meanwhile_is_entered_all_the_same_and_put_before_the_office(
    registration, action, person
):
    sent = send_registration(fill_and_check(registration), by=person)
    imported = stand(action, sent)
    imported.claimant.given_name, imported.claimant.family_name = "Eleni", "Παραδείγματος"
    imported.claimant.save()
    assert enter_registrations() == 1
    claim = Claim.objects.get(reference=sent.reference)
    assert (claim.claimant.person_key, claim.claimant.user, claim.registered_at) == (None, person, sent.sent_at)
    [pair] = list_open_pairs(action)
    assert (pair.first, pair.second, dict(pair.signs)["family_same"] > 0) == (imported, claim, True)
    merge = merge_pair(pair, by=make_user(role="lawyer", action=action), reason="signs")
    imported.refresh_from_db()
    assert merge.kept.registered_at == min(imported.registered_at, sent.sent_at)
    assert count_claims(action) == sum(scan_counts(action).values()) == 1


def test_who_came_into_another_action_of_the_matter_meanwhile_is_entered_and_held(registration, action, person, client):
    sent = send_registration(fill_and_check(registration), by=person)
    stand(make_action("sibling", matter=action.matter.slug), sent)
    claim = enter_registration(sent.pk)
    assert claim.quarantine.reasons == ["stands_elsewhere"] and count_claims(action) == 0
    client.force_login(person)
    assert "You stand in another action" in client.get(f"/my/claims/{claim.reference}/").content.decode()
    assert "Machines" not in client.get(f"/my/sent/{claim.reference}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_not_written_yet_makes_the_worker_wait_and_nothing_is_lost(
    only_postgresql, registration, action, person
):
    imported, may_end = threading.Event(), threading.Event()
    checked = fill_and_check(registration)

    def import_slowly():
        with transaction.atomic():
            stand(action, checked)
            imported.set()
            may_end.wait(PATIENCE_SECONDS)
        connection.close()

    thread = threading.Thread(target=import_slowly)
    thread.start()
    assert imported.wait(PATIENCE_SECONDS)
    sent = send_registration(checked, by=person)
    end_when_waited_for(may_end)
    entered = enter_registrations()  # waits for the import, and finds that the person is there
    thread.join(PATIENCE_SECONDS)
    Registration.objects.update(failed_at=None)
    assert entered + enter_registrations() == 1
    assert Claim.objects.get(reference=sent.reference).registered_at == sent.sent_at
    assert list_open_pairs(action).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_erasure_takes_along_the_claim_that_a_worker_makes_at_this_moment(
    only_postgresql, registration, action, person, monkeypatch
):
    fill(registration)
    claim = send_and_enter(registration)
    withdraw_claim(claim, by=person)
    again = fill_and_check(start_registration(action, by=person, language="en"))
    assert send_checked(person, "small", language="en")
    makes, may_end, close = threading.Event(), threading.Event(), entering._close_registration

    def close_slowly(*given):
        makes.set()
        may_end.wait(PATIENCE_SECONDS)
        close(*given)

    def enter():
        enter_registration(again.pk)
        connection.close()

    monkeypatch.setattr(entering, "_close_registration", close_slowly)
    thread = threading.Thread(target=enter)
    thread.start()
    assert makes.wait(PATIENCE_SECONDS)
    end_when_waited_for(may_end)
    erase_claimant(claim.claimant, by=person)
    thread.join(PATIENCE_SECONDS)
    made = Claim.objects.exclude(pk=claim.pk).get()
    assert (made.status, made.answers, made.habitual_residence) == ("withdrawn", {}, "")
    assert count_claims(action) == sum(scan_counts(action).values()) == 0
