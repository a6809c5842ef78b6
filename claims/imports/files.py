"""Read a claims CSV: lines, header, rows; what is wrong is kept as a complaint with its line."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from claims.base.errors import Refused
from claims.imports.complaints import Complaints, ImportResult
from claims.rules.claimrows import BASE_COLUMNS, ClaimRow, RowReader

MAX_LINE_BYTES = 1_000_000
TOO_LONG = "\0line too long"  # stands in for a line that is not worth reading; NUL cannot occur otherwise


@dataclass(frozen=True)
class Part:
    """Some lines of a file: how many stand before them, how many rows they hold."""

    before: int
    rows: int
    lines: list[str]


def read_lines(stream: BinaryIO, name: str, digest: Any) -> Iterator[str]:
    """Yield the lines as text, a line that is far too long as a stand-in. Raises Refused where it is not UTF-8."""
    number = 0
    while raw := stream.readline(MAX_LINE_BYTES):
        number += 1
        digest.update(raw)
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")  # the byte order mark that spreadsheets write
        if len(raw) >= MAX_LINE_BYTES - 3 and not raw.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                digest.update(rest)
            digest.update(rest)
            yield TOO_LONG + "\n"
            continue
        try:
            yield raw.decode()
        except UnicodeDecodeError as error:
            raise Refused(
                f"{name}, line {number}, byte {error.start + 1}: not UTF-8; save the file as UTF-8 and import it again"
            ) from None


def read_header(lines: Iterator[str], name: str, expected: Sequence[str]) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns. Raises Refused where the file is empty."""
    line = next(lines, "")
    if not line.strip():
        raise Refused(f"{name} is empty; the first line must name the columns: {', '.join(expected)}")
    if "\r" in line.rstrip("\r\n"):
        raise Refused(f"{name}: its lines end in a bare CR, as on old Macs; save it as CSV with ordinary line ends")
    headers = {sign: [cell.strip() for cell in next(csv.reader([line], delimiter=sign), [])] for sign in ",;"}
    delimiter = max(headers, key=lambda sign: len(set(headers[sign]) & set(BASE_COLUMNS)))
    return delimiter, headers[delimiter]


def cut_lines(lines: Iterator[str], delimiter: str, *, most_rows: int, most_signs: int) -> Iterator[Part]:
    """Cut the lines below a header into parts that end where a row ends. Of the file one part is in memory."""
    kept: list[str] = []
    before = 1
    reader = csv.reader(_keep_copies(lines, kept), delimiter=delimiter, strict=True)
    rows, seen, signs, is_over = 0, 0, 0, False
    while not is_over:
        try:
            rows += bool(next(reader))
        except StopIteration:
            is_over = True
        except csv.Error:
            rows += 1  # it is read again, and named, when the part is worked through
        signs, seen = signs + sum(map(len, kept[seen:])), len(kept)
        if rows and (is_over or rows >= most_rows or signs >= most_signs):
            yield Part(before, rows, list(kept))
            before, rows, seen, signs = before + len(kept), 0, 0, 0
            kept.clear()


def _keep_copies(lines: Iterator[str], kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def read_claim_rows(
    lines: Iterator[str],
    delimiter: str,
    reader: RowReader,
    result: ImportResult,
    complaints: Complaints,
    *,
    before: int = 1,
) -> Iterator[tuple[int, ClaimRow] | None]:
    """Yield (line it began on, row) for each valid row, and None for each that was refused.

    `before` says how many lines of the file were read before these: the header, and what other parts hold.
    """
    for began, last, cells in _read_rows(lines, delimiter, result, complaints, before):
        if TOO_LONG in cells:
            complaints.refuse(began, f"the line has more than {MAX_LINE_BYTES:,} bytes; is a line break missing?")
            yield None
            continue
        row, faults = reader.read(cells)
        if row is not None:
            yield began, row
            continue
        if last > began and not faults[0][0]:  # the number of fields is wrong
            faults.append(("", f"the row goes on to line {last}; is a quote not closed?"))
        complaints.refuse_cells(began, faults)
        yield None


def _read_rows(
    lines: Iterator[str], delimiter: str, result: ImportResult, complaints: Complaints, before: int
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (first line, last line, cells) for each row that is a row at all; empty lines are passed over."""
    # Strict: a quote that is not closed ends at the next quote, and is not taken for an answer with all rows between.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        began = reader.line_num + before + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            result.read += 1
            where = f"lines {began} to {last}" if (last := reader.line_num + before) > began else "the line"
            complaints.refuse(began, f"{where} cannot be read as one row: {error}; is a quote not closed?")
            continue
        if cells:
            result.read += 1
            yield began, reader.line_num + before, cells
