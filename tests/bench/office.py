"""A private office on the embedded default: its own database, broker and folders, gone afterwards."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACK = ROOT / "config" / "packs" / "noyb-meta-ai-training"
ACTION = PACK.name


@dataclass
class Office:
    """Where the benchmark works."""

    folder: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        own = {
            "DATABASE_URL": f"sqlite:///{self.folder / 'redress.sqlite3'}",
            "BROKER_URL": "filesystem://",
            "BROKER_DIR": str(self.folder / "broker"),
            "CACHE_URL": f"filecache://{self.folder / 'cache'}",
            "HISTORY_CHECKPOINTS": str(self.folder / "checkpoints.log"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "LOG_LEVEL": "ERROR",
        }
        self.environment = {**os.environ, **own}

    def manage(self, *command: object) -> None:
        """Run a command of the project."""
        call = [sys.executable, "manage.py", *map(str, command)]
        subprocess.run(call, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, check=True)

    def run(self, step: str, *arguments: object, is_watched: bool = False) -> dict[str, Any]:
        """Run a step of `tests.bench.office_steps` in a process of its own; return what it measured.

        Watched, `peak_sum_mb` is the most that it and all that it started took at one moment, what they share counted
        once. Watching costs processor time, of the one who watches and a little of those who are watched.
        """
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.office_steps", step, *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE)
        with watch_memory(process.pid) if is_watched else nullcontext({"peak_mb": 0.0}) as watched:
            out, _ = process.communicate()
        if process.returncode:
            raise RuntimeError(f"step {step} ended with {process.returncode}")
        return {**json.loads(out.splitlines()[-1]), "peak_sum_mb": watched["peak_mb"]}

    @contextmanager
    def run_worker(self) -> Iterator[None]:
        """Run a worker as `make serve` does; it is up and idle when this yields, and gone afterwards."""
        options = ["--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
        command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "config", "worker", *options]
        worker = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL
        )
        try:
            self.run("await_worker")
            yield
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


@contextmanager
def open_office(claims: int = 0) -> Iterator[Office]:
    """Yield an office with the action loaded and `claims` made up in a CSV."""
    with tempfile.TemporaryDirectory(prefix="redress-office-") as name:
        office = Office(Path(name))
        office.manage("migrate", "--verbosity", 0)
        office.manage("load_pack", PACK)
        if claims:
            office.manage("make_synthetic_claims", ACTION, claims, "--out", office.folder / "claims.csv")
        yield office


@contextmanager
def watch_memory(pid: int) -> Iterator[dict[str, float]]:
    """Look at a process and its children thirty times a second."""
    found, is_over = {"peak_mb": 0.0}, threading.Event()

    def look() -> None:
        while not is_over.wait(0.03):
            found["peak_mb"] = max(found["peak_mb"], sum(map(read_share, list_family(pid))))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        is_over.set()
        watcher.join()


def list_family(pid: int) -> list[int]:
    """Return a process and all below it."""
    family = [pid]
    for member in family:
        with suppress(OSError):
            for file in Path(f"/proc/{member}/task").glob("*/children"):
                family += map(int, file.read_text().split())
    return family


def read_share(pid: int) -> float:
    """Return the proportional memory of a process in MB; none where it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
