"""A registration that sends files, and a folder of its own for them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.base import vault
from claims.evidence import check_due_evidence, receive_evidence
from claims.models import Action, Registration
from tests.factories import make_action, make_user


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def registration(db):
    """Whose the files are, as `receive_evidence` takes it."""
    return make_holder()


def make_holder():
    """A registration that was begun, in an action without questions."""
    action = Action.objects.filter(slug="other").first() or make_action()
    draft = Registration.objects.create(action=action, user=make_user(), language="en", data_key=vault.make_data_key())
    return {"registration_code": draft.code, "data_key": draft.data_key}


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
