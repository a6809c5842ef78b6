"""A PDF opened once for several looks at it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf


@contextmanager
def open_pdf(pdf: bytes | pikepdf.Pdf) -> Iterator[pikepdf.Pdf]:
    """Yield the opened file; one that is open already stays open afterwards. Raises PdfError for what is no PDF."""
    if isinstance(pdf, pikepdf.Pdf):
        yield pdf
        return
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened
