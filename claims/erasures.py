"""Who was erased, noted outside of the database, so that a restored backup does not bring anybody back.

A line names the random reference of a claim, or the code of a registration, and nothing of the person. It is signed:
nobody without the key can have somebody erased by writing one.
"""

import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from claims.base.vault import sign
from claims.models import Claim, HistoryEvent, HistoryHead

CLAIMANT, REGISTRATION = "claimant erased", "registration erased"
FIELDS = ("what", "code", "at", "key")
LOOKED_AT = 20_000  # events: of those before them, each was noted at its own time or in the minutes after it


@dataclass(frozen=True)
class Erasure:
    """One thing that was erased: a claim with all of its claimant, or a registration that was not sent."""

    what: str
    code: str
    at: str


def note_erasures() -> int:
    """Append what was erased lately and is not in the file yet; return how many lines. Safe to run at any time."""
    head = HistoryHead.objects.filter(pk=1).first()
    if head is None:
        return 0
    lately = HistoryEvent.objects.filter(number__gt=head.number - LOOKED_AT, verb__in=[CLAIMANT, REGISTRATION])
    found = [erasure for event in lately.order_by("number") for erasure in _list_erasures(event)]
    if not found:
        return 0
    known = {erasure.code for erasure in read_erasures(Path(settings.ERASURES_LOG)) if erasure}
    missing = [erasure for erasure in found if erasure.code not in known]
    _append(_write(erasure) for erasure in missing)
    return len(missing)


def _list_erasures(event: HistoryEvent) -> Iterator[Erasure]:
    at = event.at.isoformat()
    if event.verb == REGISTRATION and "code" in event.data:
        yield Erasure("registration", event.data["code"], at)
    if event.verb == CLAIMANT:
        references = Claim.objects.filter(pk__in=event.data.get("claims", ())).values_list("reference", flat=True)
        yield from (Erasure("claim", reference, at) for reference in references)


def read_erasures(path: Path) -> Iterator[Erasure | None]:
    """Return what a file says was erased, line by line; None for a line that nobody with the key has written."""
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                yield _read(line)


def _read(line: str) -> Erasure | None:
    try:
        content = json.loads(line)
        is_ours = hmac.compare_digest(_sign(content), content["mac"])
        return Erasure(content["what"], content["code"], content["at"]) if is_ours else None
    except (ValueError, KeyError, TypeError):
        return None


def _write(erasure: Erasure) -> str:
    key = "history" if "history" in settings.FIELD_KEYS else "index"
    content = {"what": erasure.what, "code": erasure.code, "at": erasure.at, "key": key}
    return json.dumps({**content, "mac": _sign(content)})


def _sign(content: dict[str, Any]) -> str:
    text = json.dumps([content[name] for name in FIELDS], separators=(",", ":"))
    return sign(text, purpose="erasure", key=content["key"])


def _append(lines: Iterator[str]) -> None:
    path = Path(settings.ERASURES_LOG)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, "".join(f"{line}\n" for line in lines).encode())
        os.fsync(file)
    finally:
        os.close(file)
