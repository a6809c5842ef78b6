"""Look into finished files: structure, snapshot, rows. What is wrong stops the filing."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from documents.checks import inspect_pdf, open_pdf, squeeze
from documents.checks import read_rows as read_table
from documents.filings.snapshots import Snapshot
from documents.rules.manifests import Found
from documents.rules.registers import Volume, list_cells

STAMP = "snapshot "  # the keyword under which a file names its snapshot


def check_document(pdf: bytes | pikepdf.Pdf, snapshot: Snapshot, *, variant: str = "pdf/a-3a") -> int:
    """Return the pages of a document. Raises Refused with what its structure lacks."""
    inspection = inspect_pdf(pdf, variant=variant)
    if inspection.complaints:
        raise Refused(
            _("the file is not as it must be: {complaints}").format(complaints="; ".join(inspection.complaints))
        )
    if read_stamp(pdf) != snapshot.sha256:
        raise Refused(_("the file does not name its snapshot; the filing is not built"))
    return inspection.pages


def check_volume(pdf: bytes, volume: Volume, rows: Sequence[Mapping[str, Any]], snapshot: Snapshot) -> int:
    """Return the pages of a volume.

    Raises Refused where what is printed, or the data inside, are not the rows of the snapshot in their order.
    """
    with open_pdf(pdf) as opened:
        pages = check_document(opened, snapshot, variant="register")
        attached = [(int(row["number"]), row["reference"]) for row in read_rows(opened)]
        printed = [squeeze(" ".join(cells)) for cells in read_table(opened)[1:-1]]  # its head and its sum stand around
    if attached != [(row["number"], row["reference"]) for row in rows]:
        raise Refused(_("the rows of the volume are not those of the snapshot; the filing is not built"))
    for number, (meant, found) in enumerate(zip_longest(list_cells(volume), printed), 1):
        if meant is None or squeeze(" ".join(meant)) != found:
            raise Refused(
                _("row {row} of the volume is not printed as the snapshot has it; the filing is not built").format(
                    row=number
                )
            )
    return pages


def read_stamp(pdf: bytes | pikepdf.Pdf) -> str:
    """Return the hash of the snapshot that a file names, or ""."""
    with open_pdf(pdf) as opened:
        words = [word.strip() for word in str(opened.docinfo.get("/Keywords", "")).split(",")]
    return next((word.removeprefix(STAMP) for word in words if word.startswith(STAMP)), "")


def read_attachments(pdf: bytes | pikepdf.Pdf) -> dict[str, bytes]:
    """Return the files inside a PDF by their names."""
    with open_pdf(pdf) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


def read_rows(pdf: bytes | pikepdf.Pdf) -> list[dict[str, str]]:
    """Return the rows of the table of data inside a volume; none where there is no such table."""
    tables = [data for name, data in read_attachments(pdf).items() if name.endswith(".csv")]
    return [row for data in tables for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]


def inspect_file(file: Path) -> Found:
    """Return what a file is: hash, size, and what can be counted in it. Raises PdfError for what is no PDF."""
    pdf = file.read_bytes()
    digest = hashlib.sha256(pdf).hexdigest()
    with open_pdf(pdf) as opened:
        return Found(file.name, digest, len(pdf), len(opened.pages), len(read_rows(opened)), read_stamp(opened))
