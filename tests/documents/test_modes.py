"""Folders and files of a filing are for the user of the server alone."""

import os
import stat

from tests.documents.conftest import build


def read_mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_on_the_server_may_read_a_filing(book):
    before = os.umask(0)
    try:
        filing = build(book, "claimant-register")
    finally:
        os.umask(before)
    assert [read_mode(folder) for folder in (filing.home, filing.folder)] == [0o700, 0o700]
    files = [path for path in filing.home.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".jsonl", ".pdf"}
    assert {path.name: oct(read_mode(path)) for path in files if read_mode(path) != 0o600} == {}
