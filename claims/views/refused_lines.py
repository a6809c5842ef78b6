"""The lines of a file that were not taken leave as a CSV: line, column, reason, and nothing that stood in them."""

import csv
from collections.abc import Iterator

from django.http import StreamingHttpResponse

from claims.base.history import record
from claims.base.requests import SignedInRequest
from claims.models import ImportFile, JoiningFile
from claims.models.history import FAULTS_TAKEN

Fault = tuple[int, str, str]


def send_refused_lines(
    request: SignedInRequest, file: ImportFile | JoiningFile, faults: Iterator[Fault], *, name: str
) -> StreamingHttpResponse:
    """Return the CSV, written while it leaves; the history keeps who took it."""
    record(FAULTS_TAKEN, file, by=request.user, action=file.action)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(_write_lines(faults), content_type="text/csv; charset=utf-8", headers=headers)


class _Echo:
    """A file that hands back what is written, so that a CSV leaves line by line."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


def _write_lines(faults: Iterator[Fault]) -> Iterator[str]:
    """Yield the lines. Columns and reasons are our own words, so no cell can hold a formula."""
    writer = csv.writer(_Echo())
    yield writer.writerow(["line", "column", "reason"])
    for fault in faults:
        yield writer.writerow(fault)
