"""Claims that share a key, compared by the rules: birthday and names first, the rest only where they leave doubt."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from django.db import connection, transaction

from claims.duplicates.keeping import CLAIMANTS, CLAIMS, KEYS, PERSON, Hasher, read_by_key
from claims.duplicates.sharing import NEAR, Block, find_shared
from claims.models import DuplicatePair, Job
from claims.rules.duplicates import (
    THRESHOLD,
    Folded,
    Record,
    compare,
    fold_record,
    is_hopeless,
)

CORE = "p.given_name, p.family_name, coalesce(CAST(p.birth_date AS text), '')"
AT_ONCE = 10_000  # pairs whose people are held in memory
COMMON, RARE = {"given": (500, 5000), "family": (4000, 50_000)}, {"given": 3, "family": 3}
Pair = tuple[int, int]
Found = tuple[int, int, int, list[tuple[str, int]]]  # both claims, score, signs


def compare_part(job: Job, *, kind: str, part: int, parts: int) -> tuple[list[Found], dict[str, int]]:
    """Compare what shares a key of this kind, and return the pairs that a person should look at, with counts.

    Those that this search has found under another key are not returned again.
    """
    since, action_id = job.params["since"], job.action_id
    assert action_id is not None  # a search has one
    shared = find_shared(action_id, kind, part=part, parts=parts, since=since)
    neighbours = [pair for block in shared.large for pair in _pair_by_name(block, since)]
    pairs = np.concatenate((shared.pairs, np.array(neighbours, np.int64).reshape(-1, 2)))
    pairs = pairs[np.lexsort(pairs.T[::-1])]  # claims that are near in the book are near in the tables
    rarity = make_rarity(action_id, job.pk, job.params["claims"])
    known = _read_found(job)
    found: list[Found] = []
    for start in range(0, len(pairs), AT_ONCE):
        some = zip(*pairs[start : start + AT_ONCE].T.tolist(), strict=True)
        doubtful = _drop_hopeless([pair for pair in some if pair not in known])
        found += _score(doubtful, read_people(set(chain.from_iterable(doubtful))), rarity)
    claims = sum(len(block.claims) for block in shared.large)
    counts = {"compared": len(pairs), "found": len(found), "large_blocks": len(shared.large), "large_claims": claims}
    return found, counts


def _read_found(job: Job) -> set[Pair]:
    """Return the pairs that this search has found so far: most doubles share several keys."""
    found = DuplicatePair.objects.filter(action=job.action_id, found_in=job.params["search"])
    return set(found.values_list("first_id", "second_id"))


def _pair_by_name(block: Block, since: int) -> list[Pair]:
    """Return neighbours in the order of names: a block of thousands costs its size and not its square."""
    seen = dict(zip(block.claims.tolist(), block.seen.tolist(), strict=True))
    rows = _read(list(seen), "lower(p.family_name), lower(p.given_name), coalesce(CAST(p.birth_date AS text), '')")
    ordered = [claim for *_names, claim in sorted((*names, claim) for claim, *names in rows)]
    return [
        (min(one, other), max(one, other))
        for place, one in enumerate(ordered)
        for other in ordered[place + 1 : place + 1 + NEAR]
        if max(seen[one], seen[other]) > since
    ]


def _drop_hopeless(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs that may be of one person by names and birthday. Most who share a home or an address may not."""
    rows = _read(set(chain.from_iterable(pairs)), CORE)
    people = {claim: (given, family, born) for claim, given, family, born in rows}
    there = (pair for pair in pairs if pair[0] in people and pair[1] in people)  # who was erased in this moment is not
    return [pair for pair in there if not is_hopeless(people[pair[0]], people[pair[1]])]


def _score(pairs: Iterable[Pair], people: dict[int, Folded], rarity: Callable[[str, str], str]) -> Iterable[Found]:
    for first, second in pairs:
        if first not in people or second not in people:  # erased in this moment
            continue
        signs = compare(people[first], people[second], rarity=rarity)
        score = sum(sign.points for sign in signs)
        if score >= THRESHOLD:
            yield first, second, score, [(sign.sign, sign.points) for sign in signs]


def read_people(claims: Iterable[int]) -> dict[int, Folded]:
    """Return the people of these claims in their normal forms."""
    return {claim_id: fold_record(Record(*values)) for claim_id, *values in _read(claims, PERSON)}


def _read(claims: Iterable[int], columns: str) -> list[tuple]:
    """Return the id of each of these claims with columns of its claimant, `p`."""
    is_postgresql = connection.vendor == "postgresql"
    one_of = "= ANY(CAST(%s AS bigint[]))" if is_postgresql else "IN (SELECT value FROM json_each(%s))"
    sql = f"SELECT c.id, {columns} FROM {CLAIMS} c JOIN {CLAIMANTS} p ON p.id = c.claimant_id WHERE c.id {one_of}"  # noqa: S608
    ids = json.dumps(sorted(claims))
    with transaction.atomic(), connection.cursor() as cursor:
        read_by_key(cursor)
        cursor.execute(sql, [f"{{{ids[1:-1]}}}" if is_postgresql else ids])
        return cursor.fetchall()


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
