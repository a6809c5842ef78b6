"""How many people can press the last button in a second: whole submissions against a bare view that inserts one row.

Ours: the POST of the last page as a browser sends it, with session, CSRF token and all middleware; the page was shown
before, as it is to everybody. The claims that a worker makes of it (claims.intake.entering) are timed for themselves,
and no worker runs meanwhile. The peer: a Django without middleware (tests.bench.bare). Both on the same gunicorn
settings (Procfile), PostgreSQL and pool; commits wait for the disk.
"""

import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.book import ACTION, PACK, ROOT, make_row, median
from tests.servers import bind_to_our_life, find_free_port, run_postgres, run_redis

CONNECTIONS = 16
SENT = int(os.environ.get("SUBMISSIONS", "400"))
TURNS = 3
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = "a" * 32  # the cookie and the field agree, which is all that Django asks
Request = tuple[str, str, dict[str, str]]


@dataclass
class Load:
    """What a run under load came to."""

    per_second: float
    p99_ms: float
    errors: int


def measure_registration() -> list[dict]:
    """Return submissions a second as a ratio to the bare view, their 99th percentile, and the errors."""
    with (
        tempfile.TemporaryDirectory(prefix="redress-registration-") as name,
        run_postgres(is_durable=True) as url,
        run_redis() as broker,
    ):
        environment = make_environment(Path(name), url, broker)
        for command in (["migrate", "-v0"], ["load_pack", str(PACK)], ["collectstatic", "--noinput", "-v0"]):
            call = [sys.executable, "-W", "ignore", "manage.py", *command]
            subprocess.run(call, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
        subprocess.run([sys.executable, "-m", "tests.bench.bare"], cwd=ROOT, env=environment, check=True)
        runs = [measure_turn(Path(name), environment, turn) for turn in range(TURNS)]
        entering = [sys.executable, "-m", "tests.bench.registration_entering"]
        entered = subprocess.run(entering, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [*make_rows(*zip(*runs, strict=True)), make_entering_row(json.loads(entered.stdout))]


def make_entering_row(found: dict) -> dict:
    """Return the line of the worker: it loses nothing, and the note says how fast one of them is."""
    faults = found["sent"] - min(found["receipts"], found["registered"], found["counted"])
    note = (
        f"{found['sent']} claims at {found['per_second']:.0f}/s by one worker: claim, receipt, numbers, names, history"
    )
    return make_row("registration: sent, but not entered whole", faults, 0, "low", note)


def make_rows(sends: tuple[Load, ...], bares: tuple[Load, ...]) -> list[dict]:
    """Return the lines of the table: medians, and every turn in the note."""
    ratios = [sent.per_second / bare.per_second for sent, bare in zip(sends, bares, strict=True)]
    turns = "; ".join(
        f"{sent.per_second:.0f}/s to {bare.per_second:.0f}/s" for sent, bare in zip(sends, bares, strict=True)
    )
    p99 = [sent.p99_ms for sent in sends]
    return [
        make_row("registration: submissions / bare inserts", median(ratios), 0.4, "high", turns),
        make_row("registration: p99 of a submission, ms", max(p99), 1000, "low", ", ".join(f"{it:.0f}" for it in p99)),
        make_row("registration: errors", sum(sent.errors for sent in sends), 0, "low", f"of {SENT * TURNS}"),
    ]


def make_environment(folder: Path, url: str, broker: str) -> dict[str, str]:
    """Return the settings of the servers."""
    own = {"DATABASE_URL": url, "BROKER_URL": broker, "MEDIA_ROOT": str(folder / "media"), "CACHE_URL": f"filecache://{folder / 'cache'}",
           "HISTORY_CHECKPOINTS": str(folder / "checkpoints.log"), "LOG_LEVEL": "ERROR"}  # fmt: skip
    return {**os.environ, **own, "BASE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1"}


def measure_turn(folder: Path, environment: dict[str, str], turn: int) -> tuple[Load, Load]:
    """Return the load of submissions and that of bare inserts, one after the other."""
    file = folder / "sessions.json"
    many = SENT + CONNECTIONS
    steps = [sys.executable, "-m", "tests.bench.registration_steps", str(turn * many), str(many), str(file)]
    subprocess.run(steps, cwd=ROOT, env=environment, check=True)
    sessions = json.loads(file.read_text())
    with run_server("config.wsgi", environment) as port:
        press(port, [make_send(session) for session in sessions[:CONNECTIONS]], expected=302)  # warm
        sent = press(port, [make_send(session) for session in sessions[CONNECTIONS:]], expected=302)
    with run_server("tests.bench.bare", environment) as port:
        insert = ("/", urlencode({"text": "x" * 200}), FORM)
        press(port, [insert] * CONNECTIONS, expected=200)
        bare = press(port, [insert] * (4 * SENT), expected=200)
    return sent, bare


def make_send(session: str) -> Request:
    """Return the request of somebody who presses the button."""
    headers = {"Cookie": f"session={session}; csrf={TOKEN}", "Origin": "http://127.0.0.1:8000", **FORM}
    return f"/actions/{ACTION}/register/check/", urlencode({"csrfmiddlewaretoken": TOKEN}), headers


@contextmanager
def run_server(module: str, environment: dict[str, str]) -> Iterator[int]:
    """Run gunicorn as the Procfile does, with another application; yield its port."""
    port = find_free_port()
    line = re.search("^web: exec (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    assert line is not None
    words = shlex.split(line.group(1).replace("${PORT:-8000}", str(port)).replace("config.wsgi", module))
    command = bind_to_our_life([sys.executable, "-W", "ignore", "-m", "gunicorn", *words[1:]])
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_for(port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def wait_for(port: int) -> None:
    """Return when the server answers."""
    ends_at = time.monotonic() + 60
    while time.monotonic() < ends_at:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def press(port: int, requests: list[Request], *, expected: int) -> Load:
    """Send all requests over 16 connections at once and return what came of them."""
    waiting, seconds, errors, lock = iter(requests), list[float](), list[int](), threading.Lock()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while request := take(waiting, lock):
            began = time.monotonic()
            status = ask(connection, request)
            seconds.append(time.monotonic() - began)
            if status != expected:
                errors.append(status)
        connection.close()

    began = time.monotonic()
    run_all([work] * CONNECTIONS)
    took = time.monotonic() - began
    return Load(len(requests) / took, 1000 * sorted(seconds)[int(len(seconds) * 0.99)], len(errors))


def take(waiting: Iterator[Request], lock: threading.Lock) -> Request | None:
    """Return the next request, or None."""
    with lock:
        return next(waiting, None)


def ask(connection: http.client.HTTPConnection, request: Request) -> int:
    """Return the status of the answer; 0 where there is none."""
    path, body, headers = request
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0


def run_all(works: list[Callable[[], None]]) -> None:
    """Run functions at once and return when all have ended."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
