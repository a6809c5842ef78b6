"""Import against a raw COPY of the same rows, and against django-import-export."""

from tests.bench.book import Book, make_row, median

PEER_ROWS = 2000


def measure_import(book: Book) -> list[dict]:
    """Return the figures of the import."""
    ours, memory, raw = [], [], []
    for _ in range(3):
        book.empty()
        step = book.run("import", book.file)
        ours.append(step["seconds"])
        memory.append(step["peak_mb"])
        book.dump()
        raw.append(book.copy_raw())
    book.empty()
    peer = book.run("import_export", book.folder, PEER_ROWS)
    our_rate, peer_rate = book.rows / median(ours), peer["rows"] / peer["seconds"]
    note = f"{median(ours):.1f} s against {median(raw):.1f} s, {our_rate:,.0f} rows/s"
    return [
        make_row(f"import of {book.rows:,} rows / raw COPY, time", median(ours) / median(raw), 2, "low", note),
        make_row("import, peak memory, MB", max(memory), 150, "low"),
        make_row(
            "import / django-import-export default, rows/s",
            our_rate / peer_rate,
            100,
            "high",
            f"{peer_rate:,.0f} rows/s",
        ),
    ]
