"""Files come in: each is looked at, sealed and put in line for the checking, or refused with a sentence of its own."""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import vault
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.sealed import remove_files, write_sealed
from claims.evidence.checking import LEASE, nudge_checking
from claims.evidence.keeping import (
    ORIGINAL,
    Holder,
    erase_evidence,
    find_part,
    finish_erasing,
    list_evidence,
    name_place,
    renew_time,
)
from claims.models import Claimant, EventEntry, Evidence, Registration, User
from claims.rules.uploads import HEAD, recognise

logger = logging.getLogger(__name__)


@dataclass
class Room:
    """How much more may come."""

    files: int
    size_bytes: int


def receive_evidence(
    files: Iterable[UploadedFile],
    *,
    data_key: str,
    owner: Claimant | None = None,
    registration_code: uuid.UUID | None = None,
    by: User | None = None,
) -> list[Evidence]:
    """Return a row for each file: received and in line for the checking, or refused with the reason.

    `data_key` seals them. Exactly one of `owner` and `registration_code` says whose they are. A file that is refused
    does not keep the others out, and one that was sent before is that one again. What was refused earlier is forgotten.
    Call it outside of a transaction: each file has its own, and stays when the next one fails. Raises Refused where all
    was erased in the meantime.
    """
    holder = Holder(owner, registration_code)
    list_evidence(holder).filter(state=Evidence.State.REFUSED).delete()
    rows = [_receive_file(file, holder, data_key, by) for file in files]
    return list({row.pk: row for row in rows}.values())


def _receive_file(file: UploadedFile, holder: Holder, data_key: str, by: User | None) -> Evidence:
    what = find_refusal(file, measure_room(holder)) or recognise(_read_head(file))
    if what not in Evidence.Kind.values:
        with transaction.atomic():
            return _refuse_file(file, _hold(holder), data_key, reason=what)
    content = file.read()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return _find_again(holder, sha256) or _keep_file(file, content, sha256, what, holder, data_key, by)
    except IntegrityError:  # the same file came twice at once
        again = _find_again(holder, sha256)
        if again is None:
            raise
        return again


def _hold(holder: Holder) -> Holder:
    """Keep other uploads of this person waiting, and return whose the files are by now.

    A registration that was sent while its file was on the way has a claimant, who gets the file. Raises Refused where
    whoever sends it was erased meanwhile: nothing of them may come back.
    """
    if holder.owner:
        owners = Claimant.objects.select_for_update(of=("self",), no_key=True)
        return Holder(_refuse_erased(owners.get(pk=holder.owner.pk)))
    assert holder.registration_code is not None  # a holder has one or the other
    rows = Registration.objects.select_for_update(of=("self",)).select_related("claim__claimant")
    registration = rows.filter(code=holder.registration_code).first()
    if registration is None and not EventEntry.objects.filter(code=holder.registration_code).exists():
        raise Refused(_("Erased. We hold nothing of this registration any more."))
    return Holder(_refuse_erased(registration.claim.claimant)) if registration and registration.claim else holder


def _refuse_erased(claimant: Claimant) -> Claimant:
    if claimant.erased_at:
        raise Refused(_("Erased. We hold nothing about you any more under this reference."))
    return claimant


def measure_room(holder: Holder) -> Room:
    """Return how many files and bytes may still come."""
    kept = list_evidence(holder).exclude(state=Evidence.State.REFUSED)
    sums = kept.order_by().aggregate(files=Count("pk"), size=Sum("size_bytes"))
    return Room(settings.EVIDENCE_FILES - sums["files"], settings.EVIDENCE_TOTAL_BYTES - (sums["size"] or 0))


def find_refusal(file: UploadedFile, room: Room) -> str:
    """Return why a file is not taken, whatever is in it; "" where nothing speaks against it."""
    size = file.size or 0
    if not size:
        return Evidence.Reason.EMPTY
    if size > settings.EVIDENCE_FILE_BYTES:
        return Evidence.Reason.TOO_BIG
    if room.files < 1:
        return Evidence.Reason.TOO_MANY
    if size > room.size_bytes or getattr(file, "is_cut", False):
        return Evidence.Reason.TOO_MUCH
    return ""


def _read_head(file: UploadedFile) -> bytes:
    head = file.read(HEAD)
    file.seek(0)
    return head


def _find_again(holder: Holder, sha256: str) -> Evidence | None:
    """Return the row of the same file sent before; one that never arrived whole makes way for this one."""
    again = list_evidence(holder).filter(sha256=sha256).first()
    if again and again.reason in {Evidence.Reason.LOST, Evidence.Reason.UNREADABLE}:
        erase_evidence([again])
        finish_erasing(again.pk)
        return None
    return again


def _refuse_file(file: UploadedFile, holder: Holder, data_key: str, *, reason: str) -> Evidence:
    evidence = _describe_file(file, holder, data_key)
    evidence.state, evidence.reason = Evidence.State.REFUSED, reason
    evidence.save(force_insert=True)
    return evidence


def _describe_file(file: UploadedFile, holder: Holder, data_key: str) -> Evidence:
    owners_key = holder.owner.data_key if holder.owner else ""
    evidence = Evidence(**holder.fields, size_bytes=file.size or 0, data_key="" if data_key == owners_key else data_key)
    evidence.name = vault.seal_text(data_key, file.name or "", place=name_place(evidence, "name"))
    return evidence


def _keep_file(
    file: UploadedFile, content: bytes, sha256: str, kind: str, holder: Holder, data_key: str, by: User | None
) -> Evidence:
    """Write the row, then the file, then put the row in line: killed between them, the checking finds no file."""
    with transaction.atomic():
        holder = _hold(holder)
        if refusal := find_refusal(file, measure_room(holder)):  # another upload has taken the room in between
            return _refuse_file(file, holder, data_key, reason=refusal)
        evidence = _describe_file(file, holder, data_key)
        evidence.kind, evidence.sha256, evidence.due_at = kind, sha256, timezone.now() + LEASE
        evidence.save(force_insert=True)
        if holder.owner:  # told of the claimant, so that their timeline knows it when the file is gone
            action = holder.owner.find_action()
            record("evidence received", holder.owner, by=by, action=action, evidence=[evidence.pk])
        else:
            record("evidence received", evidence, by=by)
            if holder.registration_code:
                renew_time(holder.registration_code)
    try:
        sealed = vault.seal(data_key, content, place=name_place(evidence, ORIGINAL))
        write_sealed(find_part(evidence, ORIGINAL), sealed)
    except OSError as error:
        logger.error("evidence %s could not be stored: %s", evidence.pk, type(error).__name__)
        return _note_loss(evidence)
    if not Evidence.objects.filter(pk=evidence.pk).exclude(state=Evidence.State.ERASING).exists():
        remove_files(find_part(evidence, ORIGINAL))  # erased while it was written
        return evidence
    Evidence.objects.filter(pk=evidence.pk, lease=None).update(due_at=timezone.now())
    transaction.on_commit(nudge_checking)
    return evidence


def _note_loss(evidence: Evidence) -> Evidence:
    evidence.state, evidence.reason, evidence.due_at = Evidence.State.QUARANTINED, Evidence.Reason.LOST, None
    evidence.save(update_fields=["state", "reason", "due_at"])
    return evidence
