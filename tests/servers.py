"""Private PostgreSQL and Redis servers on free loopback ports, for the tests and the benchmarks; gone afterwards."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

PATIENCE_SECONDS = 180  # a machine that is slow is no fault of ours: only what never comes ends here
_names: list[socket.socket] = []  # of the ports that this process has


class ServerError(RuntimeError):
    """A server is not installed, did not start, or died; the message holds what it said last."""


def list_missing_packages() -> list[str]:
    """Return the names of the Debian packages without which the servers cannot run here."""
    found = {"postgresql": find_postgres_programs(), "redis-server": shutil.which("redis-server")}
    return [package for package, program in found.items() if not program]


def find_postgres_programs() -> Path | None:
    """Return the folder of the newest installed `initdb` and `postgres`, or None. Debian keeps them off the PATH."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def run_postgres(*, is_durable: bool = False) -> Iterator[str]:
    """Run an empty PostgreSQL and yield its DATABASE_URL.

    The role may create databases but is no superuser, as in production: row-level security binds it.
    Unless `is_durable`, commits do not wait for the disk.
    """
    programs = find_postgres_programs()
    if programs is None:
        raise ServerError("PostgreSQL is missing: install postgresql")
    with tempfile.TemporaryDirectory(prefix="redress-postgres-") as name:
        server = Postgres(folder=Path(name), programs=programs, is_durable=is_durable)
        server.create()
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


@contextmanager
def run_redis() -> Iterator[str]:
    """Run an empty Redis and yield its BROKER_URL."""
    with run_mortal_redis() as server:
        yield server.url


@contextmanager
def run_mortal_redis() -> Iterator["Redis"]:
    """Run an empty Redis and yield the server itself, for tests that `kill()` it and `start()` it again."""
    with tempfile.TemporaryDirectory(prefix="redress-redis-") as name:
        server = Redis(folder=Path(name))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def find_free_port() -> int:
    """Return a loopback port on which nobody listens, and which is ours for as long as this process lives.

    It is none of those that the kernel gives to connections by itself, and its name, a socket without a file, is taken:
    so a server that is killed finds its port free again, and no other process of the tests comes to the same one.
    """
    for port in random.sample(range(20_000, 30_000), 10_000):
        name = socket.socket(socket.AF_UNIX)
        with suppress(OSError), socket.socket() as probe:
            name.bind(f"\0redress-test-port-{port}")
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            _names.append(name)
            return port
        name.close()
    raise ServerError("no port of this machine is free")


@dataclass
class Server:
    """A server process that lives no longer than this process. Subclasses say how it starts and when it answers."""

    folder: Path
    port: int = field(default_factory=find_free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return when it answers."""
        with (self.folder / "log").open("ab") as log:
            # A group of its own: Ctrl-C ends the tests first, and the servers after them.
            self.process = subprocess.Popen(
                bind_to_our_life(self.command()), stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )
        try:
            self.wait_until_it_answers(self.process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server in good order; return when it is gone."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a power cut would. On the same port and folder, `start()` brings it back."""
        self._end(signal.SIGKILL)

    def _end(self, signal_number: int) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal_number)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        """Return once the server answers; raise ServerError when it dies or says nothing for too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"{type(self).__name__} did not start: {self.last_words()}")
            time.sleep(0.05)

    def last_words(self) -> str:
        """Return the end of the server's log."""
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def command(self) -> list[str]:
        """Return the command line that runs the server in the foreground."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Say whether the server takes requests by now."""
        raise NotImplementedError


@dataclass
class Redis(Server):
    """A Redis that writes every change to its append-only file, as in production."""

    @property
    def url(self) -> str:
        """Return the BROKER_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return the command line of the server."""
        return [
            *("redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)),
            *("--appendonly", "yes", "--save", "", "--daemonize", "no", "--loglevel", "warning"),
        ]

    def answers(self) -> bool:
        """Say whether the server has read its file and answers a ping."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@dataclass(kw_only=True)
class Postgres(Server):
    """A PostgreSQL that trusts who reaches its loopback port."""

    programs: Path
    is_durable: bool = False

    @property
    def url(self) -> str:
        """Return the DATABASE_URL of the ordinary role."""
        return f"postgres://redress@127.0.0.1:{self.port}/redress"

    def create(self) -> None:
        """Make the files of an empty server in the folder."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        options = "--username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"
        command = [str(self.programs / "initdb"), "--pgdata", str(self.folder / "data"), *options.split()]
        made = subprocess.run(as_postgres_user(command), cwd=self.folder, capture_output=True, text=True)
        if made.returncode:
            raise ServerError(f"PostgreSQL could not make its files: {made.stderr[-2000:]}")

    def start(self) -> None:
        """Start the server and make the ordinary role and its database where they are missing."""
        super().start()
        with self.connect_as_superuser() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'redress'").fetchone():
                connection.execute("CREATE ROLE redress LOGIN CREATEDB")
                connection.execute("CREATE DATABASE redress OWNER redress")

    def connect_as_superuser(self) -> psycopg.Connection:
        """Return a connection that may do anything, each statement on its own."""
        url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        return psycopg.connect(url, autocommit=True, connect_timeout=30)

    def command(self) -> list[str]:
        """Return the command line of the server."""
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "100"}
        if not self.is_durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        return as_postgres_user([*program, *options])

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        try:
            self.connect_as_superuser().close()
        except psycopg.OperationalError:
            return False
        return True


def as_postgres_user(command: list[str]) -> list[str]:
    """Return the command so that root runs it as `postgres`: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", *command]


def bind_to_our_life(command: list[str]) -> list[str]:
    """Return the command so that the kernel ends it when this process dies, however it dies."""
    if command[0] == "setpriv":
        return ["setpriv", "--pdeathsig", "INT", *command[1:]]
    return ["setpriv", "--pdeathsig", "INT", *command]
