"""Where evidence is kept and who holds it: open, name, move, erase."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.base import vault
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.sealed import find_path, remove_files
from claims.models import Claimant, Evidence, Registration, User
from claims.rules.uploads import show_name

FOLDER = "evidence"
ORIGINAL, COPY = "original", "copy"


@dataclass(frozen=True)
class Holder:
    """Who evidence belongs to: a claimant, or a registration that is not yet sent."""

    owner: Claimant | None = None
    registration_code: uuid.UUID | None = None

    def __post_init__(self) -> None:
        if (self.owner is None) == (self.registration_code is None):
            raise ValueError("evidence belongs to a claimant or to a registration, never to both or to nobody")

    @property
    def fields(self) -> dict[str, Any]:
        """The columns that say so."""
        return {"owner": self.owner, "registration_code": self.registration_code}


def list_evidence(holder: Holder) -> QuerySet[Evidence]:
    """Return the files of a claimant or of a registration, the oldest first; those refused last time included."""
    return Evidence.objects.filter(**holder.fields).exclude(state=Evidence.State.ERASING).select_related("owner")


def find_part(evidence: Evidence, part: str) -> Path:
    """Return where the sealed original or copy lies."""
    return find_path(FOLDER, evidence.code, part)


def name_place(evidence: Evidence, part: str) -> str:
    """Return the place that a part is sealed for, and opens for alone."""
    return f"evidence {evidence.code} {part}"


def find_data_key(evidence: Evidence) -> str:
    """Return the wrapped key that seals a file: of its own while it is with a registration, later the claimant's."""
    return evidence.data_key or (evidence.owner.data_key if evidence.owner else "")


def read_name(evidence: Evidence) -> str:
    """Return the name as given, for a page: nothing hides in it, and it is short. "" where its key was erased."""
    try:
        return show_name(vault.open_text(find_data_key(evidence), evidence.name, place=name_place(evidence, "name")))
    except vault.Unreadable:
        return ""


def open_original(evidence: Evidence) -> bytes:
    """Return the file as it was sent. For machines and courts: no page shows it.

    Raises Unreadable where its key was erased, FileNotFoundError where it never arrived whole.
    """
    return _open_part(evidence, ORIGINAL)


def open_copy(evidence: Evidence) -> bytes:
    """Return the copy that is safe to look at. Raises Refused while, or if, there is none, and Unreadable."""
    if not evidence.has_copy:
        raise Refused(str(evidence.get_reason_display() or evidence.get_state_display()))
    return _open_part(evidence, COPY)


def _open_part(evidence: Evidence, part: str) -> bytes:
    sealed = find_part(evidence, part).read_bytes()
    return vault.open_sealed(find_data_key(evidence), sealed, place=name_place(evidence, part))


@transaction.atomic
def move_evidence(registration_code: uuid.UUID, *, to: Claimant, by: User | None = None) -> int:
    """Give the files of a registration to its claimant, in the transaction of sending; return how many.

    No file is sealed anew. Those that the claimant sent before are erased here, and refusals are forgotten.
    """
    here = list_evidence(Holder(registration_code=registration_code))
    here.filter(state=Evidence.State.REFUSED).delete()
    theirs = set(list_evidence(Holder(owner=to)).exclude(sha256="").values_list("sha256", flat=True))
    moved = []
    for evidence in here:
        if evidence.sha256 in theirs:
            erase_evidence([evidence], by=by)
            continue
        own_key = "" if vault.is_same_key(evidence.data_key, to.data_key) else evidence.data_key
        Evidence.objects.filter(pk=evidence.pk).update(owner=to, registration_code=None, data_key=own_key)
        moved.append(evidence.pk)
    if moved:
        record("evidence moved to the claimant", to, by=by, evidence=moved)
    return len(moved)


@transaction.atomic
def erase_evidence(files: Iterable[Evidence], *, by: User | None = None) -> None:
    """Erase files for good: the rows are hidden at once, and gone when original and copy are off the disk.

    Files whose erasing was cut short are erased by the sweep.
    """
    pks = [evidence.pk for evidence in files]
    erased = Evidence.objects.filter(pk__in=pks).exclude(state=Evidence.State.ERASING)
    for evidence in erased.filter(state=Evidence.State.REFUSED):
        evidence.delete()  # nothing of it was kept
    for evidence in list(erased):
        due = {"lease": None, "due_at": timezone.now(), "attempts": 0}
        Evidence.objects.filter(pk=evidence.pk).update(state=Evidence.State.ERASING, sha256="", **due)
        action = evidence.owner.find_action() if evidence.owner else None
        record("evidence erased", evidence, by=by, action=action)
    for pk in pks:
        transaction.on_commit(partial(finish_erasing, pk))


@transaction.atomic
def take_back_evidence(registration_code: uuid.UUID, files: Iterable[Evidence], *, by: User) -> None:
    """Erase files of a registration that somebody takes back, as one of its steps."""
    renew_time(registration_code)
    erase_evidence(files, by=by)


def renew_time(registration_code: uuid.UUID) -> None:
    """Let the time of a registration that was not sent start anew: its owner works on it (claims.expiring)."""
    drafts = Registration.objects.filter(code=registration_code, state=Registration.State.OPEN)
    drafts.update(saved_at=timezone.now())


def finish_erasing(pk: int) -> None:
    """Take the files of a row that is being erased off the disk, then the row."""
    evidence = Evidence.objects.filter(pk=pk, state=Evidence.State.ERASING).first()
    if evidence:
        remove_files(find_part(evidence, ORIGINAL), find_part(evidence, COPY))
        evidence.delete()
