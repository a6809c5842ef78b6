"""Make one file of a filing from its snapshot, check it, and put it in its place."""

import hashlib
from dataclasses import dataclass

from documents.filings.checking import check_document, check_volume
from documents.filings.registers import lay_out
from documents.filings.snapshots import Snapshot, write_durably
from documents.filings.texts import attach_figures, write_text
from documents.models import Filing, FilingFile
from documents.pdf import render_html, render_register


@dataclass(frozen=True)
class Made:
    """A file as it was written."""

    sha256: str
    bytes: int
    pages: int
    rows: int


def make_file(filing: Filing, file: FilingFile, snapshot: Snapshot) -> Made:
    """Write one file and return what it is. Doing it again writes the same bytes over it. Raises Refused."""
    make = make_volume if filing.kind == Filing.Kind.REGISTER else make_document
    pdf, pages, rows = make(filing, file.number, snapshot)
    write_durably(filing.folder / file.name, pdf)
    return Made(hashlib.sha256(pdf).hexdigest(), len(pdf), pages, rows)


def make_document(filing: Filing, _number: int, snapshot: Snapshot) -> tuple[bytes, int, int]:
    """Return a document that people wrote and read, with its pages; it has no rows."""
    html, figures = write_text(snapshot, language=filing.language, frozen_at=filing.frozen_at)
    attached = attach_figures(snapshot, figures, filing.frozen_at)
    identifier = f"{snapshot.sha256} {filing.kind} {filing.language}"
    pdf = render_html(html, variant="pdf/a-3a", identifier=identifier, attachments=[attached])
    return pdf, check_document(pdf, snapshot), 0


def make_volume(filing: Filing, number: int, snapshot: Snapshot) -> tuple[bytes, int, int]:
    """Return a volume of a register with its pages and rows."""
    rows = snapshot.read_volume(number)
    volume = lay_out(filing, number, rows, snapshot)
    pdf = render_register(volume.rows, volume.frame, csv=volume.csv)
    return pdf, check_volume(pdf, volume, rows, snapshot), len(rows)
