"""The keys of claims, kept as keyed hashes: written where a person is new or has changed, and nowhere else."""

import hashlib
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from claims.base.vault import sign
from claims.models import Action, Claim, Claimant, DuplicateKeys
from claims.models.claims import STANDS
from claims.rules.duplicates import KINDS, VERSION, Record, fold_record, list_keys

KEYS, CLAIMS, CLAIMANTS = DuplicateKeys._meta.db_table, Claim._meta.db_table, Claimant._meta.db_table
COLUMNS = ("claim_id", "action_id", "seen", "content", "given", "family", *KINDS)
PERSON = (
    "p.given_name, p.family_name, coalesce(CAST(p.birth_date AS text), ''),"
    " p.email, p.phone, p.street, p.postcode, p.city, p.country"
)
Row = tuple[int | None, ...]


class Hasher:
    """Turns texts of an action into numbers that nobody can reckon without our key (BLAKE2b with a key, RFC 7693)."""

    def __init__(self, action_id: int) -> None:
        key = bytes.fromhex(sign(f"{VERSION}", purpose=f"duplicates of action {action_id}", key="index"))
        kinds = ("content", "given", "family", *KINDS)
        # Begun once for each kind and copied for each text: that is half of the work.
        self._begun = {kind: hashlib.blake2b(f"{kind}\0".encode(), key=key, digest_size=8) for kind in kinds}

    def hash(self, kind: str, text: str) -> int | None:
        """Return 64 bits that are equal for equal texts of a kind, or None for an unknown one."""
        if not text:
            return None
        state = self._begun[kind].copy()
        state.update(text.encode())
        return int.from_bytes(state.digest(), "big", signed=True)


def read_changed(action: Action, first: int, last: int, *, search: int) -> list[Row]:
    """Return the rows of keys of the standing claims from `first` to `last` that are new or have changed."""
    hasher = Hasher(action.pk)
    sql = f"""
        SELECT c.id, k.content, {PERSON} FROM {CLAIMS} c JOIN {CLAIMANTS} p ON p.id = c.claimant_id
        LEFT JOIN {KEYS} k ON k.claim_id = c.id AND k.claim_id BETWEEN %s AND %s
        WHERE c.action_id = %s AND c.{STANDS} AND c.id BETWEEN %s AND %s"""  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        read_by_key(cursor)
        cursor.execute(sql, [first, last, action.pk, first, last])  # the range twice, or all keys are read for each
        found = cursor.fetchall()
    rows = []
    for claim_id, known, *values in found:
        content = hasher.hash("content", "\0".join(values))
        if content != known:
            rows.append((claim_id, action.pk, search, content, *hash_person(hasher, Record(*values))))
    return rows


def hash_person(hasher: Hasher, record: Record) -> Iterable[int | None]:
    """Return the hashes of the names, by which common ones are counted, and of each key."""
    person = fold_record(record)
    names = hasher.hash("given", person.given.text), hasher.hash("family", person.family.text)
    return (*names, *map(hasher.hash, KINDS, list_keys(person)))


def write_keys(rows: Sequence[Row]) -> None:
    """Put rows of keys in the place of what was kept of the same claims."""
    _clear([row[0] for row in rows if row[0] is not None])
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {KEYS} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        elif rows:
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(f"INSERT INTO {KEYS} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _clear(ids: Sequence[int]) -> None:
    """Remove what was kept of claims of one range; the first time there is nothing."""
    known = DuplicateKeys.objects.filter(claim_id__gte=min(ids, default=0), claim_id__lte=max(ids, default=0))
    if known.exists():
        for start in range(0, len(ids), 500):
            known.filter(pk__in=ids[start : start + 500]).delete()


def drop_fallen(action: Action) -> int:
    """Remove the keys of claims that stand no longer, and return how many there were."""
    fallen = DuplicateKeys.objects.filter(action=action).exclude(claim__status__in=Claim.STANDING)
    return fallen.delete()[0]


def read_by_key(cursor: object) -> None:
    """Keep PostgreSQL from reading whole tables for a range: it takes each look-up for one of a slow disk."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL random_page_cost = 1.1")  # type: ignore[attr-defined]
