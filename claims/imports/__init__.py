"""Claims from a CSV file: streamed, checked row by row, written in one transaction."""

import hashlib
import time
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from claims.base.errors import Refused
from claims.base.history import record
from claims.imports import working  # noqa: F401  # makes its kind of job known
from claims.imports.complaints import Complaints, ImportResult, name_errors, open_errors, save_errors
from claims.imports.files import read_claim_rows, read_header, read_lines
from claims.imports.taking import hold_book, list_file_columns, make_row_reader, take_rows
from claims.models import Action, User


def import_claims(action: Action, file: Path, *, errors: Path | None = None, by: User | None = None) -> ImportResult:
    """Import the claims of a CSV file into an action and return what came of it.

    Rows that are wrong are refused one by one, with line, column and reason in `errors`; the rest goes in, in one
    transaction. A row whose external_ref is there already is known and changes nothing. Raises Refused where the file
    as a whole cannot be read; then nothing is done.
    """
    began = time.monotonic()
    result = ImportResult()
    with open_errors(errors, file) as error_file, _open_binary(file) as stream, transaction.atomic():
        hold_book(action)
        digest = _import_stream(action, stream, file.name, result, Complaints(result, error_file))
        record(
            "claims imported", action, by=by, action=action,
            rows=result.imported, refused=result.refused, known=result.known, sha256=digest,
        )  # fmt: skip
        if error_file:
            save_errors(error_file)
    if error_file and errors:
        name_errors(error_file, errors)
    result.seconds = round(time.monotonic() - began, 3)
    return result


def _open_binary(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None


def _import_stream(action: Action, stream: BinaryIO, name: str, result: ImportResult, complaints: Complaints) -> str:
    """Read, check and write all rows; return the SHA-256 of the file."""
    digest = hashlib.sha256()
    lines = read_lines(stream, name, digest)
    delimiter, header = read_header(lines, name, list_file_columns(action))
    reader = make_row_reader(action, header, name)
    take_rows(action, read_claim_rows(lines, delimiter, reader, result, complaints), result, complaints)
    return digest.hexdigest()
