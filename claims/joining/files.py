"""A file of proofs comes in: read line by line, sealed in parts, and handed to a job."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history, jobs, vault
from claims.base.errors import Refused, StaleStatus
from claims.imports.files import read_lines
from claims.models import Action, Job, JoiningFile, JoiningPart, User
from claims.proof_words import seal_source
from claims.rules.joiningrows import COLUMNS, find_header_faults

KIND, CHECK = "joining", "joining-check"
KEPT = timedelta(days=1)  # how long a file waits for somebody to record it
ROWS = 100  # a part: its claims stand locked while it is written, so that nobody waits long
LONGEST_CELL = 200
ENDED = tuple(state for state in Job.State if state not in Job.ACTIVE)
Line = tuple[int, list[str] | None]


def receive_file(
    action: Action, stream: BinaryIO, *, name: str, source: str, by: User | None, is_looked_at: bool = False
) -> Job:
    """Take in a CSV of proofs and return the job that records them. Raises Refused, with nothing done.

    `source` says which document the file is, for example the list of the register with its date. Only one file of an
    action is worked through at a time. With `is_looked_at` the job only says what would come of each line, and
    `record_file` or `drop_file` comes after it.
    """
    if not source.strip():
        raise Refused(_("Say which document this file is: it is the source of every proof in it."))
    digest = hashlib.sha256()
    lines = read_lines(stream, name, digest)
    delimiter, header = _read_header(lines, name)
    with transaction.atomic():
        file = JoiningFile(action=action, data_key=vault.make_data_key(), header=header, by=by)
        file.source = seal_source(file, source.strip()[:400])
        file.save(force_insert=True)
        sizes = [_keep_part(file, number, rows) for number, rows in enumerate(_cut(_read_rows(lines, delimiter)))]
        if not sizes:
            raise Refused(f"{name} has no line below its header; nothing was done")
        file.rows, file.sha256 = sum(sizes), digest.hexdigest()
        job = _start(file, CHECK if is_looked_at else KIND, enumerate(sizes), by=by)
        file.save(update_fields=["rows", "sha256"])
    return job


def _start(file: JoiningFile, kind: str, parts: Iterable[tuple[int, int]], *, by: User | None) -> Job:
    """Start a job for the parts of a file, (number, lines) each; it is the one of the file from then on."""
    chunks = [({"part": number}, rows) for number, rows in parts]
    params = {"file": file.pk}
    file.job = jobs.start_job(kind, by=by, action=file.action, params=params, chunks=chunks, has_closing=kind == CHECK)
    file.save(update_fields=["job"])
    return file.job


@transaction.atomic
def record_file(file: JoiningFile, *, by: User | None) -> Job:
    """Record the proofs of a file that was looked at. Each line is judged anew: the book may have changed since.

    Raises StaleStatus where somebody has recorded or dropped it already, or where the look did not come to its end.
    """
    held = _hold_waiting(file, job__state=Job.State.DONE)
    held.by = by
    held.save(update_fields=["by"])  # whoever records it, not who sent it: nobody records the own claim
    assert held.job is not None
    parts = held.job.chunks.filter(is_closing=False).values_list("params__part", "units")
    return _start(held, KIND, parts, by=by)


@transaction.atomic
def drop_file(file: JoiningFile, *, by: User | None) -> None:
    """Let go of a file that nothing works on. Raises StaleStatus where somebody has recorded or dropped it already."""
    held = _hold_waiting(file, job__state__in=ENDED)
    history.record("joining file dropped", held, by=by, action=held.action)
    held.delete()


def _hold_waiting(file: JoiningFile, **state: Any) -> JoiningFile:
    waiting = JoiningFile.objects.select_for_update(of=("self",)).select_related("action", "job")
    held = waiting.filter(pk=file.pk, job__kind=CHECK, **state).first()
    if held is None:
        raise StaleStatus(_("Someone else has already recorded this file or thrown it away."))
    return held


def forget_files() -> None:
    """Let go of files that nobody has recorded for a day after they were sent; what is being recorded is passed by."""
    left = JoiningFile.objects.filter(job__kind=CHECK, job__state__in=ENDED, made_at__lt=timezone.now() - KEPT)
    free = left.order_by("pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(of=("self",), skip_locked=True)
        held = [file.pk for file in free.only("pk")]
        left.filter(pk__in=held).delete()  # looked at again: it may have been recorded before it was held


def _read_header(lines: Iterator[str], name: str) -> tuple[str, list[str]]:
    line = next(lines, "")
    headers = {sign: [cell.strip().lower() for cell in next(csv.reader([line], delimiter=sign), [])] for sign in ",;"}
    delimiter = max(headers, key=lambda sign: len(set(headers[sign]) & set(COLUMNS)))
    if faults := find_header_faults(headers[delimiter]):
        raise Refused(f"{name}, line 1: {'; '.join(faults[:5])}")
    return delimiter, headers[delimiter]


def _read_rows(lines: Iterator[str], delimiter: str) -> Iterator[Line]:
    """Yield (line, cells), and None for cells where a line is no row; empty lines are passed over."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        began = reader.line_num + 2  # the header is line 1 and was read before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield began, None
            continue
        if any(cells):
            yield began, [cell[:LONGEST_CELL] for cell in cells]


def _cut(rows: Iterator[Line]) -> Iterator[list[Line]]:
    while part := list(islice(rows, ROWS)):
        yield part


def _keep_part(file: JoiningFile, number: int, rows: list[Line]) -> int:
    sealed = vault.seal_text(file.data_key, json.dumps(rows), place=_name_place(file, number))
    JoiningPart.objects.create(file=file, number=number, sealed=sealed)
    return len(rows)


def open_part(file: JoiningFile, number: int) -> list[Line]:
    """Return the lines of a part."""
    part = JoiningPart.objects.get(file=file, number=number)
    return json.loads(vault.open_text(file.data_key, part.sealed, place=_name_place(file, number)))


def forget_part(file: JoiningFile, number: int) -> None:
    """Remove a part whose lines are worked through; what came of them is with the claims."""
    JoiningPart.objects.filter(file=file, number=number).delete()


def _name_place(file: JoiningFile, number: int) -> str:
    return f"joining file {file.code} {number}"
