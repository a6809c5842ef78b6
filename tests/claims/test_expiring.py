"""A registration that is never sent ends after the time that the pack says: told of two weeks before, and then gone."""

import json
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import evidence, intake
from claims.base import history, mails
from claims.base.mails.faults import judge_error
from claims.expiring import Expired, delete_drafts
from claims.models import Action, Evidence, HistoryEvent, Mail, Registration, User
from tests.claims.test_entering import fill_and_check
from tests.claims.test_erasing import CANARY, WORDS, find_traces, make_file, places  # noqa: F401  # a fixture
from tests.factories import make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def draft(clock, action):
    person = make_user(f"old@{CANARY}.example", name=f"Na{CANARY}")
    draft = intake.start_registration(action, by=person, language="de")
    intake.save_step(draft, WORDS)
    return draft


def move_to(clock, day):
    clock.move_to(START + timedelta(days=day))


def run():
    """The hourly run, and the mails that leave after it."""
    done = delete_drafts()
    mails.send_queued_mails()
    return done


def test_the_owner_is_told_two_weeks_before_and_then_all_of_it_goes(clock, action, draft):
    results = {}
    for day in (75, 76, 77, 89, 90, 91):
        move_to(clock, day)
        results[day] = run()
    assert results == {
        75: Expired(), 76: Expired(told=1), 77: Expired(), 89: Expired(), 90: Expired(deleted=1), 91: Expired(),
    }  # fmt: skip
    assert not Registration.objects.exists() and not User.objects.get(pk=draft.user_id).is_active


def test_the_mail_says_the_day_in_the_language_of_the_registration_and_nothing_of_the_person(clock, action, draft):
    Registration.objects.update(language="en")
    move_to(clock, 76)
    delete_drafts()
    mail = Mail.objects.get()
    assert (mail.kind, mail.to) == ("draft_ends", draft.user.email)
    assert "31 May 2026" in mail.text and "go on before that day" in mail.text and "31 May 2026" in mail.html
    assert not any(value in mail.text + mail.html for value in WORDS.values())


def test_saving_a_step_starts_the_time_anew(clock, action, draft):
    move_to(clock, 80)
    delete_drafts()
    move_to(clock, 81)
    intake.save_step(draft, {"city": "Muster"})
    move_to(clock, 95)
    assert delete_drafts() == Expired()
    move_to(clock, 81 + 76)
    assert delete_drafts() == Expired(told=1)


@pytest.mark.parametrize("last", ["add", "take back"])
def test_adding_or_taking_back_a_file_starts_the_time_anew(clock, action, draft, client, places, last):  # noqa: F811
    url, doors = "/actions/small/register/evidence", "allauth.account.auth_backends.AuthenticationBackend"
    if last == "take back":
        files = [make_file("letter.txt")]
        evidence.receive_evidence(files, data_key=draft.data_key, registration_code=draft.code, by=draft.user)
    move_to(clock, 76)
    delete_drafts()
    move_to(clock, 88)
    client.force_login(draft.user, backend=doors)
    if last == "add":
        client.post(f"{url}/add/", {"files": [make_file("letter.txt")]})
    else:
        client.post(f"{url}/{Evidence.objects.get().code}/remove/")
    move_to(clock, 90)
    assert delete_drafts() == Expired() and Registration.objects.get().saved_at == START + timedelta(days=88)


def test_nothing_goes_less_than_two_weeks_after_the_mail(clock, action, draft):
    move_to(clock, 400)  # no worker was there for a year
    assert run() == Expired(told=1)
    move_to(clock, 413)
    assert run() == Expired()
    move_to(clock, 414)
    assert run() == Expired(deleted=1)


def test_it_ends_sooner_where_the_action_has_ended(clock, action, draft):
    Action.objects.update(stage="closed", loaded_at=START + timedelta(days=5))
    move_to(clock, 20)
    assert run() == Expired()
    move_to(clock, 21)
    assert delete_drafts() == Expired(told=1)
    assert "kann sich niemand mehr anmelden" in " ".join(Mail.objects.get().text.split())
    mails.send_queued_mails()
    move_to(clock, 35)
    assert run() == Expired(deleted=1)


def test_the_pack_says_how_long_and_the_pages_say_so(clock, action, client):
    action.facts["drafts"] = {"days": 45}
    action.save()
    intake.start_registration(action, by=make_user(), language="en")
    for page in ("/actions/small/", "/actions/small/register/"):
        assert "is deleted 45 days after you last saved it" in client.get(page).content.decode()
    del action.facts["drafts"]
    action.save()
    assert "is deleted 90 days" in client.get("/actions/small/").content.decode()


def test_what_was_sent_is_never_deleted_by_this(clock, action, draft):
    move_to(clock, 76)
    delete_drafts()
    fill_and_check(draft)
    Registration.objects.update(saved_at=START)
    Registration.objects.update(state="sent", sent_at=START, reference="ABC123")
    move_to(clock, 120)
    assert delete_drafts() == Expired() and Registration.objects.exists()


@pytest.mark.parametrize(
    ("state", "fault", "at_90"),
    [
        ("failed", OSError(), Expired(told=1)),
        ("failed", SMTPRecipientsRefused({"x": (451, b"later")}), Expired(told=1)),
        ("failed", SMTPRecipientsRefused({"x": (550, b"5.1.1 nobody here")}), Expired(deleted=1)),
        ("queued", OSError(), Expired()),
    ],
)
def test_nothing_goes_that_was_announced_by_a_mail_that_never_left(clock, action, draft, state, fault, at_90):
    move_to(clock, 76)
    delete_drafts()
    Mail.objects.update(state=state, error=judge_error(fault).text)
    move_to(clock, 89)
    assert delete_drafts() == Expired()
    move_to(clock, 90)
    assert run() == at_90


def test_the_two_weeks_begin_when_the_mail_has_left_and_one_written_anew_counts(clock, action, draft):
    move_to(clock, 76)
    delete_drafts()
    Mail.objects.update(state="failed", error="OSError")
    results = {}
    for day in (90, 91, 103, 104):
        move_to(clock, day)
        results[day] = run()
    assert results == {90: Expired(told=1), 91: Expired(), 103: Expired(), 104: Expired(deleted=1)}


def test_a_mailbox_that_never_refuses_for_good_keeps_nothing_for_ever(clock, action, draft):
    results = {}
    for day in (76, 90, 104, 105, 117, 118, 119):
        move_to(clock, day)
        results[day] = delete_drafts()
        Mail.objects.update(state="failed", error=judge_error(SMTPRecipientsRefused({"x": (451, b"later")})).text)
    told, nothing = Expired(told=1), Expired()
    assert results == {76: told, 90: told, 104: told, 105: nothing, 117: nothing, 118: Expired(deleted=1), 119: nothing}


@pytest.mark.parametrize("last", [{"state": "queued"}, {"state": "sent", "sent_at": START + timedelta(days=117)}])
def test_the_last_of_these_mails_has_its_two_weeks_too_and_a_save_begins_anew(clock, action, draft, last):
    for day in (76, 90, 104):
        move_to(clock, day)
        delete_drafts()
        Mail.objects.update(state="failed", error="OSError")
    move_to(clock, 117)
    Mail.objects.filter(pk=Registration.objects.get().warning).update(**last)
    move_to(clock, 130)
    assert delete_drafts() == Expired()
    intake.save_step(draft, {"city": "Muster"})
    Mail.objects.update(state="failed", sent_at=None, error="OSError")
    move_to(clock, 130 + 76)
    assert delete_drafts() == Expired(told=1)
    Mail.objects.update(state="failed", sent_at=None, error="OSError")
    move_to(clock, 130 + 90)
    assert delete_drafts() == Expired(told=1)  # two mails more than once before, and still not enough


def test_a_mail_that_waited_for_a_server_moves_the_end(clock, action, draft):
    move_to(clock, 76)
    delete_drafts()
    move_to(clock, 80)
    mails.send_queued_mails()
    move_to(clock, 93)
    assert delete_drafts() == Expired()
    move_to(clock, 94)
    assert delete_drafts() == Expired(deleted=1)


@pytest.mark.parametrize("day", [76, 90])
def test_one_that_cannot_be_worked_on_keeps_no_other_waiting(clock, action, draft, monkeypatch, caplog, day):
    intake.start_registration(action, by=make_user(), language="de")
    if day == 90:
        move_to(clock, 76)
        run()
    move_to(clock, day)
    real = history.record

    def fail_for_the_first(verb, about, **data):
        if about == draft:
            raise RuntimeError
        real(verb, about, **data)

    monkeypatch.setattr(history, "record", fail_for_the_first)
    assert run() == (Expired(told=1) if day == 76 else Expired(deleted=1))
    assert Registration.objects.get(pk=draft.pk) and f"registration {draft.pk}" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_files_mails_and_the_key_go_too_and_one_line_stays(clock, action, draft, places):  # noqa: F811
    evidence.receive_evidence(
        [make_file("letter.txt")], data_key=draft.data_key, registration_code=draft.code, by=draft.user
    )
    move_to(clock, 76)
    delete_drafts()
    mails.send_queued_mails()
    move_to(clock, 90)
    delete_drafts()
    assert find_traces(places) == [] and not Evidence.objects.exists()
    lines = HistoryEvent.objects.filter(verb="registration erased")
    assert [(line.by, line.data) for line in lines] == [(None, {"code": str(draft.code)})]


def test_a_dry_run_counts_and_changes_nothing(clock, action, draft, capsys):
    move_to(clock, 100)
    with CaptureQueriesContext(connection) as asked:
        call_command("delete_drafts", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out) == {"told": 1, "deleted": 0}
    assert all(query["sql"].startswith("SELECT") for query in asked)
    assert not Mail.objects.exists() and Registration.objects.get().warned_at is None
