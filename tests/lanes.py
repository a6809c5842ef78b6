"""Run every test, lane by lane: `python -m tests.lanes [LANE ...] [-- PYTEST ARGUMENTS]`.

REQUIRE_ALL=1 makes a lane that is skipped for want of a program a failure.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

from tests import servers

NO_TESTS_COLLECTED = 5  # pytest's exit code


@dataclass(frozen=True)
class Lane:
    """One run of pytest: which tests, which Debian packages it lacks here, what it runs on (given a scratch folder)."""

    name: str
    arguments: tuple[str, ...]
    list_missing: Callable[[], list[str]]
    run_services: Callable[[Path], AbstractContextManager[dict[str, str]]]


@dataclass(frozen=True)
class Result:
    """What one lane came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""


def main(arguments: Sequence[str]) -> int:
    """Run the lanes, print a line for each and the sum in the last line; return the exit status."""
    signal.signal(signal.SIGTERM, leave)
    lanes, pytest_arguments = read_arguments(arguments)
    missing = {lane.name: lane.list_missing() for lane in lanes}
    results = {lane.name: run_lane(lane, pytest_arguments) for lane in lanes if not missing[lane.name]}
    for lane in lanes:
        print(describe(lane.name, missing[lane.name], results.get(lane.name)))
    is_incomplete = os.environ.get("REQUIRE_ALL", "0") not in {"", "0"} and len(results) < len(lanes)
    if is_incomplete:
        print("FAILED: REQUIRE_ALL is set and a lane was skipped")
    print(sum_up(results.values()), flush=True)
    return 1 if is_incomplete or any(result.failed for result in results.values()) else 0


def leave(*_: object) -> NoReturn:
    """End through the exits of all contexts, so that no server stays behind."""
    raise SystemExit(143)


def read_arguments(arguments: Sequence[str]) -> tuple[list[Lane], list[str]]:
    """Return the lanes to run and what goes to pytest; no name means all."""
    names, pytest_arguments = list(arguments), []
    if "--" in names:
        cut = names.index("--")
        names, pytest_arguments = names[:cut], names[cut + 1 :]
    unknown = set(names) - LANES.keys()
    if unknown:
        print(f"Unknown lane: {', '.join(sorted(unknown))}. There are: {', '.join(LANES)}.", file=sys.stderr)
        raise SystemExit(2)
    return [LANES[name] for name in names or LANES], pytest_arguments


def run_lane(lane: Lane, pytest_arguments: Sequence[str]) -> Result:
    """Run one lane in a scratch folder of its own and return what it came to."""
    print(f"== lane {lane.name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"redress-{lane.name}-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        report = folder / "report.xml"
        # Kept byte code: every process that a test starts would compile Django and SciPy anew.
        own = {"REDRESS_TEST_DIR": str(folder / "tests"), "PYTHONDONTWRITEBYTECODE": ""}
        arguments = [*lane.arguments, f"--junitxml={report}", *pytest_arguments]
        try:
            with lane.run_services(folder) as services:
                exit_code = run_pytest(arguments, os.environ | services | own)
        except servers.ServerError as error:
            return Result(failed=1, seconds=time.monotonic() - started, note=str(error))
        return read_report(report, exit_code, seconds=time.monotonic() - started)


def run_pytest(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest to its end and return its exit code; when we are stopped, let it clean up first."""
    process = subprocess.Popen([sys.executable, "-m", "pytest", "--quiet", *arguments], env=environment)
    try:
        return process.wait()
    except BaseException as stop:
        if not isinstance(stop, KeyboardInterrupt):  # Ctrl-C has reached pytest already
            process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def read_report(report: Path, exit_code: int, *, seconds: float) -> Result:
    """Return the counts of pytest's report. A run that ended badly is never a success, whatever it counted."""
    if exit_code == NO_TESTS_COLLECTED:
        return Result(seconds=seconds, note="no tests collected")
    if not report.exists():
        return Result(failed=1, seconds=seconds, note=f"pytest ended with exit code {exit_code} and no report")
    suites = list(ElementTree.parse(report).iter("testsuite"))
    tests, failures, errors, skipped = (
        sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    failed, note = failures + errors, ""
    if exit_code and not failed:
        failed, note = 1, f"pytest ended with exit code {exit_code}"
    return Result(max(tests - failures - errors - skipped, 0), failed, skipped, seconds, note)


def sum_up(results: Collection[Result]) -> str:
    """Return what the lanes came to together, as the closing line has it."""
    passed, failed = sum(result.passed for result in results), sum(result.failed for result in results)
    return f"{passed} passed, {failed} failed, {sum(result.skipped for result in results)} skipped"


def describe(name: str, missing: Sequence[str], result: Result | None) -> str:
    """Return the line of one lane for the screen."""
    if result is None:
        return f"SKIPPED lane {name}: install {', '.join(missing)}"
    note = f" ({result.note})" if result.note else ""
    return f"lane {name}: {sum_up([result])} in {result.seconds:.1f} s{note}"


def list_nothing() -> list[str]:
    """Return that nothing is missing."""
    return []


def list_missing_browser() -> list[str]:
    """Return the package of the browser where it is missing."""
    return [] if shutil.which("chromium") else ["chromium"]


@contextmanager
def run_embedded(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the settings of the embedded default, whatever this machine's own settings are."""
    yield {"DATABASE_URL": f"sqlite:///{folder / 'redress.sqlite3'}", "BROKER_URL": "filesystem://"}


@contextmanager
def run_servers(folder: Path) -> Iterator[dict[str, str]]:
    """Run PostgreSQL and Redis and yield the settings that name them."""
    with servers.run_postgres() as database_url, servers.run_redis() as broker_url:
        yield {"DATABASE_URL": database_url, "BROKER_URL": broker_url}


LANES = {
    lane.name: lane
    for lane in (
        Lane("embedded", ("-m", "not browser", "-n", "2"), list_nothing, run_embedded),
        Lane("server", ("-m", "not browser", "-n", "2"), servers.list_missing_packages, run_servers),
        Lane("browser", ("-m", "browser"), list_missing_browser, run_embedded),
    )
}

if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
