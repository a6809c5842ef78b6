"""Files of claims: read however they are written, refused whole where they cannot be, and nothing half done."""

import os
from pathlib import Path

import pytest
from django.db import transaction

from claims import imports
from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.counts import count_claims
from claims.imports import import_claims
from claims.models import Claim, Claimant
from tests.claims.imports.conftest import ROW, columns, write


def test_a_line_of_ten_megabytes_is_refused_and_the_next_one_read(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(lines[0] + "x" * 10_000_000 + "\n" + lines[1], encoding="utf-8")
    result = import_claims(action, file)
    assert (result.read, result.imported, result.refused) == (2, 1, 1)
    assert result.first_complaints[0][0] == 2


def test_an_unclosed_quote_is_named_with_its_line(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    file.write_text(file.read_text(encoding="utf-8") + 'R2,"never closed,' + "y" * 200_000 + "\n", encoding="utf-8")
    result = import_claims(action, file)
    assert (result.imported, result.refused) == (1, 1)
    line, _, reason = result.first_complaints[0]
    assert line == 3
    assert "quote" in reason


def test_an_unclosed_quote_names_every_line_that_it_swallowed(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW, *[{**ROW, "external_ref": f"R{n}", "city": "A, B"} for n in range(9)])
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace("R1,Ana", 'R1,"Ana')
    file.write_text("".join(lines), encoding="utf-8")
    result = import_claims(action, file)
    assert result.first_complaints[0][0] == 2
    assert "lines 2 to 3" in result.first_complaints[0][2]
    assert (result.read, result.refused) == (9, 1 + 7)  # of one person; the rows after line 3 are read again as rows


def test_complaints_stand_in_the_order_of_the_lines(run):
    again = {**ROW, "external_ref": "R2"}  # found by a look-up, after the reading
    _, complaints = run(ROW, again, {**ROW, "birth_date": "x"}, {**again, "external_ref": "R3"})
    assert [line for line, _, _ in complaints] == [3, 4, 5]


def test_the_refused_rows_are_on_the_disk_before_the_claims_are_in(action, tmp_path, monkeypatch):
    file = write(tmp_path / "c.csv", action, ROW, {**ROW, "external_ref": ""})
    monkeypatch.setattr("claims.imports.complaints.os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "no space")))
    with pytest.raises(OSError, match="no space"):
        import_claims(action, file, errors=tmp_path / "e.csv")
    assert Claim.objects.count() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_refused_rows_go_into_a_plain_file_or_nothing_is_done(action, tmp_path, make):
    make(tmp_path / "errors")
    with pytest.raises(Refused, match="is not a plain file"):
        import_claims(action, write(tmp_path / "c.csv", action, ROW), errors=tmp_path / "errors")
    assert Claim.objects.count() == 0


def test_a_link_at_the_name_of_an_older_part_is_not_written_through(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    (tmp_path / "e.csv.part").symlink_to(file)
    assert import_claims(action, file, errors=tmp_path / "e.csv").imported == 1


def test_an_import_that_is_in_says_so_where_the_list_cannot_get_its_name(action, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "denied")))
    with pytest.raises(Refused, match="the claims are imported; the refused rows are in"):
        import_claims(action, write(tmp_path / "c.csv", action, ROW), errors=tmp_path / "e.csv")
    assert Claim.objects.count() == 1
    assert list(tmp_path.glob("e.csv.*.part"))


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_commas_semicolons_and_a_byte_order_mark_are_all_read(run, delimiter, encoding):
    result, _ = run({**ROW, "city": "Wien; Graz, Linz"}, delimiter=delimiter, encoding=encoding)
    assert result.imported == 1
    assert Claimant.objects.get().city == "Wien; Graz, Linz"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "is empty"),
        (b"external_ref,city\rR1,Wien\r", "bare CR"),
        ("external_ref,näme\n".encode("latin-1"), "line 1, byte 15: not UTF-8"),
        (b"\xff\xfee\x00x\x00", "line 1, byte 1: not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(action, tmp_path, content, words):
    file = tmp_path / "c.csv"
    file.write_bytes(content)
    with pytest.raises(Refused, match=words):
        import_claims(action, file)


def test_missing_doubled_and_unknown_columns_are_named(action, tmp_path):
    names = [name for name in columns(action) if name != "city"]
    file = write(tmp_path / "c.csv", action, header=[*names, "email", "answer.colour"])
    with pytest.raises(Refused) as caught:
        import_claims(action, file)
    for words in ("`email` is there twice", "missing: column `city`", "`answer.colour` is unknown"):
        assert words in str(caught.value)


def test_not_utf_8_in_the_middle_leaves_nothing_half_done(action, tmp_path, monkeypatch):
    monkeypatch.setattr(imports.taking, "BATCH", 2)
    rows = [{**ROW, "external_ref": f"R{n}", "email": f"p{n}@muster.example"} for n in range(8)]
    file = write(tmp_path / "c.csv", action, *rows)
    file.write_bytes(file.read_bytes() + b"R9,\xe4\n")
    with pytest.raises(Refused, match="line 10"):
        import_claims(action, file, errors=tmp_path / "e.csv")
    assert Claim.objects.count() == Claimant.objects.count() == count_claims(action) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_a_crash_in_the_middle_leaves_nothing_half_done(action, tmp_path, monkeypatch):
    monkeypatch.setattr(imports.taking, "BATCH", 2)
    monkeypatch.setattr(imports.taking, "add_counts", lambda *args: 1 / 0)
    file = write(
        tmp_path / "c.csv", action, *[{**ROW, "external_ref": f"R{n}", "email": f"{n}@m.example"} for n in range(5)]
    )
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        import_claims(action, file)
    assert Claim.objects.count() == Claimant.objects.count() == 0


def test_an_import_is_in_the_history_without_personal_values(run):
    run(ROW)
    from claims.models import HistoryEvent

    event = HistoryEvent.objects.get(verb="claims imported")
    assert event.data["rows"] == 1
    assert "Muster" not in str(event.__dict__)
    assert verify_history()[1] is None
