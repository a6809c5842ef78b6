"""The list of claims and the search at a million: a page from any place under every filter, against Django's admin."""

import os
import subprocess
import sys

from tests.bench.book import ROOT, make_row, open_book

ROWS = int(os.environ.get("ROWS", "1000000"))


def measure_listing() -> list[dict]:
    """Return the figures of the book. The admin is the peer here only; the product has none."""
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]  # pages name its files
    subprocess.run(collect, cwd=ROOT, check=True)
    with open_book(10) as book:
        book.run("listing_fill", ROWS)
        with book.connect() as connection:
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE")
        lists, names = book.run("listing_pages"), book.run("listing_names")
        overview, peer = book.run("listing_overview"), book.run("listing_admin")
    what = f"list of {ROWS:,}"
    worst = f"worst {lists['worst_ms']:.0f} ms: {lists['worst']}"
    found = f"exact {names['exact_ms']:.1f}, slips {names['slips_ms']:.1f}, other script {names['script_ms']:.1f} ms"
    return [
        make_row(f"{what}, any filter and place, p95 in database, ms", lists["database_p95"], 20, "low", worst),
        make_row(f"{what}, the same as a page, p95, ms", lists["page_p95"], 200, "low", f"{lists['pages']} pages"),
        make_row(f"search in {ROWS:,}, p95 in database, ms", names["database_p95"], 20, "low", found),
        make_row("search, the same as a page, p95, ms", names["page_p95"], 200, "low", f"{names['pages']} pages"),
        make_row("search, share of names with a slip that are found", names["found"], 0.95, "high", names["missed"]),
        make_row("overview as a page, p95, ms", overview["page_p95"], 200, "low", f"{overview['database_p95']:.0f} in db"),
        make_row(
            "admin changelist / our list, time of a page", peer["page_ms"] / lists["plain_ms"], 30, "high",
            f"{peer['page_ms']:,.0f} against {lists['plain_ms']:.1f} ms, medians, HTML included",
        ),
    ]  # fmt: skip
