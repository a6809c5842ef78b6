"""Claims that share a key, found in SQL and compared by the rules."""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.db import connection, transaction

from claims.duplicates.keeping import CLAIMANTS, CLAIMS, KEYS, PERSON, Hasher, read_by_key
from claims.models import Job
from claims.rules.duplicates import THRESHOLD, Folded, Record, compare, fold_record

BLOCK = 60  # claims under one key, from which on not each is compared with each
NEAR = 10  # of those then, each with so many that follow it in the order of names
COMMON, RARE = {"given": (500, 5000), "family": (4000, 50_000)}, {"given": 3, "family": 3}
Found = tuple[int, int, int, list[tuple[str, int]]]  # both claims, score, signs


def compare_part(job: Job, *, kind: str, part: int, parts: int) -> tuple[list[Found], dict[str, int]]:
    """Compare what shares a key of this kind, and return the pairs that a person should look at, with counts."""
    since, action_id = job.params["since"], job.action_id
    assert action_id is not None  # a search has one
    with transaction.atomic(), connection.cursor() as cursor:
        read_by_key(cursor)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_nestloop = off")  # it takes windows for tiny
            cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_select_pairs(kind), [action_id, parts, part, since])
        pairs = cursor.fetchall()
        cursor.execute(_select_large(kind), [action_id, parts, part])
        blocks, claims = cursor.fetchone()
        if claims:
            cursor.execute(_select_near(kind), [action_id, parts, part, since])
            pairs += cursor.fetchall()
    people = read_people({claim for pair in pairs for claim in pair})
    rarity = make_rarity(action_id, job.pk, job.params["claims"])
    found = list(_score(pairs, people, rarity))
    return found, {"compared": len(pairs), "found": len(found), "large_blocks": blocks, "large_claims": claims or 0}


def _score(
    pairs: Iterable[tuple[int, int]], people: dict[int, Folded], rarity: Callable[[str, str], str]
) -> Iterable[Found]:
    for pair in pairs:
        first, second = sorted(pair)
        if first not in people or second not in people:  # erased in this moment
            continue
        signs = compare(people[first], people[second], rarity=rarity)
        score = sum(sign.points for sign in signs)
        if score >= THRESHOLD:
            yield first, second, score, [(sign.sign, sign.points) for sign in signs]


def _part(kind: str) -> str:
    """Return the claims of one part under a kind of key, each with the size of its block."""
    return f"""
        SELECT k.claim_id, k.{kind} AS key, k.seen, count(*) OVER (PARTITION BY k.{kind}) AS size
        FROM {KEYS} k WHERE k.action_id = %s AND k.{kind} IS NOT NULL AND abs(k.{kind} %% %s) = %s"""  # noqa: S608


def _select_pairs(kind: str) -> str:
    return f"""
        WITH few AS (SELECT * FROM ({_part(kind)}) AS part WHERE size BETWEEN 2 AND {BLOCK})
        SELECT a.claim_id, b.claim_id FROM few a JOIN few b ON b.key = a.key AND b.claim_id > a.claim_id
        WHERE (CASE WHEN a.seen > b.seen THEN a.seen ELSE b.seen END) > %s"""  # noqa: S608


def _select_large(kind: str) -> str:
    return f"""
        SELECT count(*), CAST(sum(n) AS bigint) FROM (
            SELECT count(*) AS n FROM {KEYS} k
            WHERE k.action_id = %s AND k.{kind} IS NOT NULL AND abs(k.{kind} %% %s) = %s
            GROUP BY k.{kind} HAVING count(*) > {BLOCK}
        ) AS large"""  # noqa: S608


def _select_near(kind: str) -> str:
    """Return neighbours in the order of names: a block of thousands costs its size and not its square."""
    return f"""
        WITH large AS (
            SELECT part.*, row_number() OVER (
                PARTITION BY key ORDER BY lower(p.family_name), lower(p.given_name), p.birth_date, part.claim_id
            ) AS place
            FROM ({_part(kind)}) AS part JOIN {CLAIMS} c ON c.id = part.claim_id
            JOIN {CLAIMANTS} p ON p.id = c.claimant_id WHERE size > {BLOCK}
        )
        SELECT a.claim_id, b.claim_id FROM large a
        JOIN large b ON b.key = a.key AND b.place > a.place AND b.place <= a.place + {NEAR}
        WHERE (CASE WHEN a.seen > b.seen THEN a.seen ELSE b.seen END) > %s"""  # noqa: S608


def read_people(claims: set[int]) -> dict[int, Folded]:
    """Return the people of these claims in their normal forms."""
    is_postgresql = connection.vendor == "postgresql"
    one_of = "= ANY(%s)" if is_postgresql else "IN (SELECT value FROM json_each(%s))"
    sql = f"SELECT c.id, {PERSON} FROM {CLAIMS} c JOIN {CLAIMANTS} p ON p.id = c.claimant_id WHERE c.id {one_of}"  # noqa: S608
    ids = sorted(claims)
    with transaction.atomic(), connection.cursor() as cursor:
        read_by_key(cursor)
        cursor.execute(sql, [ids if is_postgresql else json.dumps(ids)])
        return {claim_id: fold_record(Record(*values)) for claim_id, *values in cursor.fetchall()}


def make_rarity(action_id: int, job_id: int, claims: int) -> Callable[[str, str], str]:
    """Return a function that says of a name whether it is common or rare in the book, counted once for a search."""
    hasher = Hasher(action_id)
    counts = {field: _count_names(action_id, job_id, field) for field in ("given", "family")}
    limits = {
        field: (max(RARE[field], claims // rare), max(50, claims // common)) for field, (common, rare) in COMMON.items()
    }

    @lru_cache(maxsize=100_000)
    def say(field: str, name: str) -> str:
        count, (rare, common) = counts[field].get(hasher.hash(field, name) or 0, 0), limits[field]
        return "rare" if count <= rare else "common" if count > common else "same"

    return say


@lru_cache(maxsize=4)
def _count_names(action_id: int, job_id: int, field: str) -> dict[int, int]:
    """Return how many claims bear each name that more than a few bear. One job counts once in each process."""
    assert job_id  # what the answer is kept by
    sql = f"""
        SELECT {field}, count(*) FROM {KEYS} WHERE action_id = %s AND {field} IS NOT NULL
        GROUP BY {field} HAVING count(*) > {RARE[field]}"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [action_id])
        return dict(cursor.fetchall())
