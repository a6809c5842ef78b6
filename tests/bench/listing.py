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
        book.time_statements()
        steps = ("pages", "names", "overview", "claims", "previews", "admin")
        lists, names, overview, claims, previews, peer = (book.run(f"listing_{step}") for step in steps)
    return [
        *make_rows(f"list of {ROWS:,}, any filter and place", lists),
        *make_rows(f"search in {ROWS:,}", names),
        make_row("search, share of names with a slip that are found", names["found"], 0.95, "high", names["missed"]),
        *make_rows("overview", overview),
        *make_rows("claim with its neighbours under any filter", claims),
        *make_rows("preview of a decision on a whole view", previews, has_goal=False),
        make_row(
            "admin changelist / our list, time of a page", peer["admin_ms"] / peer["ours_ms"], 30, "high",
            f"{peer['admin_ms']:,.0f} against {peer['ours_ms']:.1f} ms, the same rows, medians, HTML included; "
            f"without conditions on the admin's side {peer['admin_bare_ms']:,.0f} ms",
        ),
        make_row(
            "the same in the middle of the book", peer["admin_deep_ms"] / peer["ours_deep_ms"], 30, "high",
            f"{peer['admin_deep_ms']:,.0f} against {peer['ours_deep_ms']:.1f} ms",
        ),
    ]  # fmt: skip


def make_rows(what: str, found: dict, *, has_goal: bool = True) -> list[dict]:
    """Return the lines of one kind of page: in the database, and as a page."""
    note = (
        f"{found['pages']} pages, load {found['load']:.1f}; as PostgreSQL says: parsed, planned and run, all statements"
        f" of a page; CPU of its process {found['work_p95']:.1f} ms, {found['asked_p95']} statements (both p95)"
    )
    worst = (
        f"the same with driver, network and rows made into values; worst {found['worst_ms']:.0f} ms: {found['worst']}"
    )
    return [
        make_row(f"{what}, p95 in the database, ms", found["server_p95"], 20 if has_goal else None, "low", note),
        make_row(f"{what}, p95 waited for the database, ms", found["waited_p95"], None, "low", worst),
        make_row(f"{what}, p95 as a page, ms", found["page_p95"], 200 if has_goal else None, "low"),
    ]
