"""The height of a row is reckoned before it is laid out: never less than what Typst finds, so nothing is overprinted."""

import io
import re

import pikepdf
import pytest

from documents.checks import read_rows, squeeze
from documents.pdf import door, render_register
from documents.pdf.lines import UNKNOWN, count_row_lines
from documents.rules.registers import list_cells
from tests.documents.rows import lay_out, make_row

# The line above a row, of 0.25 points.
LINE = re.compile(rb"q 1 0 0 -1 [\d.]+ ([\d.]+) cm[^\n]*0\.25 w[^\n]* l\n")
NAMES = [
    "Eva", "Maria del Carmen Ejemplo", "W" * 200, "i" * 200, "Wa " * 60, "AVAVAV " * 25, "Ελένη Παραδειγματίδου " * 5,
    "Maximiliana von und zu Musterhausen-Beispielstein auf Probenfels", "x" * 18 + " " + "M" * 18, "Žółć-Ħani " * 12,
    "a\u0301\u0300" * 60, "Tč " * 60, "„Образец“ № 7 " * 9, "fi ffl " * 30, "1 11 111 " * 20,
]  # fmt: skip


def make_rows():
    made = [(name, street) for name in NAMES for street in (NAMES[0], NAMES[3], NAMES[7], name)]
    return [make_row(n, given_name=name, family_name="", street=street) for n, (name, street) in enumerate(made, 1)]


def measure_rows(volume):
    """Return the height of each row that another follows on its page."""
    with pikepdf.open(io.BytesIO(render_register(volume.rows, volume.frame, csv=volume.csv))) as opened:
        pages = [[float(y) for y in LINE.findall(page.Contents.read_bytes())] for page in opened.pages]
    return [above - below for page in pages for above, below in zip(page, [*page[1:], None], strict=True) if below]


@pytest.mark.parametrize("rendering", ["full", "court_confidential", "public_redacted"])
def test_the_reckoned_height_holds_all_lines_of_a_row(monkeypatch, rendering):
    for row in make_rows():  # one between two others, so that each stands on a page with its neighbours
        volume = lay_out([make_row(1), {**row, "number": 2}, make_row(3)], rendering=rendering)
        if count_row_lines(volume.rows[1]) == UNKNOWN:
            continue
        reckoned = measure_rows(volume)
        with monkeypatch.context() as patched:
            patched.setattr(door, "count_row_lines", lambda cells: UNKNOWN)
            found = measure_rows(volume)
        assert len(reckoned) == len(found) == 2
        assert all(one > other - 0.01 for one, other in zip(reckoned, found, strict=True)), row


def test_most_rows_are_reckoned_and_what_another_font_draws_is_not():
    assert count_row_lines(lay_out([make_row(1, given_name="Ana", street="")]).rows[0]) == 1
    assert count_row_lines(lay_out([make_row(1, given_name="Ana " * 20)]).rows[0]) > 2
    assert count_row_lines(lay_out([make_row(1, given_name="ℵ")]).rows[0]) == UNKNOWN
    wide = lay_out([make_row(1, given_name="Ana", street="", reference="WM5MDDC2MWGB")]).rows[0]  # hardly any is wider
    assert wide["ref"] == "WM5M-DDC2-MWGB" and count_row_lines(wide) == 1


@pytest.mark.parametrize("language", ["hr", "pl", "cs", "pt", "es", "de"])
def test_the_hyphen_of_a_name_is_printed_once_where_a_line_ends_with_it(language):
    rows = [
        make_row(n, given_name="x" * n, family_name="Musterhausen-Beispielstein-Probenfels-Vorlagen", language=language)
        for n in range(1, 19)
    ]
    volume = lay_out(rows)
    printed = read_rows(render_register(volume.rows, volume.frame, csv=volume.csv))[1:-1]
    assert [squeeze(row[2]) for row in printed] == [squeeze(row[2]) for row in list_cells(volume)]
