"""Run the benchmarks and print a table of ratios: `python -m tests.bench [NAME]`."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench.book import Book, open_book
from tests.bench.clicks import measure_clicks
from tests.bench.dry_run import measure_dry_run
from tests.bench.duplicates import measure_duplicates
from tests.bench.filings import measure_filings
from tests.bench.importing import measure_import
from tests.bench.listing import measure_listing
from tests.bench.registration import measure_registration
from tests.bench.scenarios import measure_scenarios
from tests.bench.screening import measure_screening

ROOT = Path(__file__).parents[2]
OUT = ROOT / "var" / "bench.json"
ON_A_BOOK: dict[str, Callable[[Book], list[dict]]] = {
    "import": measure_import,
    "screening": measure_screening,
    "dry_run": measure_dry_run,
}
ALONE: dict[str, Callable[[], list[dict]]] = {
    "scenarios": measure_scenarios,
    "filings": measure_filings,
    "clicks": measure_clicks,
    "registration": measure_registration,
    "book": measure_listing,
    "duplicates": measure_duplicates,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; print the table; return 2 for a name that is none."""
    known = [*ON_A_BOOK, *ALONE]
    chosen = [name for name in names if name] or known
    if unknown := [name for name in chosen if name not in known]:
        print(f"no benchmark `{unknown[0]}`; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    rows: list[dict] = []
    for name in chosen:
        if name in ALONE:
            rows += ALONE[name]()
            continue
        with open_book(int(os.environ.get("ROWS", "200000"))) as book:
            rows += ON_A_BOOK[name](book)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"commit": read_commit(), "cores": os.cpu_count(), "figures": rows}, indent=1) + "\n")
    print(format_table(rows))
    print(f"written to {OUT.relative_to(ROOT)}")
    return 0


def read_commit() -> str:
    """Return the commit that was measured, so that a figure can be traced."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def format_table(rows: list[dict]) -> str:
    """Return the figures as lines: what, measured, limit, whether it was reached."""
    lines = [f"{'figure':<58} {'measured':>12} {'to reach':>12}  "]
    for row in rows:
        limit = f"{'<=' if row['best'] == 'low' else '>='} {row['limit']:,}" if row["limit"] is not None else ""
        verdict = "" if row["limit"] is None else "ok" if is_reached(row) else "MISSED"
        lines.append(f"{row['what']:<58} {row['value']:>12,.2f} {limit:>12}  {verdict}  {row['note']}")
    return "\n".join(lines)


def is_reached(row: dict) -> bool:
    """Whether a figure reaches its limit."""
    return row["value"] <= row["limit"] if row["best"] == "low" else row["value"] >= row["limit"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [os.environ.get("BENCH", "")]))
