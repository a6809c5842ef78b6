"""A private PostgreSQL with the demonstration action and a CSV of its claims, for the benchmarks."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.servers import run_postgres

ROOT = Path(__file__).parents[2]
PACK = ROOT / "config" / "packs" / "noyb-meta-ai-training"
ACTION = "noyb-meta-ai-training"
TABLES = ("claims_claimant", "claims_claim")


@dataclass
class Book:
    """Where the benchmark works: the database, the CSV, and a folder for copies of the tables."""

    url: str
    folder: Path
    rows: int

    @property
    def file(self) -> Path:
        """The CSV of claims."""
        return self.folder / "claims.csv"

    def run(self, step: str, *arguments: object) -> dict:
        """Run a step of `tests.bench.steps` in a process of its own and return what it measured."""
        command = [sys.executable, "-m", "tests.bench.steps", step, *map(str, arguments)]
        environment = {**os.environ, "DATABASE_URL": self.url, "LOG_LEVEL": "ERROR"}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def run_helper(self) -> Iterator[None]:
        """Let a second process do free chunks of any job meanwhile, as a worker of two does."""
        command = [sys.executable, "-m", "tests.bench.steps", "help"]
        environment = {**os.environ, "DATABASE_URL": self.url, "LOG_LEVEL": "ERROR"}
        helper = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert helper.stdin and helper.stdout
        helper.stdout.readline()  # it is up
        try:
            yield
        finally:
            helper.stdin.close()
            helper.wait()

    def connect(self) -> psycopg.Connection:
        """Return a plain connection."""
        return psycopg.connect(self.url)

    def time_statements(self) -> None:
        """Let the server tell whoever connects from now on how long each of its statements took it."""
        with psycopg.connect(self.url.replace("//redress@", "//postgres@"), autocommit=True) as connection:
            for setting in ("log_duration = on", "client_min_messages = log"):
                connection.execute(f"ALTER ROLE redress SET {setting}")

    def empty(self) -> None:
        """Remove all claims and people; the tables are as new."""
        with self.connect() as connection:
            connection.execute(
                "TRUNCATE claims_claim, claims_claimant, claims_claimcount, claims_job, claims_jobchunk CASCADE"
            )

    def dump(self) -> None:
        """Keep the rows of both tables as COPY writes them."""
        with self.connect() as connection:
            for table in TABLES:
                with (
                    connection.cursor().copy(f"COPY {table} TO STDOUT") as copy,
                    (self.folder / table).open("wb") as out,
                ):
                    for block in copy:
                        out.write(block)

    def copy_raw(self) -> float:
        """Write the kept rows back by a bare COPY in one transaction; return the seconds. The limit of any import."""
        self.empty()
        began = time.monotonic()
        with self.connect() as connection:
            for table in TABLES:
                with (
                    (self.folder / table).open("rb") as source,
                    connection.cursor().copy(f"COPY {table} FROM STDIN") as copy,
                ):
                    while block := source.read(65536):
                        copy.write(block)
        return time.monotonic() - began

    def restore(self) -> None:
        """Put the kept rows back, with counts as after the import, vacuumed and analysed."""
        self.copy_raw()
        with self.connect() as connection:
            connection.execute(
                "INSERT INTO claims_claimcount (action_id, state, tier, outcome, claims)"
                " SELECT action_id, habitual_residence, '', '', count(*) FROM claims_claim GROUP BY 1, 2"
            )
            connection.commit()
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE claims_claim")
            connection.execute("VACUUM ANALYZE claims_claimant")


@contextmanager
def open_book(rows: int) -> Iterator[Book]:
    """Yield a book with the action loaded and `rows` claims in its CSV, none in the database."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as name, run_postgres(is_durable=True) as url:
        book = Book(url, Path(name), rows)
        for command in (
            ["migrate", "--verbosity", "0"],
            ["load_pack", str(PACK)],
            ["make_synthetic_claims", ACTION, str(rows), "--out", str(book.file)],
        ):
            environment = {**os.environ, "DATABASE_URL": url}
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        yield book


def make_row(what: str, value: float, limit: float | None, best: str, note: str = "") -> dict:
    """Return one line of the table."""
    return {"what": what, "value": round(value, 3), "limit": limit, "best": best, "note": note}


def median(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)
