"""The checks see what is wrong: a file that lacks one thing is told by that thing, and every kind of filing lacks none."""

import html
import io
from datetime import UTC, datetime

import pikepdf
import pytest

from claims.base.errors import Refused
from documents import filings
from documents.checks import inspect_pdf, read_rows, squeeze
from documents.checks.pages import read_page, read_plain_page
from documents.filings.checking import check_volume
from documents.filings.registers import lay_out
from documents.filings.snapshots import Snapshot, read_snapshot
from documents.models import Filing
from documents.pdf import Attached, render_html, render_register
from documents.rules.registers import list_cells
from tests.documents.conftest import build
from tests.documents.rows import lay_out as lay_out_rows
from tests.documents.rows import make_row
from tests.factories import make_run

AT = datetime(2026, 2, 27, 18, tzinfo=UTC)
HTML = (
    '<!DOCTYPE html><html lang="en"><head><title>Test</title></head><body><h1>Test</h1><table><thead><tr>'
    '<th scope="col">A</th></tr></thead><tbody><tr><td>B (1) \\ x</td></tr></tbody></table></body></html>'
)


@pytest.fixture(scope="module")
def pdf():
    attached = Attached("data.json", "The figures", b'{"a": 1}', AT)
    return render_html(HTML, variant="pdf/a-3a", identifier="test", attachments=[attached])


def list_dictionaries(opened, **wanted):
    found = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary)]
    return [item for item in found if all(item.get(f"/{key}") == value for key, value in wanted.items())]


def drop_scope(opened):
    for cell in [*list_dictionaries(opened, S="/TH"), *list_dictionaries(opened, S="/TD")]:
        cell["/A"] = pikepdf.Array()


def embed_no_font(opened):
    for font in list_dictionaries(opened, Type="/FontDescriptor"):
        for key in {"/FontFile", "/FontFile2", "/FontFile3"} & font.keys():
            del font[key]


def forget_level(opened):
    with opened.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["pdfaid:conformance"] = "B"


def forget_title(opened):
    with opened.open_metadata(set_pikepdf_as_editor=False) as xmp:
        del xmp["dc:title"]


def add_intent(opened):
    opened.Root.OutputIntents.append(opened.Root.OutputIntents[0])


def add_script(opened):
    opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")


def add_launch(opened):
    action = pikepdf.Dictionary(Type=pikepdf.Name("/Action"), S=pikepdf.Name("/Launch"))
    opened.Root["/Extra"] = opened.make_indirect(action)


def attach_unnamed(opened):
    opened.Root["/Extra"] = opened.make_stream(b"x", Type=pikepdf.Name("/EmbeddedFile"))


def attach_to_a_page(opened):
    note = pikepdf.Dictionary(Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/FileAttachment"))
    opened.Root["/Extra"] = opened.make_indirect(note)


def add_mute_picture(opened):
    root = opened.Root.StructTreeRoot
    opened.Root["/Extra"] = opened.make_indirect(pikepdf.Dictionary(P=root, S=pikepdf.Name("/Figure")))


BREAKAGES = {
    "no tags": lambda opened: opened.Root.__delitem__("/StructTreeRoot"),
    "does not say that it is tagged": lambda opened: opened.Root.__delitem__("/MarkInfo"),
    "header cell has no scope": drop_scope,
    "picture has no text": add_mute_picture,
    "language is not named": lambda opened: opened.Root.__delitem__("/Lang"),
    "title is missing": forget_title,
    "name of the file, not the title": lambda opened: opened.Root.__delitem__("/ViewerPreferences"),
    "metadata do not say pdf/a-3a": forget_level,
    "must be one output intent, there are 2": add_intent,
    "must be one output intent, there are 0": lambda opened: opened.Root.__delitem__("/OutputIntents"),
    "is not embedded": embed_no_font,
    "what could run": add_script,
    "actions: Launch": add_launch,
    "does not say what it is": lambda opened: opened.Root.AF[0].__delitem__("/AFRelationship"),
    "names 1 attachments and holds 2": attach_unnamed,
    "attachment of its own": attach_to_a_page,
}


@pytest.mark.parametrize("complaint", BREAKAGES)
def test_a_file_that_lacks_one_thing_is_told_by_it(pdf, complaint):
    assert inspect_pdf(pdf, variant="pdf/a-3a").is_sound
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        BREAKAGES[complaint](opened)
        opened.save(out)
    assert any(complaint in told for told in inspect_pdf(out.getvalue(), variant="pdf/a-3a").complaints)


def test_what_is_no_pdf_is_told():
    assert inspect_pdf(b"%PDF-half", variant="pdf/a-3a").complaints == ("this is no PDF that can be opened",)


@pytest.mark.parametrize("kind", Filing.Kind.values)
def test_trap_20_every_kind_of_filing_is_tagged_embedded_and_holds_nothing_foreign(book, kind):
    run = make_run(book) if kind == Filing.Kind.ANNEX else None
    filing = build(book, kind, run=run)
    assert filing.is_sealed, filing.job.error
    for file in sorted(filing.folder.glob("*.pdf")):
        with pikepdf.open(file) as opened:
            assert_sound(opened, filing.language)


def assert_sound(opened, language):
    """Looked at without our own checks, so that both would have to be wrong."""
    root = opened.Root
    assert bool(root.MarkInfo.Marked) and root.StructTreeRoot.K is not None
    assert str(root.Lang).split("-")[0] == language and bool(root.ViewerPreferences.DisplayDocTitle)
    with opened.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A") and xmp["dc:title"]
    assert len(root.OutputIntents) == 1
    headers = [
        list(cell.A) if isinstance(cell.A, pikepdf.Array) else [cell.A] for cell in list_dictionaries(opened, S="/TH")
    ]
    assert headers and all(any("/Scope" in part for part in attributes) for attributes in headers)
    fonts = list_dictionaries(opened, Type="/FontDescriptor")
    assert fonts and all({"/FontFile2", "/FontFile3"} & font.keys() for font in fonts)
    assert not {"/JS", "/OpenAction", "/AA"} & {key for item in list_dictionaries(opened) for key in item}
    assert [(str(file.AFRelationship), bool(file.UF)) for file in root.AF] == [("/Data", True)]
    assert len(opened.attachments) == 1


@pytest.fixture
def register(book):
    """A register that was started: the filing, its snapshot, the rows and the volume made of them."""
    filing = filings.start_filing(book, Filing.Kind.REGISTER)
    snapshot = read_snapshot(filing.home, sha256=filing.snapshot_sha256)
    rows = snapshot.read_volume(1)
    return filing, snapshot, rows, lay_out(filing, 1, rows, snapshot)


def render(volume):
    return render_register(volume.rows, volume.frame, csv=volume.csv)


def test_a_volume_is_printed_row_by_row_as_the_snapshot_has_it(register):
    _filing, snapshot, rows, volume = register
    pdf = render(volume)
    assert check_volume(pdf, volume, rows, snapshot) >= 1
    assert [list(map(squeeze, row)) for row in read_rows(pdf)[1:-1]] == [
        list(map(squeeze, row)) for row in list_cells(volume)
    ]


@pytest.mark.parametrize(("field", "text"), [("name", "Eva Muster"), ("amount", "1.00"), ("no", "17")])
def test_a_row_that_is_printed_otherwise_stops_the_filing_and_is_named(register, field, text):
    _filing, snapshot, rows, volume = register
    volume.rows[16] = {**volume.rows[16], field: "something else"}
    pdf = render(volume)
    volume.rows[16] = {**volume.rows[16], field: text}
    with pytest.raises(Refused, match="row 17 of the volume is not printed as the snapshot has it"):
        check_volume(pdf, volume, rows, snapshot)


def test_a_row_that_is_missing_or_one_too_many_stops_the_filing(register):
    _filing, snapshot, rows, volume = register
    last = volume.rows.pop()
    short = render(volume)
    volume.rows.append(last)
    with pytest.raises(Refused, match="row 60 of the volume"):
        check_volume(short, volume, rows, snapshot)
    whole = render(volume)
    volume.rows.pop()
    with pytest.raises(Refused, match="row 60 of the volume"):
        check_volume(whole, volume, rows, snapshot)


def test_data_that_are_not_those_of_the_snapshot_stop_the_filing(register):
    filing, snapshot, rows, volume = register
    with pytest.raises(Refused, match="not those of the snapshot"):
        check_volume(render(volume), volume, [*rows[1:], rows[0]], snapshot)
    other = Snapshot(filing.home, snapshot.facts, "0" * 64)
    with pytest.raises(Refused, match="does not name its snapshot"):
        check_volume(render(volume), volume, rows, other)


@pytest.mark.parametrize(
    "text", ["a (b) c", "a ((b) c", "((((a))))", "a \\ b \\( c", "<b> & /MCID 7 BDC EMC (Tj)", "'a' \"b\"", "Ελένη (Цветан)"]
)  # fmt: skip
def test_the_fast_reading_of_a_page_is_the_slow_one(text):
    pdf = render(lay_out_rows([make_row(1, given_name=text, family_name=""), make_row(2)]))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (page,) = opened.pages
        plain, slow = read_plain_page(page, {}), read_page(page, {})
    assert {mark: "".join(words) for mark, words in plain.items()} == {
        mark: "".join(words) for mark, words in slow.items()
    }
    assert any(squeeze(text) in squeeze(cell) for row in read_rows(pdf) for cell in row)
    page = HTML.replace("B (1)", html.escape(text))
    assert squeeze(text) in squeeze(read_rows(render_html(page, variant="pdf/a-3a", identifier="test"))[1][0])
