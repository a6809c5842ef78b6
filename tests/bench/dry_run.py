"""A dry run as a job, by a worker of two processes, against one SELECT written by hand."""

import json
import time

from tests.bench.book import Book, make_row, median
from tests.bench.hand_written import SELECT


def measure_dry_run(book: Book) -> list[dict]:
    """Return the figures of the dry run of a draft that changes one criterion."""
    book.run("import", book.file)
    book.run("screen")
    with book.connect() as connection:
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE claims_claim")
        connection.execute("VACUUM ANALYZE claims_claimant")
    ours, by_hand, moving = [], [], 0
    for _ in range(3):
        expected, seconds = run_by_hand(book)
        by_hand.append(seconds)
        with book.run_helper():
            found = book.run("dry_run")
        ours.append(found["seconds"])
        assert found["moves"] == expected, f"the hand-written SELECT finds something else: {found['moves']} {expected}"
        moving = sum(found["moves"].values())
    note = f"{median(ours):.1f} s against {median(by_hand):.1f} s, {moving:,} claims would move"
    return [
        make_row(
            f"dry run of {book.rows:,} claims / hand-written SELECT, time",
            median(ours) / median(by_hand),
            1.2,
            "low",
            note,
        )
    ]


def run_by_hand(book: Book) -> tuple[dict[str, int], float]:
    """Evaluate by one SELECT that counts outcomes, moves and findings and lists who moves; return moves and seconds."""
    with book.connect() as connection:
        began = time.monotonic()
        rows = connection.execute(SELECT).fetchall()
        seconds = time.monotonic() - began
    moves: dict[str, int] = {}
    for old, new, _tier, claims, _findings, ids in rows:
        if old != new:
            assert len(ids) == claims
            moves[f"{old}>{new}"] = moves.get(f"{old}>{new}", 0) + claims
    return json.loads(json.dumps(dict(sorted(moves.items())))), seconds
