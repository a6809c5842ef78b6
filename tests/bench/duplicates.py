"""The search for duplicates in a book of invented people, some of whom came twice: time, recall, precision, memory.

The doubles of the first kind are those that the weights were chosen with (another seed, see tests/bench/doubles.py);
the other kind errs in ways that nobody looked at before. Neither is real life: the true figures will be lower.
"""

import os
import random
import sys
import time
from collections.abc import Callable

from tests.bench.book import Book, make_row, open_book

SHARE = 0.02  # of the people come twice
SEED = 2
PERSON_COLUMNS = "id, given_name, family_name, birth_date, email, phone, street, postcode, city, country, language"
CLAIM_COLUMNS = (
    "id, reference, action_id, matter_id, claimant_id, status, channel, external_ref, content_key, registered_at, answers,"
    " habitual_residence, findings, outcome, tier"
)


def measure_duplicates() -> list[dict]:
    """Return the figures of the search in a book of ROWS claims, a million where nothing else is said."""
    with open_book(100) as book:
        book.rows = int(os.environ.get("ROWS", "1000000"))
        return measure_kinds(book)


def measure_kinds(book: Book) -> list[dict]:
    """Return the figures for doubles of both kinds."""
    rows = []
    for kind, is_goal in (("doubles", True), ("other_doubles", False)):
        truth = fill(book, kind)
        found, seconds, peak = search(book)
        right = len(found & truth)
        recall, precision = right / len(truth), right / max(1, len(found))
        note = f"{len(truth):,} planted, {len(found):,} found, {right:,} right"
        print(f"{kind}: {seconds:.1f} s, recall {recall:.4f}, precision {precision:.4f}; {note}", file=sys.stderr)
        what = "duplicates" if is_goal else "duplicates, errors of other kinds"
        rows += [
            make_row(f"{what}: {book.rows:,} claims, seconds", seconds, 60 if is_goal else None, "low", note),
            make_row(f"{what}: recall", recall, 0.98 if is_goal else None, "high"),
            make_row(f"{what}: precision", precision, 0.95 if is_goal else None, "high"),
        ]
        if is_goal:
            again, repeat, _peak = search(book)
            rows.append(make_row("duplicates: peak memory of a worker, MB", peak, 500, "low"))
            rows.append(make_row("duplicates: the same again, nothing changed / first", repeat / seconds, 0.5, "low"))
            assert again == found
    return rows


def fill(book: Book, kind: str) -> set[tuple[int, int]]:
    """Put the people in the book, and return the pairs of ids that are one person."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.bench import doubles
    from tests.bench.crowd import make_crowd

    make: Callable = {"doubles": doubles.make_double, "other_doubles": doubles.make_other_double}[kind]
    luck, wanted = random.Random(f"{kind} {SEED}"), int(book.rows * SHARE / (1 + SHARE))
    singles = book.rows - wanted
    twice = set(luck.sample(range(singles), wanted))
    book.empty()
    people, truth = list(make_crowd(singles, SEED)), set()
    for place in sorted(twice):
        people.append(make(luck, people[place]))
        truth.add((place + 1, len(people)))
    with book.connect() as connection:
        action = connection.execute("SELECT id, matter_id FROM claims_action").fetchone()
        assert action
        with connection.cursor().copy(
            f"COPY claims_claimant ({PERSON_COLUMNS}, person_key, data_key) FROM STDIN"
        ) as copy:
            for number, person in enumerate(people, 1):
                copy.write_row((number, person.given, person.family, person.born or None, person.email, person.phone,
                                person.street, person.postcode, person.city, person.state, "en", None, ""))  # fmt: skip
        with connection.cursor().copy(f"COPY claims_claim ({CLAIM_COLUMNS}) FROM STDIN") as copy:
            for number, person in enumerate(people, 1):
                copy.write_row((number, f"{number:012}", *action, number, "submitted", "import", "", "",
                                "2026-01-05T10:00:00Z", "{}", person.state, "", "", ""))  # fmt: skip
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE claims_claim")
        connection.execute("VACUUM ANALYZE claims_claimant")
    return truth


def search(book: Book) -> tuple[set[tuple[int, int]], float, float]:
    """Run the search by two processes, as a worker of two does; return the pairs, the seconds, the peak memory."""
    began = time.monotonic()
    with book.run_helper():
        main = book.run("find_duplicates")
    seconds = main.get("seconds", time.monotonic() - began)
    with book.connect() as connection:
        found = connection.execute("SELECT first_id, second_id FROM claims_duplicatepair").fetchall()
    print(f"{seconds:.1f} s, of this process {main.get('cpu', 0):.1f} s of CPU", file=sys.stderr)
    return set(found), seconds, main["peak_mb"]
