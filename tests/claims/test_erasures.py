"""A restored backup brings nobody back: the log outside of the database has them erased again, and nobody else."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from claims import intake
from claims.erasing import erase_claimant, erase_registration
from claims.erasures import note_erasures, read_erasures
from claims.imports.erased import find_erased
from claims.models import Claim, Claimant, ErasedRow, Registration
from claims.replaying import Replay, replay_erasures
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
COLUMNS = ("given_name", "family_name", "email", "birth_date", "erased_at", "person_key", "user_id")


@pytest.fixture
def log(settings):
    return Path(settings.ERASURES_LOG)


def restore(claimant, kept):
    """Put the row back as an older backup has it."""
    Claimant.objects.filter(pk=claimant.pk).update(**{name: kept[name] for name in COLUMNS})


def erase(claimant, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase_claimant(claimant, by=None)


def test_who_was_erased_after_the_backup_is_erased_again(action, log, django_capture_on_commit_callbacks):
    gone, other = make_claim(action), make_claim(action)
    kept = Claimant.objects.values(*COLUMNS).get(pk=gone.claimant_id)
    erase(gone.claimant, django_capture_on_commit_callbacks)
    restore(gone.claimant, kept)
    assert replay_erasures(log) == Replay(erased=1)
    assert Claimant.objects.get(pk=gone.claimant_id).given_name == ""
    assert Claimant.objects.get(pk=other.claimant_id).given_name == "Ana"
    assert replay_erasures(log) == Replay(already=1)


def test_no_file_brings_back_who_was_erased_again(action, log, django_capture_on_commit_callbacks):
    """The backup is older than the erasure: what keeps the row out is made again with it."""
    claim = make_claim(action, external_ref="R1")
    kept = Claimant.objects.values(*COLUMNS).get(pk=claim.claimant_id)
    erase(claim.claimant, django_capture_on_commit_callbacks)
    restore(claim.claimant, kept)
    Claim.objects.update(external_ref="R1")
    ErasedRow.objects.all().delete()
    replay_erasures(log)
    assert find_erased(action.pk, ["R1", "R2"]) == {"R1"}


def test_the_log_names_references_alone(action, log, django_capture_on_commit_callbacks):
    claim = make_claim(action, make_claimant(family_name="Kanarienvogel"))
    erase(claim.claimant, django_capture_on_commit_callbacks)
    assert claim.reference in log.read_text() and "Kanarienvogel" not in log.read_text()
    assert set(json.loads(log.read_text())) == {"what", "code", "at", "key", "mac"}


def test_what_a_killed_process_did_not_note_the_next_minute_does_once(action, log):
    claim = make_claim(action)
    erase_claimant(claim.claimant, by=None)
    assert (note_erasures(), note_erasures()) == (1, 0)
    assert [erasure.code for erasure in read_erasures(log)] == [claim.reference]


def test_a_registration_that_was_not_sent_is_erased_again(action, log, django_capture_on_commit_callbacks):
    person = make_user("eleni@paradeigma.example")
    draft = intake.start_registration(action, by=person, language="en")
    kept = Registration.objects.values().get(pk=draft.pk)
    with django_capture_on_commit_callbacks(execute=True):
        erase_registration(draft, by=person)
    Registration.objects.create(**kept)
    assert replay_erasures(log) == Replay(erased=1)
    assert not Registration.objects.exists()


def test_a_line_that_somebody_forged_erases_nobody(action, log):
    claim = make_claim(action)
    log.parent.mkdir(parents=True)
    log.write_text(
        json.dumps({"what": "claim", "code": claim.reference, "at": "x", "key": "index", "mac": "0" * 64}) + "\n\0\n"
    )
    assert replay_erasures(log) == Replay(damaged=2)
    assert Claimant.objects.get().erased_at is None


def test_what_is_younger_than_the_backup_or_held_is_told(action, log, django_capture_on_commit_callbacks, capsys):
    lost, joined = make_claim(action), make_claim(action)
    kept = Claimant.objects.values(*COLUMNS).get(pk=joined.claimant_id)
    for claim in (lost, joined):
        erase(claim.claimant, django_capture_on_commit_callbacks)
    restore(joined.claimant, kept)
    Claim.objects.filter(pk=joined.pk).update(joined_on="2026-01-01", status="submitted")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET reference = 'XXXX' WHERE id = %s", [lost.pk])
    with pytest.raises(SystemExit):
        call_command("replay_erasures", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["unknown"], found["held"], found["ok"]) == (1, 1, False)


def test_without_the_log_nothing_is_pretended(capsys):
    with pytest.raises(SystemExit):
        call_command("replay_erasures", "--json")
    assert "there is no file" in capsys.readouterr().err
