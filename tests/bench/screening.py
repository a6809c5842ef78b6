"""Screening against one hand-written UPDATE, a repeat, and a case worker beside it."""

import random
import threading
import time

from tests.bench.book import Book, make_row, median
from tests.bench.hand_written import UPDATE


def measure_screening(book: Book) -> list[dict]:
    """Return the figures of the screening."""
    book.run("import", book.file)
    book.dump()
    ours, repeats, by_hand, waits = [], [], [], []
    for _ in range(3):
        book.restore()
        by_hand.append(run_by_hand(book))
        expected = read_findings(book)
        book.restore()
        ours.append(book.run("screen")["seconds"])
        assert read_findings(book) == expected, "the hand-written UPDATE finds something else"
        repeats.append(book.run("screen")["seconds"])
    book.restore()
    waits = watch_case_worker(book)
    note = f"{median(ours):.1f} s against {median(by_hand):.1f} s"
    return [
        make_row(
            f"screening {book.rows:,} claims / hand-written UPDATE, time",
            median(ours) / median(by_hand),
            2,
            "low",
            note,
        ),
        make_row("screening again, nothing changed / first time", median(repeats) / median(ours), 0.33, "low"),
        make_row(
            "one row updated beside a screening, longest wait, ms", max(waits), 250, "low", f"{len(waits)} updates"
        ),
    ]


def run_by_hand(book: Book) -> float:
    """Run the one UPDATE and return the seconds."""
    with book.connect() as connection:
        began = time.monotonic()
        connection.execute(UPDATE)
        connection.commit()
        return time.monotonic() - began


def read_findings(book: Book) -> str:
    """Return a digest of what was found, claim by claim."""
    with book.connect() as connection:
        row = connection.execute(
            "SELECT md5(string_agg(id || findings || outcome || tier, ',' ORDER BY id)) FROM claims_claim"
        ).fetchone()
    return row[0] if row else ""


def watch_case_worker(book: Book) -> list[float]:
    """Return how long each single-row update took, in ms, while a screening ran."""
    over, waits = threading.Event(), []

    def work() -> None:
        with book.connect() as connection:
            connection.autocommit = True
            ids = [row[0] for row in connection.execute("SELECT id FROM claims_claim").fetchall()]
            while not over.is_set():
                began = time.monotonic()
                connection.execute("UPDATE claims_claim SET joined_on = NULL WHERE id = %s", [random.choice(ids)])
                waits.append(1000 * (time.monotonic() - began))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        book.run("screen")
    finally:
        over.set()
        worker.join()
    return waits
