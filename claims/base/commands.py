"""What the commands of every stage have in common: one JSON object, one line for a refusal, a worker if need be."""

import json
import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, OperationalError

from claims.base import jobs
from claims.base.errors import Refused
from claims.models import Job

PATIENCE = 60  # seconds in which a worker that was told to end has to
UNDEFINED_TABLE = "42P01"  # PostgreSQL's SQLSTATE; a missing database or role "does not exist" either


class Command(BaseCommand):
    """A command of the project: `run` returns what is printed.

    With `--json` exactly one JSON object goes to standard output. Messages go to standard error. Exit status 0 done,
    1 refused (one line, no traceback), 2 wrong usage.
    """

    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--json` and the arguments of the command."""
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        self.add_own_arguments(parser)

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments of the command; most have some."""

    def run(self, **options: Any) -> dict[str, Any]:
        """Do the work and return the result."""
        raise NotImplementedError

    def show(self, result: dict[str, Any]) -> str:
        """Return the result as text for people."""
        return "\n".join(_list_lines(result))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the command, print its result, turn what a person can mend into one line."""
        try:
            result = self.run(**options)
        except Refused as error:
            self._end(str(error))
        except (DatabaseError, InterfaceError) as error:
            self._end(explain_database_error(error))
        except OSError as error:
            self._end(f"{error.filename or 'a file'}: {error.strerror}; nothing was done")
        self.stdout.write(json.dumps(result) if options["json"] else self.show(result))
        if result.get("ok") is False:
            raise SystemExit(1)

    def _end(self, sentence: str) -> None:
        self.stderr.write(" ".join(sentence.split()))
        raise SystemExit(1)

    def say(self, text: str) -> None:
        """Tell progress on standard error."""
        self.stderr.write(text)


def _list_lines(result: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Yield `name: value`, what lies within a value below it; names of our own lose their underscores."""
    for name, value in result.items():
        title = indent + (name if indent else name.replace("_", " "))
        match value:
            case dict() if value and not any(isinstance(inner, dict) for inner in value.values()) and indent:
                yield f"{title}: " + ", ".join(f"{word} {number}" for word, number in value.items())
            case dict():
                yield f"{title}:" if value else f"{title}: none"
                yield from _list_lines(value, indent + "  ")
            case _:
                yield f"{title}: {value}"


def explain_database_error(error: Exception) -> str:
    """Return what a person can do about an error of the database. Values of rows are not repeated."""
    text, sqlstate = str(error), getattr(error.__cause__, "sqlstate", "")
    if "no such table" in text or sqlstate == UNDEFINED_TABLE:
        return "the database has no tables yet, or not all; run `manage.py migrate`"
    if "is full" in text or "No space left" in text:
        return "the disk of the database is full; make room and run the command again, nothing was half done"
    if isinstance(error, OperationalError):
        reason = (text.strip().splitlines() or ["no reason given"])[0][:200]
        return f"the database does not answer (DATABASE_URL): {reason}"
    return f"the database refused the work ({type(error).__name__}); nothing was half done"


def run_job(job: Job, *, say: Callable[[str], None], worker: "OwnWorker | None" = None) -> Job:
    """Return the job when it is done; start a worker for it where none is at work. Raises Refused where it fails.

    A command that runs several jobs gives them one `worker`, which takes seconds to start.
    """
    shown = -1

    def report(job: Job) -> None:
        nonlocal shown
        own.keep()
        if job.percent // 10 > shown:
            shown = job.percent // 10
            say(f"{job.kind}: {job.units_done:,} of {job.units_total:,}")

    with nullcontext(worker) if worker else OwnWorker() as own:
        if job.is_active:
            jobs.wait_for_job(job, report=report)
    if job.state != Job.State.DONE:
        raise Refused(f"{job.kind} ended as {job.state}: {job.error or 'it was cancelled'}")
    return job


class OwnWorker:
    """A worker of our own for as long as no other is at work; it ends with us."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "OwnWorker":
        return self

    def keep(self) -> None:
        """Start the worker if none is at work. Raises Refused where ours has ended by itself."""
        if self._process is None and not jobs.is_worker_alive():
            if not jobs.is_broker_up():
                raise Refused("the broker does not answer (BROKER_URL); the job is kept until a worker runs")
            worker = [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "celery",
                "-A",
                "config",
                "worker",
                "-c",
                "2",
            ]
            beat = ["-B", "-s", str(settings.VAR_DIR / f"beat-{os.getpid()}"), "--without-gossip", "--without-mingle"]
            self._process = subprocess.Popen(
                [*worker, *beat],
                stdout=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={"LOG_LEVEL": "ERROR", **os.environ},
                process_group=0,  # a worker told to end while it starts leaves children behind; the group finds them
            )
        elif self._process and self._process.poll() is not None:
            raise Refused("the worker ended by itself; the job is kept and goes on when a worker runs")

    def __exit__(self, *_: object) -> None:
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # no job suffers: what is not done stands in rows
        self._process.wait()
        jobs.forget_worker()
        for file in settings.VAR_DIR.glob(f"beat-{os.getpid()}*"):
            file.unlink()
