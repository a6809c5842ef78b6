"""The virus scanner: clamd by its INSTREAM command, where CLAMD_URL names one.

A scanner that is away, slow or talks nonsense has said nothing. Only the exact words of "clean" are clean.
"""

import re
import socket
import time
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 1 << 18  # bytes
MOST_ANSWER = 4096  # bytes; clamd answers one line
FOUND = re.compile(rb"stream: .+ FOUND\0?", re.DOTALL)


class NotScanned(Exception):
    """The scanner gave no answer that counts."""


def is_configured() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings.CLAMD_URL)


def is_infected(data: bytes) -> bool:
    """Whether the scanner finds something in the data. Raises NotScanned, within CLAMD_SECONDS.

    Protocol: clamd(8), zINSTREAM: each piece with its length in four bytes, big endian, and a length of 0 at the end.
    """
    ends_at = time.monotonic() + settings.CLAMD_SECONDS
    try:
        with _connect(settings.CLAMD_URL) as line:
            _send(line, data, ends_at)
            answer = _receive(line, ends_at)
    except OSError as error:
        raise NotScanned(type(error).__name__) from None
    if answer.rstrip(b"\0\n") == b"stream: OK":
        return False
    if FOUND.fullmatch(answer.rstrip(b"\n")):
        return True
    raise NotScanned("an answer that is none")


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=settings.CLAMD_SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(settings.CLAMD_SECONDS)
    try:
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, data: bytes, ends_at: float) -> None:
    pieces = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    _hurry(line, ends_at)
    line.sendall(b"zINSTREAM\0")
    for piece in [*pieces, b""]:
        _hurry(line, ends_at)
        line.sendall(len(piece).to_bytes(4, "big") + piece)


def _receive(line: socket.socket, ends_at: float) -> bytes:
    answer = b""
    while not answer.endswith((b"\0", b"\n")) and len(answer) < MOST_ANSWER:
        _hurry(line, ends_at)
        piece = line.recv(MOST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer


def _hurry(line: socket.socket, ends_at: float) -> None:
    """Leave the next step no more than the time that is left."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
