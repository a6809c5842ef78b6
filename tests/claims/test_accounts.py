"""Accounts and roles: made by command, kept in the history without a personal value, refused with a sentence."""

import json
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.accounts import grant_role, make_user, revoke_role
from claims.base.errors import Refused
from claims.base.mails import send_queued_mails
from claims.models import HistoryEvent, Role, User


def test_a_first_lawyer_comes_in_by_command_and_code(action, client, capsys):
    call_command("make_user", "Eva@Office.example", "--name", "Eva Vasile")
    call_command("grant_role", "eva@office.example", "small", "lawyer")
    assert "/accounts/login/code/" in capsys.readouterr().out
    client.post("/accounts/login/code/", {"email": "eva@office.example"})
    send_queued_mails()
    assert [message.to for message in mail.outbox] == [["eva@office.example"]]
    assert not User.objects.get().has_usable_password()
    assert Role.objects.get().name == "lawyer"


def test_the_history_tells_what_was_done_and_no_personal_value(action):
    user = make_user("eva@office.example", name="Eva Vasile")
    for name in ("staff", "lawyer"):
        grant_role(user, action, name)
    revoke_role(user, action)
    events = list(HistoryEvent.objects.filter(subject="user").values("verb", "fields", "data", "subject_id"))
    assert [event["verb"] for event in events] == ["user made", "role granted", "role granted", "role revoked"]
    assert "eva" not in json.dumps(events).lower()
    assert not Role.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["make_user", "no address"], "no e-mail address"),
        (["make_user", "USER@office.example"], "already"),
        (["grant_role", "nobody@office.example", "small", "staff"], "make_user"),
        (["grant_role", "user@office.example", "none", "staff"], "there are: small"),
        (["grant_role", "user@office.example", "small", "king"], "lawyer, staff, finance, auditor, administrator"),
        (["revoke_role", "user@office.example", "small"], "no role"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(action, capsys, arguments, words):
    make_user("user@office.example")
    with pytest.raises(SystemExit):
        call_command(*arguments)
    assert words in capsys.readouterr().err


def test_the_same_role_twice_is_refused(action):
    user = make_user("eva@office.example")
    grant_role(user, action, "staff")
    with pytest.raises(Refused, match="already"):
        grant_role(user, action, "staff")


def test_there_are_no_superusers(db):
    with pytest.raises(CommandError, match="make_user"):
        call_command("createsuperuser")
    with pytest.raises(NotImplementedError):
        User.objects.create_superuser("a@b.example")


@pytest.mark.usefixtures("noon")
def test_a_role_counts_on_its_last_day_and_no_longer(action):
    user, today = make_user("expert@office.example"), timezone.localdate()
    role = grant_role(user, action, "auditor", until=today)
    assert timezone.localtime(role.ends_at) == timezone.make_aware(datetime.combine(today + timedelta(days=1), time()))
    assert Role.objects.current().filter(user=user).exists()
    assert grant_role(user, action, "auditor").ends_at is None


def test_a_day_that_is_over_is_refused(action, capsys):
    make_user("expert@office.example")
    with pytest.raises(SystemExit):
        call_command("grant_role", "expert@office.example", "small", "auditor", "--until", "2020-01-01")
    assert "is over" in capsys.readouterr().err and not Role.objects.exists()
