"""Signed notes outside the database of how far the history had come: what the chain cannot show by itself.

Who owns the database can cut the tail of the chain, or write it anew from the start, and it still holds. A checkpoint
keeps number and hash of the last event under a key that the database does not have. Who also owns this file can cut
its tail: so each line goes to the log of the process too, and a copy that was kept elsewhere can be compared.
"""

import hmac
import json
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from claims.base.vault import sign
from claims.models import HistoryEvent, HistoryHead

FIELDS = ("number", "hash", "at", "key")


def make_checkpoint() -> str | None:
    """Append a line for the last event to the file, to the disk, and return it; None where nothing has happened."""
    head = HistoryHead.objects.filter(pk=1).first()
    if head is None or head.number == _read_last_number():
        return None
    key = "history" if "history" in settings.FIELD_KEYS else "index"
    content = {"number": head.number, "hash": head.hash, "at": timezone.now().isoformat(), "key": key}
    line = json.dumps({**content, "mac": _sign(content)})
    path = Path(settings.HISTORY_CHECKPOINTS)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
    return line


def note_checkpoint() -> None:
    """Make a checkpoint and write it to standard output too, where the log of the service keeps a second copy."""
    line = make_checkpoint()
    if line:
        print(f"history checkpoint {line}", file=sys.__stdout__, flush=True)


def compare_checkpoints(path: Path | None = None) -> tuple[int, list[str]]:
    """Return how many checkpoints there are, and a sentence for each that the history does not bear out."""
    lines = _read_lines(path or Path(settings.HISTORY_CHECKPOINTS))
    count, faults = 0, []
    while batch := list(islice(lines, 1000)):
        found = [(number, _read_checkpoint(line)) for number, line in enumerate(batch, count + 1)]
        wanted = [checkpoint["number"] for _, checkpoint in found if checkpoint]
        hashes = dict(HistoryEvent.objects.filter(number__in=wanted).values_list("number", "hash"))
        for number, checkpoint in found:
            if checkpoint is None:
                faults.append(f"checkpoint {number} is damaged, forged, or signed with a key that is not in FIELD_KEYS")
            elif checkpoint["number"] not in hashes:
                faults.append(f"event {checkpoint['number']} is missing: it was there at {checkpoint['at']}")
            elif hashes[checkpoint["number"]] != checkpoint["hash"]:
                faults.append(f"event {checkpoint['number']} is not the one that was there at {checkpoint['at']}")
        count += len(batch)
    return count, faults


def _sign(content: dict) -> str:
    text = json.dumps([content[name] for name in FIELDS], separators=(",", ":"))
    return sign(text, purpose="history checkpoint", key=content["key"])


def _read_checkpoint(line: str) -> dict | None:
    """Return what a line says; None where nobody with the key has written it."""
    try:
        content = json.loads(line.strip().removeprefix("history checkpoint "))
        is_ours = hmac.compare_digest(_sign(content), content["mac"])
    except (ValueError, KeyError, TypeError):
        return None
    return content if is_ours else None


def _read_lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as file:
            yield from file


def _read_last_number() -> int | None:
    path = Path(settings.HISTORY_CHECKPOINTS)
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").splitlines()
    checkpoint = _read_checkpoint(lines[-1]) if lines else None
    return checkpoint["number"] if checkpoint else None
