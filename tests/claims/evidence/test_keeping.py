"""Evidence goes with its claim, and is gone when it is erased."""

import pytest
from django.db import transaction

from claims.base import vault
from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.evidence import (
    check_due_evidence,
    erase_evidence,
    keeping,
    list_evidence,
    move_evidence,
    open_copy,
    open_original,
    read_name,
)
from claims.evidence.keeping import Holder
from claims.keys import Rotation, rotate_keys
from claims.models import Evidence, HistoryEvent
from tests.claims.evidence import corpus
from tests.claims.evidence.conftest import make_holder
from tests.factories import make_claimant

pytestmark = pytest.mark.django_db


def test_files_go_with_their_claimant_who_keeps_the_key_of_the_registration(send, registration):
    send(**{"a.txt": b"hello", "b.zip": corpus.make_zip()})
    check_due_evidence()
    claimant = make_claimant(data_key=vault.rewrap(registration["data_key"]))
    assert move_evidence(registration["registration_code"], to=claimant) == 1
    [evidence] = list_evidence(Holder(owner=claimant))
    assert (evidence.registration_code, evidence.data_key) == (None, "")
    assert open_original(evidence) == b"hello"
    assert open_copy(evidence) == "\ufeffhello".encode()
    assert read_name(evidence) == "a.txt"
    assert not list_evidence(Holder(registration_code=registration["registration_code"]))


def test_a_claimant_with_another_key_can_open_them_too(send, registration):
    send(a=b"hello")
    claimant = make_claimant(data_key=vault.make_data_key())
    move_evidence(registration["registration_code"], to=claimant)
    check_due_evidence()
    [evidence] = list_evidence(Holder(owner=claimant))
    assert open_copy(evidence).endswith(b"hello")


def test_what_the_claimant_sent_before_is_not_there_twice(
    send, registration, django_capture_on_commit_callbacks, list_files
):
    claimant = make_claimant(data_key=vault.make_data_key())
    [first] = send({"owner": claimant, "data_key": claimant.data_key}, a=b"hello")
    send(a=b"hello", b=b"world")
    with django_capture_on_commit_callbacks(execute=True):
        assert move_evidence(registration["registration_code"], to=claimant) == 1
    assert Evidence.objects.count() == len(list_files()) == 2
    assert first in list_evidence(Holder(owner=claimant))


def test_files_of_other_registrations_stay(send, registration):
    other = make_holder()
    send(other, a=b"hello")
    assert move_evidence(registration["registration_code"], to=make_claimant(data_key=vault.make_data_key())) == 0
    assert Evidence.objects.get().registration_code == other["registration_code"]


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_is_gone_from_rows_and_disk(send, list_files):
    rows = send(a=b"hello", b=b"", c=b"world")
    check_due_evidence()
    erase_evidence(rows[:2])
    assert [path.name for path in list_files()] == [f"{rows[2].code}.copy", f"{rows[2].code}.original"]
    assert list(Evidence.objects.all()) == [rows[2]]


@pytest.mark.django_db(transaction=True)
def test_erasing_that_is_taken_back_leaves_the_files(send, list_files):
    [evidence] = send(a=b"hello")
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        erase_evidence([evidence])
        raise KeyboardInterrupt
    assert open_original(Evidence.objects.get()) == b"hello"


@pytest.mark.django_db(transaction=True)
def test_erasing_that_was_cut_short_is_ended_by_the_checking(send, monkeypatch, list_files, registration):
    [evidence] = send(a=b"hello")
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "finish_erasing", lambda pk: None)
        erase_evidence([evidence])
    assert not list_evidence(Holder(registration_code=registration["registration_code"]))
    check_due_evidence()
    assert not list_files()
    assert not Evidence.objects.exists()


def test_there_is_no_copy_before_it_was_made_or_of_what_is_not_shown(send):
    [received, refused] = send(a=b"hello", b=b"")
    for evidence in (received, refused):
        with pytest.raises(Refused):
            open_copy(evidence)


def test_the_history_knows_ids_only_and_is_whole(send, registration):
    send(**{"CANARY.txt": b"hello"})
    move_evidence(registration["registration_code"], to=make_claimant(data_key=vault.make_data_key()))
    erase_evidence(Evidence.objects.all())
    verbs = list(HistoryEvent.objects.values_list("verb", flat=True))
    assert verbs == ["evidence received", "evidence moved to the claimant", "evidence erased"]
    assert "CANARY" not in str(list(HistoryEvent.objects.values()))
    assert verify_history()[1] is None


def test_keys_of_files_are_wrapped_anew_too(send, settings):
    [evidence] = send(a=b"hello")
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, "master-2": bytes(range(32))}
    assert rotate_keys() == Rotation(rewrapped=2)  # of the file, and of its registration
    del settings.FIELD_KEYS["master"]
    evidence.refresh_from_db()
    assert open_original(evidence) == b"hello"


def test_the_name_of_a_file_whose_key_was_erased_is_empty(send):
    send(a=b"hello")
    Evidence.objects.update(data_key="")
    assert read_name(Evidence.objects.get()) == ""
