"""A registration that sends files, and a folder of its own for them."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.base import vault
from claims.evidence import check_due_evidence, receive_evidence


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def registration():
    """Whose the files are, as `receive_evidence` takes it."""
    return {"registration_code": uuid.uuid4(), "data_key": vault.make_data_key()}


@pytest.fixture
def send(db, registration):
    """Return a function that sends files by name, and returns their rows."""

    def send_files(holder=None, **files):
        uploads = [SimpleUploadedFile(name, data) for name, data in files.items()]
        return receive_evidence(uploads, **(holder or registration))

    return send_files


@pytest.fixture
def check(send):
    """Return a function that sends one file and returns its row when the checking is over."""

    def send_and_check(data, name="file", holder=None):
        [evidence] = send(holder, **{name: data})
        check_due_evidence()
        evidence.refresh_from_db()
        return evidence

    return send_and_check


@pytest.fixture
def list_files(media):
    """Return a function that lists every file that lies in the media folder."""
    return lambda: sorted(path for path in Path(media).rglob("*") if path.is_file())


@pytest.fixture
def time_machine_later():
    """Return a context in which it is later."""

    def later(**spans):
        return time_machine.travel(datetime.now(tz=UTC) + timedelta(**spans))

    return later
