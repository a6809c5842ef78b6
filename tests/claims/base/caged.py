"""Programs for the cage: what somebody would try who has taken over a decoder."""

import ctypes
import os
import resource
import socket
import subprocess
import threading
import time
from pathlib import Path

TRIES = {
    "read a file": lambda path: Path("/etc/hostname").read_bytes(),
    "read our own code": lambda path: Path(__file__).read_bytes(),
    "write a file": lambda path: Path(path, "new").write_bytes(b"x"),
    "open a file by the C library": lambda path: check(ctypes.CDLL(None).open(b"/etc/hostname", 0)),
    "remove a file": lambda path: Path(path, "there").unlink(),
    "rename a file": lambda path: Path(path, "there").rename(Path(path, "gone")),
    "open a socket": lambda path: socket.socket(),
    "call a host": lambda path: socket.create_connection(("127.0.0.1", 9)),
    "open a pipe": lambda path: os.pipe(),
    "begin a process": lambda path: os.fork(),
    "run a program": lambda path: subprocess.run(["/bin/true"]),
    "begin a thread": lambda path: threading.Thread(target=int).start(),
    "take back rights": lambda path: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
}


def check(result):
    if result < 0:
        raise OSError


def prepare(path):
    """Try everything, and answer what worked."""

    def work(given):
        return "\n".join(name for name in TRIES if succeeds(TRIES[name], path)).encode()

    return work


def succeeds(attempt, path):
    try:
        attempt(path)
    except (OSError, RuntimeError, ValueError):
        return False
    return True


def look_around(_):
    return lambda given: f"{os.getuid()} {sorted(os.environ)} {resource.getrlimit(resource.RLIMIT_AS)}".encode()


def turn_around(_):
    return lambda given: given[::-1]


def eat_memory(_):
    return lambda given: bytes(8 << 30)


def eat_time(_):
    def work(given):
        while True:
            pass

    return work


def sleep(_):
    def work(given):
        time.sleep(60)
        return b""

    return work


def write_much(_):
    return lambda given: b"x" * (2 << 20)


def fail(_):
    return lambda given: given[0]


def die(_):
    return lambda given: os.abort()
