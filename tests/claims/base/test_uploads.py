"""What comes in is bounded while it comes in, and nothing unsealed gets a name on a disk."""

import tempfile

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from claims.base import uploads


@pytest.fixture
def small(settings):
    settings.EVIDENCE_FILE_BYTES, settings.EVIDENCE_TOTAL_BYTES, settings.UPLOAD_REQUEST_BYTES = (
        300_000,
        500_000,
        900_000,
    )


def post(*sizes):
    files = [SimpleUploadedFile(f"{number}.jpg", b"x" * size) for number, size in enumerate(sizes)]
    return RequestFactory().post("/", {"files": files, "note": "kept"})


def receive(*sizes):
    request = post(*sizes)
    return [(file.size, file.is_cut, len(file.read())) for file in request.FILES.getlist("files")]


def test_files_arrive(small):
    assert receive(10, 200_000) == [(10, False, 10), (200_000, False, 200_000)]


def test_of_a_file_that_is_too_big_nothing_is_kept_and_the_others_arrive(small):
    assert receive(10, 400_000, 20) == [(10, False, 10), (400_000, True, 0), (20, False, 20)]


def test_files_that_are_too_big_together_are_cut_and_smaller_ones_arrive(small):
    assert receive(290_000, 290_000, 20) == [(290_000, False, 290_000), (290_000, True, 0), (20, False, 20)]


def test_an_empty_file_arrives_as_one(small):
    assert receive(0, 20) == [(0, False, 0), (20, False, 20)]


def test_the_other_fields_of_the_form_arrive(small):
    assert post(400_000).POST["note"] == "kept"


def test_a_request_that_is_far_too_big_is_refused_unread(small):
    request = post(400_000, 400_000, 400_000)
    with pytest.raises(RequestDataTooBig):
        assert request.FILES
    assert len(request.META["wsgi.input"].read()) > 1_200_000


def test_a_request_that_is_far_too_big_is_answered(small, client, db):
    answer = client.post("/accounts/login/", {"file": SimpleUploadedFile("a.jpg", b"x" * 1_000_000)})
    assert answer.status_code == 400


def test_no_file_on_its_way_has_a_name_on_the_disk(small, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(uploads, "IN_MEMORY", 10)
    [file] = post(200_000).FILES.getlist("files")
    assert file.file._rolled
    assert not list(tmp_path.iterdir())
    assert len(file.read()) == 200_000


def test_files_are_closed_with_the_request(small):
    request = post(20)
    [file] = request.FILES.getlist("files")
    request.close()
    assert file.file.closed


def test_an_upload_that_breaks_off_leaves_nothing_open(small, monkeypatch):
    handlers = []
    begin = uploads.LimitedUploadHandler.new_file
    monkeypatch.setattr(
        uploads.LimitedUploadHandler, "new_file", lambda self, *a, **k: (handlers.append(self), begin(self, *a, **k))[1]
    )
    whole = post(200_000)
    body = whole.read()[:100_000]
    request = RequestFactory().generic("POST", "/", body, content_type=whole.META["CONTENT_TYPE"])
    assert not [file for file in request.FILES.getlist("files") if file.size == 200_000]
    assert [handler.content for handler in handlers] == [None]
