"""Rows of a file become claims: checked against who is in the book already, written, and counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from claims.base.countries import COUNTRY_CODES
from claims.base.errors import Refused
from claims.counts import Key, add_counts
from claims.criteria import list_facts
from claims.imports.complaints import Complaints, ImportResult
from claims.imports.erased import has_erased
from claims.imports.people import drop_known, find_fresh, has_sent
from claims.imports.writing import write_batch, write_unless_known
from claims.models import Action, Claim, Matter
from claims.rules.claimrows import ClaimRow, RowReader, find_header_faults, list_columns
from claims.rules.eligibility import KNOWN_FACTS, RECORD_FACTS, Fact
from claims.tallies import Kind, Tally, add_tallies, find_mandate_question

BATCH = 5000


def hold_book(action: Action) -> None:
    """Let one import at a time into a matter, and read the questions anew: a pack may have come in while we waited."""
    Matter.objects.select_for_update(no_key=True).get(pk=action.matter_id)
    action.refresh_from_db(fields=["questions"])


def list_file_columns(action: Action) -> list[str]:
    """Return the columns that a file of claims must have in this action."""
    return list_columns(list_asked(action))


def make_row_reader(action: Action, header: Sequence[str], name: str) -> RowReader:
    """Return what reads a row below this header. Raises Refused, naming what is wrong with it."""
    facts = list_asked(action)
    if faults := find_header_faults(header, facts):
        raise Refused(f"{name}, line 1: {'; '.join(faults[:5])}")
    tomorrow = timezone.now().date() + timedelta(days=1)  # it is that day already for who lives east of us
    return RowReader(header, facts, COUNTRY_CODES, tomorrow)


def list_asked(action: Action) -> dict[str, Fact]:
    """Return the questions that a file of claims answers in this action."""
    facts = list_facts(action.questions)
    return {key: fact for key, fact in facts.items() if key not in RECORD_FACTS | KNOWN_FACTS}


def take_rows(
    action: Action, rows: Iterator[tuple[int, ClaimRow] | None], result: ImportResult, complaints: Complaints
) -> None:
    """Write the rows that are new, in the transaction of the caller, and count what came of each."""
    deltas: Counter[Key] = Counter()
    tallies: Counter[Tally] = Counter()
    given = f'"{find_mandate_question(action)}":"yes"'
    all_new = not (
        has_sent(action) or has_erased(action.pk)
    )  # most files are: their rows go in without a look-up, until the database says no
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
