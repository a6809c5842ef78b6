"""Claims from a CSV file: streamed, checked row by row, written in one transaction."""

import csv
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from django.db import connection, transaction

from claims.base.countries import COUNTRY_CODES
from claims.base.errors import Refused
from claims.base.history import record
from claims.base.references import make_reference, show_reference
from claims.base.vault import make_blind_index
from claims.counts import add_counts
from claims.criteria import list_facts
from claims.models import Action, Claim, Claimant, User
from claims.rules.claimrows import BASE_COLUMNS, ClaimRow, RowReader, find_header_faults, normalise_person
from claims.rules.eligibility import RECORD_FACTS

BATCH = 5000
CLAIMS, CLAIMANTS = Claim._meta.db_table, Claimant._meta.db_table
MAX_LINE_BYTES = 1_000_000
TOO_LONG = "\0line too long"  # stands in for a line that is not worth reading; NUL cannot occur otherwise
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
CLAIMANT_COLUMNS = (
    "id",
    "given_name",
    "family_name",
    "birth_date",
    "email",
    "phone",
    "street",
    "postcode",
    "city",
    "country",
    "language",
    "person_key",
)
CLAIM_COLUMNS = (
    "id",
    "reference",
    "action_id",
    "matter_id",
    "claimant_id",
    "status",
    "channel",
    "external_ref",
    "content_key",
    "registered_at",
    "habitual_residence",
    "resident_since",
    "answers",
    "findings",
    "outcome",
    "tier",
)


@dataclass
class ImportResult:
    """What came of a file: rows read, imported, refused and known already."""

    read: int = 0
    imported: int = 0
    refused: int = 0
    known: int = 0
    seconds: float = 0.0
    first_complaints: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class _Batch:
    """Rows on their way in, the person key of each, and the claimants who are known already."""

    rows: list[ClaimRow]
    persons: list[str | None]
    claimants: dict[str, int]


class _Complaints:
    """Counts refused rows, writes their reasons to a file as they come, keeps the first few for the screen."""

    def __init__(self, result: ImportResult, file: TextIO | None) -> None:
        self._result = result
        self._writer = csv.writer(file) if file else None
        if self._writer:
            self._writer.writerow(["line", "column", "reason"])

    def refuse(self, line: int, complaints: Iterable[tuple[str, str]]) -> None:
        self._result.refused += 1
        for column, reason in complaints:
            if self._writer:
                self._writer.writerow([line, column, reason])
            if len(self._result.first_complaints) < 20:
                self._result.first_complaints.append((line, column, reason))


def import_claims(action: Action, file: Path, *, errors: Path | None = None, by: User | None = None) -> ImportResult:
    """Import the claims of a CSV file into an action and return what came of it.

    Rows that are wrong are refused one by one, with line, column and reason in `errors`; the rest goes in, in one
    transaction. A row whose external_ref is there already is known and changes nothing. Raises Refused where the file
    as a whole cannot be read; then nothing is done.
    """
    began = time.monotonic()
    result = ImportResult()
    part = errors.with_name(errors.name + ".part") if errors else None
    try:
        with _open_binary(file) as stream, _open_errors(part) as error_file, transaction.atomic():
            Action.objects.select_for_update(no_key=True).get(pk=action.pk)  # one import at a time into one action
            digest = _import_stream(action, stream, file.name, result, _Complaints(result, error_file))
            record(
                "claims imported", action, by=by, action=action,
                rows=result.imported, refused=result.refused, known=result.known, sha256=digest,
            )  # fmt: skip
        if part and errors:
            part.replace(errors)
    finally:
        if part:
            part.unlink(missing_ok=True)
    result.seconds = round(time.monotonic() - began, 3)
    return result


def _open_binary(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None


def _open_errors(part: Path | None) -> AbstractContextManager[TextIO | None]:
    if part is None:
        return nullcontext()
    try:
        return part.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(f"{part} cannot be written: {error.strerror}") from None


def _import_stream(action: Action, stream: BinaryIO, name: str, result: ImportResult, complaints: _Complaints) -> str:
    """Read, check and write all rows; return the SHA-256 of the file."""
    facts = {key: fact for key, fact in list_facts(action.questions).items() if key not in RECORD_FACTS}
    digest = hashlib.sha256()
    lines = _read_lines(stream, name, digest)
    delimiter, header = _read_header(lines, name)
    if faults := find_header_faults(header, facts):
        raise Refused(f"{name}, line 1: {'; '.join(faults[:5])}")
    reader = RowReader(header, facts, COUNTRY_CODES)
    rows = _check_rows(_read_rows(lines, delimiter, result, complaints), reader, complaints)
    deltas: Counter[tuple[str, str, str]] = Counter()
    while found := list(islice(rows, BATCH)):
        new = _drop_known(action, found, result, complaints)
        _write_batch(action, new)
        result.imported += len(new.rows)
        deltas.update((row.habitual_residence, "", "") for row in new.rows)
    add_counts(action.pk, deltas)
    return digest.hexdigest()


def _read_lines(stream: BinaryIO, name: str, digest: Any) -> Iterator[str]:
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


def _read_header(lines: Iterator[str], name: str) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    line = next(lines, "")
    if not line.strip():
        raise Refused(f"{name} is empty; the first line must name the columns: {', '.join(BASE_COLUMNS)}")
    headers = {sign: [cell.strip() for cell in next(csv.reader([line], delimiter=sign), [])] for sign in ",;"}
    delimiter = max(headers, key=lambda sign: len(set(headers[sign]) & set(BASE_COLUMNS)))
    return delimiter, headers[delimiter]


def _read_rows(
    lines: Iterator[str], delimiter: str, result: ImportResult, complaints: _Complaints
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line it began on, cells) for each row that is a row at all; empty lines are passed over."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        began = reader.line_num + 2  # the header is line 1 and was read before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            result.read += 1
            last = reader.line_num + 1
            complaints.refuse(began, [("", f"not a CSV row up to line {last}: {error}; is a quote not closed?")])
            continue
        if cells:
            result.read += 1
            yield began, cells


def _check_rows(
    rows: Iterator[tuple[int, list[str]]], reader: RowReader, complaints: _Complaints
) -> Iterator[tuple[int, ClaimRow]]:
    for line, cells in rows:
        if TOO_LONG in cells:
            complaints.refuse(
                line, [("", f"the line has more than {MAX_LINE_BYTES:,} bytes; is a line break missing?")]
            )
            continue
        row, faults = reader.read(cells)
        if row is None:
            complaints.refuse(line, faults)
        else:
            yield line, row


def _drop_known(
    action: Action, found: list[tuple[int, ClaimRow]], result: ImportResult, complaints: _Complaints
) -> _Batch:
    """Return the rows that are new; the others are counted as known or refused."""
    seen = _find_content_keys(action, [row.external_ref for _, row in found])
    persons = [_make_person_key(row) for _, row in found]
    claimants = _find_claimants([person for person in persons if person])
    standing = _find_standing(action, claimants)
    new = _Batch([], [], claimants)
    for (line, row), person in zip(found, persons, strict=True):
        if (content_key := seen.get(row.external_ref)) is not None:
            if content_key == row.content_key:
                result.known += 1
            else:
                reason = "was imported before with other content; change the claim in the workspace instead"
                complaints.refuse(line, [("external_ref", reason)])
        elif person and person in standing:
            complaints.refuse(line, [("", standing[person])])
        else:
            new.rows.append(row)
            new.persons.append(person)
            seen[row.external_ref] = row.content_key
            if person:
                standing[person] = f"is the same person as line {line}; one person has one claim"
    return new


def _make_person_key(row: ClaimRow) -> str | None:
    text = normalise_person(row)
    return make_blind_index(text, purpose="person") if text else None


def _find_content_keys(action: Action, external_refs: list[str]) -> dict[str, str]:
    """Return external_ref -> content key of those that are in the book already."""
    return dict(
        _select_in(
            f"SELECT external_ref, content_key FROM {CLAIMS} WHERE action_id = {action.pk:d} AND external_ref",  # noqa: S608
            external_refs,
        )
    )


def _find_claimants(persons: list[str]) -> dict[str, int]:
    """Return person key -> id of the claimants who are known already, from whatever action."""
    return dict(_select_in(f"SELECT person_key, id FROM {CLAIMANTS} WHERE person_key", persons))  # noqa: S608


def _select_in(sql: str, values: list[str]) -> list[tuple]:
    """Run a query that ends in a column, for the rows where it has one of the values, passed as one parameter."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            # Its statistics are those from before the import: it would read the growing table again and again.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"{sql} = ANY(%s)", [values])
        else:
            cursor.execute(f"{sql} IN (SELECT value FROM json_each(%s))", [json.dumps(values)])  # noqa: S608
        return cursor.fetchall()


def _find_standing(action: Action, claimants: dict[str, int]) -> dict[str, str]:
    """Return person key -> why the person cannot come in again (Directive (EU) 2020/1828, Article 9(4))."""
    if not claimants:
        return {}
    claims = Claim.objects.filter(matter=action.matter_id, claimant_id__in=claimants.values())
    rows = claims.exclude(status=Claim.Status.WITHDRAWN).values_list(
        "claimant_id", "action_id", "action__slug", "reference"
    )
    reasons = {
        claimant_id: f"this person has the claim {show_reference(reference)} in this action"
        if action_id == action.pk
        else f"this person stands in the action {slug} of this matter; Article 9(4) of Directive 2020/1828 allows one"
        for claimant_id, action_id, slug, reference in rows
    }
    return {person: reasons[pk] for person, pk in claimants.items() if pk in reasons}


def _write_batch(action: Action, batch: _Batch) -> None:
    if not batch.rows:
        return
    claimant_ids = _take_ids(Claimant, len(batch.rows))
    claim_ids = _take_ids(Claim, len(batch.rows))
    claimants, claims = [], []
    for row, person, claimant_id, claim_id in zip(batch.rows, batch.persons, claimant_ids, claim_ids, strict=True):
        known_id = batch.claimants.get(person) if person else None
        if known_id is None:
            claimants.append(_list_claimant_values(row, person, claimant_id))
        claims.append(_list_claim_values(row, action, known_id or claimant_id, claim_id))
    _write_rows(CLAIMANTS, CLAIMANT_COLUMNS, claimants)
    _write_rows(CLAIMS, CLAIM_COLUMNS, claims)


def _list_claimant_values(row: ClaimRow, person: str | None, claimant_id: int) -> tuple:
    return (
        claimant_id,
        row.given_name,
        row.family_name,
        _write_day(row.birth_date),
        row.email,
        row.phone,
        row.street,
        row.postcode,
        row.city,
        row.country,
        row.language,
        person,
    )


def _list_claim_values(row: ClaimRow, action: Action, claimant_id: int, claim_id: int) -> tuple:
    return (
        claim_id,
        make_reference(),
        action.pk,
        action.matter_id,
        claimant_id,
        Claim.Status.SUBMITTED.value,
        Claim.Channel.IMPORT.value,
        row.external_ref,
        row.content_key,
        _write_moment(row.registered_at),
        row.habitual_residence,
        _write_day(row.resident_since),
        ENCODE(row.answers),
        "",
        "",
        "",
    )


def _take_ids(model: type[Claim] | type[Claimant], count: int) -> Sequence[int]:
    """Return ids that nobody else will use. On SQLite the transaction holds the only write lock."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT array_agg(nextval('{sequence}')) FROM generate_series(1, %s)", [count])  # noqa: S608
            return cursor.fetchone()[0]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        first = (cursor.fetchone() or (0,))[0] + 1
    return range(first, first + count)


def _write_rows(table: str, columns: Sequence[str], rows: list[tuple]) -> None:
    """Write rows by COPY on PostgreSQL and by one prepared statement on SQLite."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _write_day(day: date | None) -> str | None:
    """Return the day as both databases read it; text spares COPY a slow conversion."""
    return day.isoformat() if day else None


def _write_moment(moment: datetime) -> str:
    """Return the moment as both databases keep it: in UTC, on SQLite without saying so."""
    text = moment.astimezone(UTC).isoformat(" ")
    return text if connection.vendor == "postgresql" else text.removesuffix("+00:00")
