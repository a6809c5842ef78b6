"""The real web server for tests, as the Procfile starts it, on the database of the test; to be killed without mercy."""

import fcntl
import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.servers import PATIENCE_SECONDS, bind_to_our_life, find_free_port
from tests.workers import make_environment, wait_until

ROOT = Path(__file__).parents[1]


def read_command(port):
    """The line of the Procfile that says how the web server runs.

    With one worker, made from a parent that has loaded the program already: a killed one is followed by the next at once.
    """
    line = re.search("^web: exec (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE).group(1)
    words = shlex.split(line.replace("${PORT:-8000}", str(port)).replace("--workers 2", "--workers 1 --preload"))
    return [sys.executable, "-m", "gunicorn", *words[1:]]


class Web:
    """A web server on a port that it keeps over its deaths."""

    def __init__(self, **settings):
        self.port = find_free_port()
        base = {"BASE_URL": f"http://127.0.0.1:{self.port}", "ALLOWED_HOSTS": "127.0.0.1"}
        self.environment = {**make_environment(), **base, **settings}
        self.process = None

    def start(self):
        """Start it, and return when it answers."""
        self.process = subprocess.Popen(
            bind_to_our_life(read_command(self.port)), cwd=ROOT, env=self.environment, start_new_session=True
        )
        wait_until(self.answers, "the start of the web server")

    def answers(self):
        assert self.process.poll() is None, "the web server ended by itself"
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/robots.txt")
            return connection.getresponse().status < 500
        return False

    def kill(self):
        """End all of it as a power cut would."""
        with suppress(ProcessLookupError, AttributeError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def kill_worker(self):
        """End the process that answers, without a word; its parent starts another one, and connections wait for it."""
        killed = self.list_workers()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not set(killed) & set(self.list_workers()), "the end of the worker")

    def list_workers(self):
        """The processes that answer."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def list_pids(self):
        """The main process and its workers."""
        return [self.process.pid, *self.list_workers()]

    def read_peak_mb(self):
        """The most memory that any of them has held so far."""
        peaks = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in self.list_pids()]
        return max(int(peak.group(1)) for peak in peaks) / 1024


class Visitor:
    """A browser without scripts: cookies, forms, redirects."""

    def __init__(self, web):
        self.web, self.cookies = web, {}

    def ask(self, method, path, body=None, headers=None):
        """Return (status, headers, text) of one request; raises OSError or HTTPException where the server died."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, answer.headers, text

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **fields):
        """Send the form of a page; return the address that the answer leads to."""
        fields = {name.replace("__", "."): value for name, value in fields.items()}
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path)[2])
        body = urlencode({"csrfmiddlewaretoken": token.group(1), **fields})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.web.port}"}
        status, answered, text = self.ask("POST", path, body, headers)
        assert status == 302, (status, text[-2000:])
        return answered["Location"]


@contextmanager
def run_web(**settings):
    """Run a web server and yield it; it is gone afterwards."""
    web = Web(**settings)
    collect_static(web.environment)
    try:
        web.start()
        yield web
    finally:
        web.kill()


def collect_static(environment):
    """Put the static files where the server looks for them, once in a run: a server of another test is reading them."""
    (ROOT / "var").mkdir(exist_ok=True)
    done = Path(os.environ["REDRESS_TEST_DIR"]) / "static.done"
    done.parent.mkdir(exist_ok=True)
    with (ROOT / "var" / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            return
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        done.touch()
