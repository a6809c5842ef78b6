"""Several files at once; each gets a verdict, what is good is taken, and nothing lies on the disk unsealed."""

import hashlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from claims.base import sealed, vault
from claims.base.errors import Refused
from claims.erasing import erase_claimant
from claims.evidence import (
    check_due_evidence,
    erase_evidence,
    explain,
    list_evidence,
    open_original,
    read_name,
    receive_evidence,
    receiving,
)
from claims.evidence.keeping import Holder
from claims.intake import start_registration
from claims.models import Claimant, Evidence, HistoryEvent, Registration
from tests.claims.evidence import corpus
from tests.claims.evidence.conftest import make_holder
from tests.claims.test_intake import fill
from tests.factories import make_claimant, make_user, send_and_enter
from tests.servers import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db
NAMES = ["../../../../etc/passwd", "photo\u202egpj.exe", "a\0b", "x" * 5000, "<script>alert(1)</script>.jpg", "", "CON", "é\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]  # fmt: skip


def test_several_at_once_and_a_bad_one_keeps_no_other_out(send):
    rows = send(**{"a.jpg": corpus.PHOTO, "b.zip": corpus.make_zip(), "c.txt": b"hello", "d.jpg": b""})
    assert [(row.kind, row.state, row.reason) for row in rows] == [
        ("jpeg", "received", ""), ("", "refused", "archive"), ("text", "received", ""), ("", "refused", "empty"),
    ]  # fmt: skip
    assert "Unpack it" in explain(rows[1])


def test_the_hash_is_of_the_original_and_the_original_opens(send):
    [evidence] = send(photo=corpus.PHOTO)
    assert open_original(evidence) == corpus.PHOTO
    assert evidence.sha256 == hashlib.sha256(corpus.PHOTO).hexdigest()
    assert evidence.size_bytes == len(corpus.PHOTO)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_sealed_as_given_and_used_in_no_path(name, registration, list_files, media):
    file = SimpleUploadedFile("x", b"hello")
    file._name = name
    [evidence] = receive_evidence([file], **registration)
    place = f"evidence {evidence.code} name"
    assert vault.open_text(registration["data_key"], evidence.name, place=place) == name
    assert list_files() == [media / "evidence" / evidence.code.hex[:2] / f"{evidence.code}.original"]
    assert len(read_name(evidence)) <= 130
    assert not set(read_name(evidence)) & {"\u202e", "\0"}


def test_nothing_lies_in_plain_on_the_disk_or_in_the_row(send, list_files):
    send(**{"CANARY-name.txt": b"CANARY-7f3a lives here", "photo.jpg": corpus.PHOTO, "letter.eml": corpus.make_email()})
    check_due_evidence()
    assert len(list_files()) == 6
    assert not [path for path in list_files() if b"CANARY" in path.read_bytes() or b"CANARY" in str(path).encode()]
    assert "CANARY" not in str(list(Evidence.objects.values()))
    assert "CANARY" not in str(list(HistoryEvent.objects.values()))


def test_a_file_that_is_moved_to_another_place_does_not_open(send):
    one, other = send(a=b"hello", b=b"world")
    path = receiving.find_part(other, "original")
    path.write_bytes(receiving.find_part(one, "original").read_bytes())
    with pytest.raises(vault.Unreadable):
        open_original(other)


def test_limits_of_size_number_and_sum(send, settings):
    settings.EVIDENCE_FILE_BYTES, settings.EVIDENCE_FILES, settings.EVIDENCE_TOTAL_BYTES = 100, 3, 150
    rows = send(a=b"a" * 90, b=b"b" * 101, c=b"c" * 70, d=b"d" * 20, e=b"e" * 20, f=b"f")
    assert [row.reason for row in rows] == ["", "too_big", "too_much", "", "", "too_many"]
    assert "MB each" in explain(rows[1])
    erase_evidence(rows[:1])
    assert [row.reason for row in send(c=b"c" * 70, f=b"f")] == ["", "too_many"]


def test_limits_count_for_each_person_alone(send, settings):
    settings.EVIDENCE_FILES = 1
    send(a=b"a")
    assert [row.reason for row in send(make_holder(), a=b"a")] == [""]


def test_what_was_refused_is_forgotten_with_the_next_upload(send, registration):
    send(a=b"", b=b"hello")
    send(c=b"world")
    holder = Holder(registration_code=registration["registration_code"])
    assert [row.state for row in list_evidence(holder)] == ["received", "received"]


def test_the_same_file_sent_again_is_the_one_that_is_there(send, list_files):
    [first] = send(a=b"hello")
    assert send(b=b"hello", c=b"hello") == [first]
    assert len(list_files()) == 1


def test_the_same_file_sent_twice_at_once_is_one(send, monkeypatch):
    [first] = send(a=b"hello")
    find, calls = receiving._find_again, []
    monkeypatch.setattr(receiving, "_find_again", lambda *args: find(*args) if calls else calls.append(1))
    with transaction.atomic():
        assert send(a=b"hello") == [first]


def test_an_erased_file_can_be_sent_again(send):
    [first] = send(a=b"hello")
    erase_evidence([first])
    [again] = send(a=b"hello")
    assert (again.state, again == first) == ("received", False)


def test_a_disk_that_is_full_is_told_and_the_file_can_be_sent_again(send, monkeypatch, list_files):
    with monkeypatch.context() as patch:
        patch.setattr(sealed.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "full")))
        [lost] = send(a=b"hello")
    assert (lost.state, lost.reason, lost.due_at) == ("quarantined", "lost", None)
    assert not list_files()
    [again] = send(a=b"hello")
    assert again.state == "received"
    assert not Evidence.objects.filter(pk=lost.pk)


def test_a_process_killed_before_the_file_was_written_leaves_a_row_that_says_so(send, monkeypatch, time_machine_later):
    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(receiving, "write_sealed", die)
        send(a=b"hello")
    assert check_due_evidence() == 0
    with time_machine_later(seconds=31):
        check_due_evidence()
    assert Evidence.objects.get().reason == "lost"


def test_a_claimant_adds_files_later_under_the_own_key(send):
    claimant = make_claimant(data_key=vault.make_data_key())
    [evidence] = send({"owner": claimant, "data_key": claimant.data_key}, a=b"hello")
    assert evidence.data_key == ""
    assert open_original(evidence) == b"hello"


def test_a_file_that_was_on_its_way_while_the_registration_was_sent_goes_along(action, list_files):
    registration = start_registration(action, by=make_user(), language="en")
    fill(registration)
    claim = send_and_enter(registration)
    key = vault.make_data_key()
    [row] = receive_evidence([SimpleUploadedFile("a", b"hello")], data_key=key, registration_code=registration.code)
    assert (row.owner, row.registration_code) == (claim.claimant, None)
    assert open_original(row) == b"hello"


@pytest.mark.parametrize("content", [b"hello", b""])
@pytest.mark.parametrize("whose", ["registration", "claimant"])
def test_what_comes_after_all_was_erased_is_not_taken(registration, list_files, whose, content):
    if whose == "registration":
        Registration.objects.all().delete()
    else:
        claimant = make_claimant(data_key=registration["data_key"])
        registration = {"owner": claimant, "data_key": claimant.data_key}
        erase_claimant(Claimant.objects.get(), by=None)
    with pytest.raises(Refused, match="Erased"):
        receive_evidence([SimpleUploadedFile("a", content)], **registration)
    assert not Evidence.objects.exists() and not list_files()


def test_a_file_that_is_erased_while_it_is_written_does_not_stay(send, monkeypatch, list_files):
    def erase_then_write(path, content):
        Evidence.objects.all().delete()
        sealed.write_sealed(path, content)

    monkeypatch.setattr(receiving, "write_sealed", erase_then_write)
    send(a=b"hello")
    assert not list_files()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whose", ["registration", "claimant"])
def test_uploads_at_once_do_not_pass_the_limit_together(action, settings, whose, monkeypatch):
    settings.EVIDENCE_FILES = 3
    registration = start_registration(action, by=make_user(), language="en")
    holder = {"registration_code": registration.code, "data_key": registration.data_key}
    if whose == "claimant":
        claimant = make_claimant(data_key=vault.make_data_key())
        holder = {"owner": claimant, "data_key": claimant.data_key}
    looked, measure = threading.Barrier(6), receiving.measure_room
    monkeypatch.setattr(
        receiving, "_find_again", lambda *_: looked.wait(PATIENCE_SECONDS) and None
    )  # all have seen that there is room

    def send_one(number):
        try:
            return receive_evidence([SimpleUploadedFile("a", b"file %d" % number)], **holder)[0].state
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        states = sorted(threads.map(send_one, range(6)))
    assert states == ["received"] * 3 + ["refused"] * 3
    fields = {name: value for name, value in holder.items() if name != "data_key"}
    assert measure(Holder(**fields)).files == 0


@pytest.mark.parametrize("holder", [{}, {"both": True}])
def test_evidence_belongs_to_a_claimant_or_a_registration(db, holder):
    both = {"owner": make_claimant(), "registration_code": uuid.uuid4()} if holder else {}
    with pytest.raises(ValueError, match="belongs"):
        receive_evidence([], data_key=vault.make_data_key(), **both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(name="x", size_bytes=1, **both)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "ready"},
        {"state": "ready", "copy_kind": "jpeg", "scan": "infected"},
        {"state": "quarantined"},
        {"state": "refused"},
        {"state": "received", "reason": "empty"},
        {"state": "shown"},
    ],
)
def test_the_database_holds_what_a_state_means(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(name="x", size_bytes=1, registration_code=uuid.uuid4(), **fields)
