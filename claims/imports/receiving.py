"""A file of claims comes in through the browser: looked at, sealed part by part, and handed to a job."""

import hashlib
import json
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from claims.base import jobs, vault
from claims.base.errors import Refused
from claims.imports.files import Part, cut_lines, read_header, read_lines
from claims.imports.taking import list_file_columns, make_row_reader
from claims.models import Action, ImportFile, ImportPart, Job, User
from claims.wording import day

KIND = "import"
ROWS, SIGNS = 2000, 1 << 20  # of a part: the matter stands locked while it is written, so that nobody waits long


def receive_claims(action: Action, stream: BinaryIO, *, name: str, by: User) -> Job:
    """Take in a CSV of claims and return the job that imports it. Raises Refused, with nothing done.

    `name` is what the sentences call the file. Only one file of an action is imported at a time.
    """
    digest = hashlib.sha256()
    lines = read_lines(stream, name, digest)
    delimiter, header = read_header(lines, name, list_file_columns(action))
    make_row_reader(action, header, name)
    with transaction.atomic():
        file = ImportFile(action=action, delimiter=delimiter, header=header, data_key=vault.make_data_key(), by=by)
        file.save(force_insert=True)
        parts = cut_lines(lines, delimiter, most_rows=ROWS, most_signs=SIGNS)
        sizes = [_keep_part(file, number, part) for number, part in enumerate(parts)]
        if not sizes:
            raise Refused(_("The file has no line below its header."))
        file.rows, file.sha256 = sum(sizes), digest.hexdigest()
        check_is_new(file)
        chunks = [({"part": number}, rows) for number, rows in enumerate(sizes)]
        job = file.job = jobs.start_job(KIND, by=by, action=action, params={"file": file.pk}, chunks=chunks)
        file.save(update_fields=["rows", "sha256", "job"])
    return job


def check_is_new(file: ImportFile) -> None:
    """Raise Refused where the same file is in, every row of it: a second time could bring in nothing."""
    same = ImportFile.objects.filter(action=file.action_id, sha256=file.sha256, job__state=Job.State.DONE)
    for former in same.select_related("job"):
        if former.job and not former.job.result.get("refused"):
            words = {"day": day(former.made_at)}
            raise Refused(_("This very file was imported on %(day)s, and no row of it was refused.") % words)


def _keep_part(file: ImportFile, number: int, part: Part) -> int:
    sealed = vault.seal_text(file.data_key, json.dumps(part.lines), place=_name_place(file, number))
    ImportPart.objects.create(file=file, number=number, before=part.before, sealed=sealed)
    return part.rows


def open_part(file: ImportFile, number: int) -> tuple[int, list[str]]:
    """Return how many lines stand above a part, and its lines."""
    part = ImportPart.objects.get(file=file, number=number)
    return part.before, json.loads(vault.open_text(file.data_key, part.sealed, place=_name_place(file, number)))


def forget_part(file: ImportFile, number: int) -> None:
    """Remove a part whose lines are worked through."""
    ImportPart.objects.filter(file=file, number=number).delete()


def forget_lines(job: Job) -> None:
    """Let go of the lines of a file, and of the key that opens them in a backup."""
    ImportPart.objects.filter(file__job=job).delete()
    ImportFile.objects.filter(job=job).update(data_key="")


def _name_place(file: ImportFile, number: int) -> str:
    return f"import file {file.code} {number}"
