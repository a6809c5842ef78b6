"""The cage holds against whoever has taken over what runs in it."""

import subprocess
import sys
from pathlib import Path

import pytest

from claims.base import sandbox
from claims.base.sandbox import Limits, run_caged
from tests.claims.base import caged
from tests.workers import wait_until

LIMITS = Limits(megabytes=256, seconds=1, clock_seconds=180, most_bytes=1 << 20)


def run(name, given=b"", argument="", limits=LIMITS):
    return run_caged(f"tests.claims.base.caged:{name}", argument, given, limits=limits)


def test_bytes_go_in_and_come_out():
    assert run("turn_around", b"abc" * 100_000) == b"cba" * 100_000


def test_nothing_works_that_leads_out(tmp_path):
    (tmp_path / "there").write_text("still")
    tmp_path.chmod(0o755)
    assert run("prepare", argument=str(tmp_path)).decode() == ""
    assert [file.name for file in tmp_path.iterdir()] == ["there"]


def test_all_of_it_works_outside(tmp_path):
    """The tries are real ones."""
    for name in (
        "read a file",
        "open a file by the C library",
        "open a socket",
        "open a pipe",
        "run a program",
        "begin a thread",
    ):
        assert caged.succeeds(caged.TRIES[name], tmp_path), name


def test_it_is_nobody_knows_no_secret_and_has_the_limits():
    told = run("look_around").decode()
    assert not told.startswith("0 ")
    assert "FIELD_KEYS" not in told
    assert "SECRET_KEY" not in told
    assert f"({256 << 20}, {256 << 20})" in told


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("eat_memory", sandbox.TookTooMuch),
        ("eat_time", sandbox.TookTooLong),
        ("write_much", sandbox.Broke),
        ("fail", sandbox.Broke),
        ("die", sandbox.Broke),
    ],
)
def test_what_takes_too_much_or_breaks_is_told_apart(name, error):
    with pytest.raises(sandbox.Broke) as caught:
        run(name)
    assert type(caught.value) is error


def test_what_does_not_end_is_ended():
    with pytest.raises(sandbox.WasTooSlow):
        run("sleep", limits=Limits(megabytes=256, seconds=1, clock_seconds=1, most_bytes=1))


def test_it_dies_with_its_parent(tmp_path):
    code = (
        "from claims.base.sandbox import *\n"
        "run_caged('tests.claims.base.caged:sleep', '', b'', limits=Limits(256, 9, 60, 1))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: list_children(parent.pid), "the start of the cage")
    [child] = list_children(parent.pid)
    wait_until(lambda: is_locked(child), "the cage")
    parent.kill()
    parent.wait()
    wait_until(lambda: not is_alive(child), "the end of the child")


def list_children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_locked(pid):
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return any(line.split()[3:5] == ["3", "3"] for line in lines if line.startswith("Max open files"))


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False
