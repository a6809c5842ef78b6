"""Only the exact words of a scanner that answers are "clean"."""

import shutil
import socketserver
import subprocess
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from claims.base.scanning import NotScanned, is_configured, is_infected
from tests.claims.evidence.corpus import EICAR
from tests.workers import wait_until


class FakeScanner(socketserver.StreamRequestHandler):
    """Speaks the protocol of clamd, and answers as its server was told to."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            data += self.rfile.read(size)
        self.server.seen = data
        answer = self.server.answer
        if answer is None:
            answer = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        for piece in [answer] if isinstance(answer, bytes) else answer:
            with suppress(OSError):  # whoever asked may have given up
                self.wfile.write(piece)
            time.sleep(self.server.pause)


@contextmanager
def run_scanner(answer=None, pause=0):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), FakeScanner) as server:
        server.daemon_threads, server.block_on_close = True, False
        server.answer, server.pause, server.seen = answer, pause, b""
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def set_scanner(settings, server):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"


def test_without_a_setting_there_is_no_scanner(settings):
    settings.CLAMD_URL = ""
    assert not is_configured()


def test_the_whole_file_is_scanned_in_pieces(settings):
    data = bytes(range(256)) * 4000
    with run_scanner() as server:
        set_scanner(settings, server)
        assert not is_infected(data)
        assert server.seen == data
        assert is_infected(data + EICAR)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\0", b"OK\0", b"stream: ok\0", b"stream: OK FOUND? no\0", b"stream: OK\0stream: OK\0 ", b"stream: OKAY\0", b"OK stream: OK\0",
        b"INSTREAM size limit exceeded. ERROR\0", b"stream: Can't allocate memory ERROR\0", b"UNKNOWN COMMAND\0", b"x" * 9000, b"stream: OK\0\0OK",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_never_clean(settings, answer):
    with run_scanner(answer) as server:
        set_scanner(settings, server)
        with pytest.raises(NotScanned):
            is_infected(b"data")


@pytest.mark.parametrize("answer", [[b"", b"stream: OK\0"], [bytes([letter]) for letter in b"stream: OK\0"]])
def test_a_scanner_that_takes_its_time_is_not_waited_for(settings, answer):
    settings.CLAMD_SECONDS = 0.5
    with run_scanner(answer, pause=0.1 if len(answer) > 2 else 3) as server:
        set_scanner(settings, server)
        with pytest.raises(NotScanned):
            is_infected(b"data")


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_has_said_nothing(settings, url):
    settings.CLAMD_URL = url
    with pytest.raises(NotScanned):
        is_infected(b"data")


@pytest.fixture
def real_scanner(settings, tmp_path):
    """A clamd with one signature of our own."""
    program = shutil.which("clamd") or shutil.which("/usr/sbin/clamd")
    if not program:
        pytest.skip(
            "clamd is not installed (Debian: clamav-daemon); the protocol is tested against a server of our own"
        )
    (tmp_path / "eicar.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test\n")
    lines = f"DatabaseDirectory {tmp_path}\nLocalSocket {tmp_path}/clamd.ctl\nForeground yes\nUser root\n"
    (tmp_path / "clamd.conf").write_text(lines)
    process = subprocess.Popen(
        [program, "-c", str(tmp_path / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    settings.CLAMD_URL = f"unix://{tmp_path}/clamd.ctl"
    wait_until(lambda: (tmp_path / "clamd.ctl").exists(), "the start of clamd")
    yield
    process.kill()
    process.wait()


def test_the_real_clamd_understands_us(real_scanner):
    assert is_infected(EICAR)
    assert not is_infected(b"My objection of 24 May 2025")
    assert not is_infected(b"\0" * (3 << 20))
