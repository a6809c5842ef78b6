"""A snapshot on disk: facts and figures as one canonical JSON, rows as JSON lines that it pins by hash."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from claims.base.errors import Refused
from documents.rules.registers import VOLUME_ROWS

FACTS, ROWS = "snapshot.json", "rows.jsonl"


@dataclass(frozen=True)
class Snapshot:
    """What was frozen for one filing. `facts` holds the action, the criteria, figures and tables."""

    folder: Path
    facts: dict[str, Any]
    sha256: str

    def read_volume(self, volume: int) -> list[dict[str, Any]]:
        """Return the rows of a volume (from 1). Raises Refused where they are not those that were frozen."""
        part = self.facts["rows"]["volumes"][volume - 1]
        with (self.folder / ROWS).open("rb") as file:
            file.seek(part["offset"])
            data = file.read(part["bytes"])
        if hashlib.sha256(data).hexdigest() != part["sha256"]:
            raise Refused(f"the frozen rows of volume {volume} were changed on disk; make a new filing")
        return [json.loads(line) for line in data.splitlines()]


def encode(value: Any) -> bytes:
    """Return canonical JSON: sorted keys, UTF-8, one line."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def write_snapshot(folder: Path, facts: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Write facts and rows to a new folder, once and for good. Rows pass through one at a time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    pinned = {**facts, "rows": _write_rows(folder / ROWS, rows)}
    data = encode(pinned)
    write_durably(folder / FACTS, data)
    return Snapshot(folder, pinned, hashlib.sha256(data).hexdigest())


def read_snapshot(folder: Path, *, sha256: str) -> Snapshot:
    """Return the snapshot in a folder. Raises Refused where it is not the one with this hash."""
    try:
        data = (folder / FACTS).read_bytes()
    except FileNotFoundError:
        raise Refused("the snapshot of the filing is missing on this machine (MEDIA_ROOT); restore it") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused("the snapshot was changed on disk after it was frozen; make a new filing")
    return Snapshot(folder, json.loads(data), sha256)


def _write_rows(file: Path, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Write the rows and return how many, their hash, and where each volume lies."""
    whole, volumes = hashlib.sha256(), []
    count = 0
    with open_private(file) as out:
        for part in _split(rows, VOLUME_ROWS):
            data = b"".join(encode(row) + b"\n" for row in part)
            volumes.append(
                {
                    "offset": out.tell(),
                    "bytes": len(data),
                    "rows": len(part),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
            out.write(data)
            whole.update(data)
            count += len(part)
        out.flush()
        os.fsync(out.fileno())
    return {"count": count, "sha256": whole.hexdigest(), "volume_rows": VOLUME_ROWS, "volumes": volumes}


def _split(rows: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    part: list[Mapping[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def make_private_folder(folder: Path) -> None:
    """Make a folder, which may be there, that the user of the server alone may enter: it holds names and addresses."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def open_private(file: Path) -> BinaryIO:
    """Open a file to write it anew, readable for the user of the server alone."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)  # one that a killed worker left may have another mode
    return os.fdopen(handle, "wb")


def write_durably(file: Path, data: bytes) -> None:
    """Write a file that is either whole or not there, also when the machine loses its power."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with open_private(draft) as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
