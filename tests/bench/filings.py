"""A register as the code ships it, with every check, against one WeasyPrint table of the same rows; its memory."""

from tests.bench.book import make_row
from tests.bench.office import open_office

CLAIMANTS, PEER_ROWS = 20_000, 5_000
CLAIMS = 33_000  # of the made-up ones two thirds meet the criteria


def measure_filings() -> list[dict]:
    """Return the figures of filings; two registers stand around the peers, so that all see the same machine."""
    with open_office(CLAIMS) as office:
        filled = office.run("fill", office.folder / "claims.csv", CLAIMANTS)
        assert filled["claimants"] == CLAIMANTS, filled
        first = office.run("freeze", "en")
        built = [office.run("build", first["filing"], is_watched=True)]
        peer = office.run("weasyprint", first["filing"], PEER_ROWS, "on")
        lean = office.run("weasyprint", first["filing"], PEER_ROWS, "off")
        built.append(office.run("build", office.run("freeze", "de")["filing"]))
    assert all(turn["rows"] == CLAIMANTS for turn in built), built
    rate = 2 * CLAIMANTS / sum(turn["own"] + turn["children"] for turn in built)
    peer_rate, lean_rate = PEER_ROWS / peer["seconds"], PEER_ROWS / lean["seconds"]
    own, child, both = (max(turn[key] for turn in built) for key in ("own_mb", "child_mb", "peak_sum_mb"))
    what = f"register of {CLAIMANTS:,}, built and checked"
    note = f"{rate:,.0f} against {peer_rate:,.0f} rows per CPU second, {built[0]['files']} volumes"
    return [
        make_row(f"{what} / WeasyPrint, rows/CPU s", rate / peer_rate, 10, "high", note),
        make_row("the same / WeasyPrint without collector", rate / lean_rate, None, "high", f"{lean_rate:,.0f} rows/s"),
        make_row("register, worker and child at one moment, MB", both, 600, "low", "shared memory counted once"),
        make_row("register, peak memory of the worker, MB", own, 600, "low"),
        make_row("register, peak memory of its child, MB", child, 600, "low", f"WeasyPrint took {peer['mb']:,.0f}"),
    ]
