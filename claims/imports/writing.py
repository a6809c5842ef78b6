"""Write new claims and claimants: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from claims.answers import seal_answers
from claims.base.references import make_references
from claims.base.vault import make_data_key
from claims.imports.erased import has_erased
from claims.imports.people import CLAIMANTS, CLAIMS, Batch
from claims.models import Action, Claim, Claimant
from claims.names import Named, renew_names, write_names
from claims.rules.claimrows import ClaimRow
from claims.rules.names import split_name

CLAIMANT_COLUMNS = (
    "id given_name family_name birth_date email phone street postcode city country language person_key data_key"
)
CLAIM_COLUMNS = (
    "id reference action_id matter_id claimant_id status channel external_ref content_key registered_at"
    " habitual_residence resident_since answers findings outcome tier"
)
SUBMITTED, IMPORT = Claim.Status.SUBMITTED.value, Claim.Channel.IMPORT.value


def write_unless_known(action: Action, batch: Batch) -> bool:
    """Write the rows of a batch, or none of them and return False where one or its person is there already.

    So too where somebody was erased meanwhile: the database let a row in only when that had ended.
    """
    try:
        with transaction.atomic():
            write_batch(action, batch)
            is_safe = not has_erased(action.pk)
            transaction.set_rollback(not is_safe)
    except IntegrityError:
        return False
    return is_safe


def write_batch(action: Action, batch: Batch) -> None:
    """Write the rows of a batch. Who is known withdrew before and comes again: the newer contact data hold."""
    if not batch.rows:
        return
    claimant_ids = _take_ids(CLAIMANTS, len(batch.rows))
    claim_ids = _take_ids(CLAIMS, len(batch.rows))
    references = make_references(len(batch.rows))
    claimants, claims = [], []
    named: list[Named] = []
    for row, person, claimant_id, claim_id, reference in zip(
        batch.rows, batch.persons, claimant_ids, claim_ids, references, strict=True
    ):
        known_id = batch.claimants.get(person) if person else None
        data_key = _find_data_key(known_id) or (make_data_key() if row.texts else "")
        values = _list_claimant_values(row, person, known_id or claimant_id, data_key)
        if known_id is None:
            claimants.append(values)
        else:
            Claimant.objects.filter(pk=known_id).update(**dict(zip(CLAIMANT_COLUMNS.split(), values, strict=True)))
        answers = _add_texts(row, data_key, reference) if row.texts else row.answers
        claims.append(_list_claim_values(row, action, known_id or claimant_id, claim_id, reference, answers))
        if known_id is None:
            named.append((claim_id, split_name(row.given_name, row.family_name)))
    _write_rows(CLAIMANTS, CLAIMANT_COLUMNS.split(), claimants)
    _write_rows(CLAIMS, CLAIM_COLUMNS.split(), claims)
    write_names(action.pk, named)
    for known in Claimant.objects.filter(pk__in=batch.claimants.values()):
        renew_names(known)  # all claims of who comes again go under the newer name


def _find_data_key(claimant_id: int | None) -> str:
    """Return the key of a claimant who is known: what it sealed before must still open."""
    return Claimant.objects.values_list("data_key", flat=True).get(pk=claimant_id) if claimant_id else ""


def _add_texts(row: ClaimRow, data_key: str, reference: str) -> str:
    """Return the answers with the sealed texts among them. Joined as text: to read and write them anew costs more."""
    sealed = seal_answers(data_key, reference, row.texts)
    added = ",".join(f'"{name}":"{text}"' for name, text in sealed.items())  # ids and base64: nothing to escape
    return f"{row.answers[:-1]}{',' if len(row.answers) > 2 else ''}{added}}}"


def _list_claimant_values(row: ClaimRow, person: str | None, claimant_id: int, data_key: str) -> tuple:
    return (
        claimant_id, row.given_name, row.family_name, row.birth_date or None, row.email, row.phone, row.street,
        row.postcode, row.city, row.country, row.language, person, data_key,
    )  # fmt: skip


def _list_claim_values(
    row: ClaimRow, action: Action, claimant_id: int, claim_id: int, reference: str, answers: str
) -> tuple:
    return (
        claim_id, reference, action.pk, action.matter_id, claimant_id, SUBMITTED, IMPORT, row.external_ref,
        row.content_key, row.registered_at, row.habitual_residence, row.resident_since or None, answers, "", "", "",
    )  # fmt: skip


def _take_ids(table: str, count: int) -> Sequence[int]:
    """Return ids that nobody else will use. On SQLite the transaction holds the only write lock."""
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
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django does not turn what psycopg raises in a COPY into its own errors; this does.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            # SQLite keeps a moment in UTC without saying so.
            marks = ", ".join("replace(%s, '+00:00', '')" if name.endswith("_at") else "%s" for name in columns)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
