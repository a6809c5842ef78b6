"""Claims come in by a file in the browser: lawyers and staff send it, a job imports it, what is wrong comes back."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.base import jobs
from claims.base.history import verify_history
from claims.erasing import erase_claimant
from claims.imports import receiving
from claims.imports.formats import describe_columns
from claims.imports.working import list_faults
from claims.models import Claim, HistoryEvent, ImportFile, ImportPart, Job, JobChunk
from claims.rules.cells import A_COUNTRY, A_DAY, A_MOMENT
from claims.rules.claimrows import Cell, Shape, make_base_reader
from tests.claims.imports.conftest import ROW, columns, write
from tests.signing_in import set_proofs

pytestmark = pytest.mark.django_db
PAGE = "/workspace/small/imports/"


@pytest.fixture
def send(visit, action, tmp_path):
    """Return a function that sends rows as a file, as somebody."""

    def send(*rows, who="staff", content=None):
        content = write(tmp_path / "claims.csv", action, *rows).read_bytes() if content is None else content
        return visit(who, PAGE, "post", {"file": SimpleUploadedFile("claims.csv", content)})

    return send


def number(*numbers):
    return [ROW | {"external_ref": f"R{n}", "given_name": f"Ana{'abcdefghij'[n]}"} for n in numbers]


def test_staff_import_a_file_and_take_the_refused_rows_along(send, visit, action, people):
    answer = send(*number(1, 2), ROW | {"external_ref": "R3", "birth_date": "1.1.1990", "given_name": "=1+1"})
    assert answer.status_code == 302
    jobs.work()
    file = ImportFile.objects.get()
    assert file.job.result == {"read": 3, "imported": 2, "known": 0, "refused": 1}
    assert Claim.objects.filter(action=action, channel="import").count() == 2
    assert "1 line, with reason" in visit("staff", PAGE).content.decode()
    refused = reverse("claims:workspace-import-refused", args=[action.slug, file.code])
    lines = b"".join(visit("staff", refused).streaming_content).decode().splitlines()
    assert lines[0] == "line,column,reason" and lines[1].startswith("4,birth_date,is not a date")
    assert "=1+1" not in "".join(lines)


def test_no_line_is_kept_when_the_job_has_ended(send, people):
    send(*number(1))
    assert "Muster" not in ImportPart.objects.get().sealed
    jobs.work()
    assert not ImportPart.objects.exists() and not ImportFile.objects.get().data_key


def test_the_history_keeps_what_came_of_a_file_and_whose_it_was(send, people):
    send(*number(1))
    jobs.work()
    event = HistoryEvent.objects.get(verb="claims imported")
    assert event.by == people["staff"] and (event.data["rows"], event.data["refused"]) == (1, 0)
    verify_history()


def test_a_part_ends_where_a_row_ends_and_names_the_lines_of_the_file(send, action, monkeypatch):
    monkeypatch.setattr(receiving, "ROWS", 2)
    rows = [*number(1, 2, 3), ROW | {"external_ref": "R4", "street": "two\nlines"}, ROW | {"external_ref": ""}]
    send(*rows)
    jobs.work()
    job = Job.objects.get(kind="import")
    assert (job.chunks_total, job.result["imported"], job.result["refused"]) == (3, 3, 2)
    assert [line for line, _column, _reason in list_faults(job.import_file)] == [5, 7]


def test_parts_go_in_one_at_a_time_in_the_order_of_the_file(send, monkeypatch):
    """Otherwise it would hang on the workers which of two rows of one person goes in."""
    monkeypatch.setattr(receiving, "ROWS", 1)
    send(ROW | {"external_ref": "R1"}, ROW | {"external_ref": "R2"}, *number(3))
    first = jobs.take_chunk()
    assert first.number == 0 and jobs.take_chunk() is None
    JobChunk.objects.update(leased_until=timezone.now() - timedelta(seconds=1))  # its worker was killed
    again = jobs.take_chunk()
    assert again.number == 0 and jobs.take_chunk() is None
    jobs.do_chunk(again)
    jobs.work()
    job = Job.objects.get(kind="import")
    assert (job.state, job.chunks_done, job.units_done, job.units_total) == ("done", 3, 3, 3)
    assert [line for line, _column, _reason in list_faults(job.import_file)] == [3]
    assert set(Claim.objects.values_list("external_ref", flat=True)) == {"R1", "R3"}


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "empty"),
        (b"\n", "is empty"),
        (b"colour\nred\n", "unknown"),
        (b"\0" * 900, "unknown"),
        ("external_ref,given_name\nR1,Ana\n".encode("utf-16"), "not UTF-8"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "missing"),
        (b"a,b\rc,d\r", "bare CR"),
        (b"x" * 2_000_000, "missing"),
    ],
)
def test_a_file_that_is_none_is_named_beside_the_field(send, content, words):
    answer = send(content=content)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Job.objects.exists() and not ImportFile.objects.exists() and not ImportPart.objects.exists()


def test_a_header_without_a_row_and_a_file_too_big_are_named(send, action, settings):
    assert "no line below its header" in send().content.decode()
    settings.EVIDENCE_FILE_BYTES = 1 << 10
    assert "Cut it into several" in send(*number(1, 2, 3, 4, 5, 6, 7, 8, 9) * 3).content.decode()
    assert not ImportFile.objects.exists()


def test_a_line_of_two_megabytes_is_refused_and_the_others_go_in(send, action, tmp_path):
    content = write(tmp_path / "claims.csv", action, *number(1)).read_bytes()
    send(content=content + b"x" * 2_000_000 + b"\n")
    jobs.work()
    assert Job.objects.get(kind="import").result == {"read": 2, "imported": 1, "known": 0, "refused": 1}


def test_the_same_file_again_is_named_unless_a_row_of_it_was_refused(send, action):
    send(*number(1))
    jobs.work()
    assert "This very file was imported" in send(*number(1)).content.decode()
    bad = [*number(1), ROW | {"external_ref": ""}]
    for _again in range(2):
        assert send(*bad).status_code == 302
        jobs.work()
    assert Job.objects.filter(kind="import").latest("pk").result["known"] == 1 and Claim.objects.count() == 1


def test_a_file_with_a_refused_row_brings_nobody_back_who_was_erased(send):
    rows = [*number(1, 2), ROW | {"external_ref": ""}]
    send(*rows)
    jobs.work()
    erase_claimant(Claim.objects.get(external_ref="R1").claimant, by=None)
    assert send(*rows).status_code == 302
    jobs.work()
    job = Job.objects.filter(kind="import").latest("pk")
    assert job.result == {"read": 3, "imported": 0, "known": 1, "refused": 2}
    assert "was erased" in next(list_faults(job.import_file))[2]


def test_whoever_started_an_import_stops_it_and_what_came_in_stays(send, visit, action, monkeypatch):
    monkeypatch.setattr(receiving, "ROWS", 1)
    send(*number(1, 2, 3))
    jobs.do_chunk(jobs.take_chunk())
    job = Job.objects.get(kind="import")
    assert "Stop this job" in visit("staff", f"/workspace/small/jobs/{job.code}/").content.decode()
    assert "Stop this job" not in visit("auditor", f"/workspace/small/jobs/{job.code}/").content.decode()
    visit("staff", reverse("claims:workspace-cancel", args=[action.slug, job.code]), "post")
    job.refresh_from_db()
    assert (job.state, job.result["imported"], Claim.objects.count()) == ("cancelled", 1, 1)
    assert not ImportPart.objects.exists()


def test_staff_stop_no_job_of_another(visit, action, job):
    assert visit("staff", reverse("claims:workspace-cancel", args=[action.slug, job.code]), "post").status_code == 404


def test_refused_rows_leave_after_a_step_up_only(send, people, action):
    send(ROW | {"external_ref": ""})
    jobs.work()
    url = reverse("claims:workspace-import-refused", args=[action.slug, ImportFile.objects.get().code])
    client = Client()
    client.force_login(people["staff"], backend="allauth.account.auth_backends.AuthenticationBackend")
    set_proofs(client, people["staff"], ("password", "mfa"), age=600)
    assert client.get(url).status_code == 302
    set_proofs(client, people["staff"], ("password", "mfa"))
    assert client.get(url).status_code == 200
    assert HistoryEvent.objects.filter(verb="lines not taken downloaded", by=people["staff"]).count() == 1


def test_the_page_says_the_columns_of_this_action(visit, action):
    page = visit("staff", PAGE).content.decode()
    assert all(f"<code>{name}</code>" in page for name in columns(action)) and "At most 20 MB" in page
    found = {it.name: it for it in describe_columns(action)}
    assert list(found) == columns(action) and found["birth_date"].format == found["resident_since"].format
    assert "YYYY-MM-DD" in found["birth_date"].format and "such as AT;" in found["country"].format
    assert found["answer.uses_privately"].question == "Private use?"
    assert found["answer.uses_privately"].format == "One of: no, yes."


def test_what_a_column_is_said_to_hold_is_taken():
    for shape, example in ((Shape.DAY, A_DAY), (Shape.MOMENT, A_MOMENT), (Shape.COUNTRY, A_COUNTRY)):
        assert make_base_reader(Cell(shape), frozenset({"AT"}), date(2030, 1, 1))(example)
