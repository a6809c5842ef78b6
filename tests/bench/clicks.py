"""How long a person waits: for a scenario from the click to the result, for a certificate from the click to the file."""

from tests.bench.book import make_row, median
from tests.bench.office import open_office


def measure_clicks() -> list[dict]:
    """Return the waiting times in seconds and as ratios to their limits, on the embedded default."""
    with open_office() as office:
        with office.run_worker():
            runs = office.run("click_run", 5)["seconds"]
        papers = office.run("click_certificate", 6)["seconds"][1:]  # the first one prepares the fonts
    return [
        *make_rows("base scenario, 100,000 draws, click to finished", runs, 3.0),
        *make_rows("certificate, click to file, warm", papers, 1.5),
    ]


def make_rows(what: str, seconds: list[float], limit: float) -> list[dict]:
    """Return the line of a waiting time: the median as a ratio to its limit; each turn is in the note."""
    turns = ", ".join(f"{turn:.2f}" for turn in seconds)
    return [make_row(f"{what} / {limit} s", median(seconds) / limit, 1, "low", f"{turns} s")]
