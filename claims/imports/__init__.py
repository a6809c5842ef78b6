"""Claims from a CSV file: streamed, checked row by row, written in one transaction."""

import hashlib
import time
from collections import Counter
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from claims.base.countries import COUNTRY_CODES
from claims.base.errors import Refused
from claims.base.history import record
from claims.counts import Key, add_counts
from claims.criteria import list_facts
from claims.imports.complaints import Complaints, ImportResult, name_errors, open_errors, save_errors
from claims.imports.files import read_claim_rows, read_header, read_lines
from claims.imports.people import drop_known, find_fresh, has_sent
from claims.imports.writing import write_batch, write_unless_known
from claims.models import Action, Claim, Matter, User
from claims.rules.claimrows import RowReader, find_header_faults, list_columns
from claims.rules.eligibility import RECORD_FACTS
from claims.tallies import Kind, Tally, add_tallies, find_mandate_question

BATCH = 5000


def import_claims(action: Action, file: Path, *, errors: Path | None = None, by: User | None = None) -> ImportResult:
    """Import the claims of a CSV file into an action and return what came of it.

    Rows that are wrong are refused one by one, with line, column and reason in `errors`; the rest goes in, in one
    transaction. A row whose external_ref is there already is known and changes nothing. Raises Refused where the file
    as a whole cannot be read; then nothing is done.
    """
    began = time.monotonic()
    result = ImportResult()
    with open_errors(errors, file) as error_file, _open_binary(file) as stream, transaction.atomic():
        Matter.objects.select_for_update(no_key=True).get(pk=action.matter_id)  # one import at a time into a matter
        action.refresh_from_db(fields=["questions"])  # a pack may have been loaded while we waited
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
    facts = {key: fact for key, fact in list_facts(action.questions).items() if key not in RECORD_FACTS}
    digest = hashlib.sha256()
    lines = read_lines(stream, name, digest)
    delimiter, header = read_header(lines, name, list_columns(facts))
    if faults := find_header_faults(header, facts):
        raise Refused(f"{name}, line 1: {'; '.join(faults[:5])}")
    tomorrow = timezone.now().date() + timedelta(days=1)  # it is that day already for who lives east of us
    rows = read_claim_rows(lines, delimiter, RowReader(header, facts, COUNTRY_CODES, tomorrow), result, complaints)
    deltas: Counter[Key] = Counter()
    tallies: Counter[Tally] = Counter()
    given = f'"{find_mandate_question(action)}":"yes"'
    all_new = not has_sent(action)  # most files are: their rows go in without a look-up, until the database says no
    while read := list(islice(rows, BATCH)):
        found = [row for row in read if row]
        new = find_fresh(action, found) if all_new else None
        if new is None or not write_unless_known(action, new):
            all_new = False
            new = drop_known(action, found, result, complaints)
            write_batch(action, new)
        complaints.write()
        result.imported += len(new.rows)
        deltas.update((row.habitual_residence, "", "") for row in new.rows)
        tallies.update((Kind.REGISTERED.value, row.registered_at[:10]) for row in new.rows)
        tallies[Kind.MANDATE.value, ""] += sum(given in row.answers for row in new.rows)
    add_counts(action.pk, deltas)
    add_tallies(action.pk, tallies | {(Kind.STATUS.value, Claim.Status.SUBMITTED.value): result.imported})
    return digest.hexdigest()
