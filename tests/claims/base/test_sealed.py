"""A sealed file is whole under its name or not there."""

import os
import uuid

import pytest

from claims.base.sealed import find_path, remove_files, write_sealed

CODE = uuid.UUID("ab000000-0000-4000-8000-000000000000")


def test_a_file_lies_under_its_code_for_this_account_only(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    path = find_path("evidence", CODE, "original")
    write_sealed(path, b"sealed")
    assert path == tmp_path / "evidence" / "ab" / f"{CODE}.original"
    assert path.read_bytes() == b"sealed"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("step", ["fsync", "fdopen"])
def test_a_disk_that_fails_leaves_nothing_behind(tmp_path, monkeypatch, step):
    path = tmp_path / "x.original"

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="space"):
        write_sealed(path, b"sealed")
    assert not list(tmp_path.iterdir())


def test_removing_twice_is_no_error(tmp_path):
    path = tmp_path / "x.original"
    write_sealed(path, b"sealed")
    remove_files(path, tmp_path / "other")
    remove_files(path, tmp_path / "gone" / "other")
    assert not path.exists()
