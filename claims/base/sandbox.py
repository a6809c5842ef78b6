"""The outside of a cage: run work on bytes that may be hostile in a process that can do nothing else.

Bytes go in and come out through memory without a name, so nothing lies on a disk, and the kernel bounds what comes out.
"""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from claims.base import cage

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Limits:
    """What a caged process may take: address space, processor time, time by the clock, and how much it may return."""

    megabytes: int
    seconds: int
    clock_seconds: int
    most_bytes: int
    may_thread: bool = False


class Broke(Exception):
    """The work came to no end: what was given is broken, or a bug."""


class TookTooMuch(Broke):
    """It wanted more memory than it may have."""


class TookTooLong(Broke):
    """It used up its processor time."""


class WasTooSlow(Broke):
    """It did not end in time by the clock: the machine may be busy, so it may be tried again."""


def run_caged(program: str, argument: str, given: bytes, *, limits: Limits) -> bytes:
    """Return what `module:function` makes of the bytes.

    The function gets the argument, loads all that it will need and returns the work: a function from bytes to bytes.
    Raises Broke and its kinds.
    """
    with _open_memory("given") as source, _open_memory("made") as made:
        source.write(given)
        source.seek(0)  # which also writes what is still in the buffer
        status = _run(program, argument, source, made, limits)
        if status:
            raise _read_status(status)
        made.seek(0)
        return made.read()


def _open_memory(name: str) -> BinaryIO:
    return os.fdopen(os.memfd_create(name), "w+b")


def _run(program: str, argument: str, source: BinaryIO, made: BinaryIO, limits: Limits) -> int:
    numbers = (os.getpid(), limits.megabytes, limits.seconds, limits.most_bytes, int(limits.may_thread))
    command = [sys.executable, "-I", cage.__file__, str(ROOT), *map(str, numbers), program, argument]
    environment = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
    try:
        return subprocess.run(  # not multiprocessing: a Celery worker's child may not have children of that kind
            command, stdin=source, stdout=made, stderr=subprocess.DEVNULL,
            cwd="/", env=environment, timeout=limits.clock_seconds, check=False,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        raise WasTooSlow from None


def _read_status(status: int) -> Broke:
    if -status in {signal.SIGXCPU, signal.SIGKILL}:  # at one and the same number of seconds both come
        return TookTooLong()
    return TookTooMuch() if status == cage.MEMORY else Broke()
