"""Sealed files on disk, under MEDIA_ROOT: random names, written whole or not at all, for this account only."""

import os
import uuid
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def find_path(folder: str, code: uuid.UUID, part: str) -> Path:
    """Return where a part of a thing lies: folder, the first two letters of its code, code and part."""
    return Path(settings.MEDIA_ROOT) / folder / code.hex[:2] / f"{code}.{part}"


def write_sealed(path: Path, sealed: bytes) -> None:
    """Write a file that is whole under its name or not there at all, and on the disk when this returns.

    What is written has to be sealed already (`claims.base.vault`). Raises OSError, and leaves nothing behind then.
    """
    _make_folder(path.parent)
    unfinished = path.with_name(f".{uuid.uuid4()}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def remove_files(*paths: Path) -> None:
    """Remove files; one that is not there is no error."""
    for path in paths:
        path.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            _sync_folder(path.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder with those above it, and let the disk know each new name."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
