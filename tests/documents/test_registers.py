"""The register: what each rendering shows, every row as in the snapshot, and no text of people that acts."""

import csv
import io
import json

import pikepdf
import pytest

from documents.checks import inspect_pdf, read_rows, read_text, squeeze
from documents.pdf import RenderingFailed, render_register
from documents.pdf.lines import count_row_lines
from documents.rules.registers import VOLUME_ROWS, count_volumes, list_volume
from documents.rules.texts import SOFT_BREAK, soften_words, write_cell
from tests.documents.rows import lay_out, make_row


def render(volume):
    return render_register(volume.rows, volume.frame, csv=volume.csv)


def read_everything(pdf):
    """All bytes of a file with its streams unpacked, attachments and metadata included."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [item.read_bytes() for item in opened.objects if isinstance(item, pikepdf.Stream)]
        texts = [str(item) for item in opened.objects if not isinstance(item, pikepdf.Stream)]
        return b"\n".join([*streams, "\n".join(texts).encode(), read_text(pdf).encode()])


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("rendering", ["full", "court_confidential", "public_redacted"])
def test_a_volume_is_sound_and_its_rows_are_those_of_the_snapshot(rendering, language):
    volume = lay_out([make_row(n) for n in range(1, 61)], rendering=rendering, language=language)
    pdf = render(volume)
    found = inspect_pdf(pdf, variant="register")
    assert (found.complaints, found.attachments) == ((), ("claimant-register-vol-01-of-01.csv",))
    assert found.language.startswith(language)
    words = volume.frame["words"]
    printed = [[squeeze(cell) for cell in cells] for cells in read_rows(pdf)[1:-1]]
    assert printed == [
        [
            squeeze(cell)
            for cell in (
                row["no"], row["ref"], row.get("name", words["withheld_name"]), row.get("address", words["withheld_address"]),
                *(row[name] for name in ("state", "registered", "joined", "basis", "declarations", "amount") if name in row),
            )
        ]
        for row in volume.rows
    ]  # fmt: skip


def test_trap_19_a_redaction_leaves_nothing_in_the_file():
    rows = [
        make_row(n, given_name=f"Given{n}", family_name=f"Family{n}", street=f"Street{n}", city=f"City{n}")
        for n in range(1, 6)
    ]
    everything = read_everything(render(lay_out(rows, rendering="public_redacted")))
    for secret in (b"Given", b"Family", b"Street", b"City", b"muster.example", b"1990", b"EXT-", b"4000", b"105 63"):
        assert secret not in everything
    assert b"0000-0000-0003" in everything and b"000000000003" in everything  # the search can find what is there


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_public_rendering_says_nothing_of_a_person_but_number_and_reference(language):
    row = {
        "residence": "MT",
        "tier": "belief",
        "registered_on": "2019-10-17",
        "joined_on": "2020-08-23",
        "cents": "98765",
    }
    rows = [make_row(n, declarations="M P Q", **row) for n in range(1, 12)]
    tiers = (("belief", "Data on belief"), ("adult", "Adult"))
    volume = lay_out(rows, rendering="public_redacted", language=language, tiers=tiers, total_cents=11 * 98765)
    assert volume.csv.decode().splitlines()[:2] == ["number,reference", "1,000000000001"]
    pdf = render(volume)
    everything = read_everything(pdf).decode(errors="replace")
    for secret in ("belief", "Data on", "2019", "2020", "M P Q", "987.65", "987,65", "98765", "10,864.15", "10.864,15"):
        assert secret not in everything, secret
    assert "MT" not in read_text(pdf)
    assert not {"state", "registered", "joined", "basis", "declarations", "amount"} & set(volume.rows[0])
    assert "0000-0000-0003" in everything


def test_what_only_the_office_may_see_is_not_in_the_rendering_for_the_court():
    everything = read_everything(render(lay_out([make_row(1)], rendering="court_confidential")))
    for secret in (b"1990", b"muster.example", b"EXT-1"):
        assert secret not in everything
    assert b"1990" in read_everything(render(lay_out([make_row(1)], rendering="full")))


def test_the_attached_data_are_the_rows_with_formulas_as_text():
    rows = [make_row(1, given_name='=HYPERLINK("http://muster.example")', family_name=" +1", street="-1", city="@x")]
    data = list(csv.DictReader(io.StringIO(lay_out(rows).csv.decode())))
    assert [data[0][key][0] for key in ("given_name", "family_name", "street", "city")] == ["'"] * 4
    assert (data[0]["number"], data[0]["cents"], data[0]["registered_on"]) == ("1", "50000", "2025-11-03")
    with pikepdf.open(io.BytesIO(render(lay_out(rows)))) as opened:
        attached = opened.attachments["claimant-register-vol-01-of-01.csv"]
        assert attached.get_file().read_bytes() == lay_out(rows).csv
        assert attached.relationship == "/Data"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1", "　＋1", "\u00a0@x"])
def test_what_a_spreadsheet_takes_for_a_formula_is_written_as_text(cell):
    assert write_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ana", "1-1", "a=b", "2025-11-03"])
def test_other_cells_stay_as_they_are(cell):
    assert write_cell(cell) == cell


@pytest.mark.parametrize(
    "text",
    ['#read("/etc/passwd")', '#image("/etc/passwd")', '#import "@preview/x:1.0.0"', "#{1+1}", "= Heading", "$x^2$", "*b* _i_ @ref <l>", "\\#x", '"quoted"', "//x"],
)  # fmt: skip
def test_text_is_never_code_to_typst(text):
    cells = read_rows(render(lay_out([make_row(1, given_name=text, family_name="")])))[1]
    assert squeeze(cells[2]) == squeeze(text)


def test_words_without_end_marks_without_end_and_hidden_signs_are_laid_out():
    row = make_row(
        1, given_name="A" * 5000, family_name="Z\u0306" + "\u0301" * 500, street="a\u202eb\x00c", city="x" * 300
    )
    volume = lay_out([row])
    cells = read_rows(render(volume))[1]
    assert "A" * 190 in squeeze(cells[2]) and "[+" in cells[2]
    assert "a[U+202E]b[U+0000]c" in squeeze(cells[3])
    assert "A" * 5000 in volume.csv.decode()


def test_a_sign_that_no_font_has_names_its_row():
    rows = [make_row(1), make_row(2, family_name="漢")]
    with pytest.raises(RenderingFailed, match=r"row 2 \(0000-0000-0002\), name: no font has U\+6F22"):
        render(lay_out(rows))


def test_trap_21_the_same_snapshot_gives_the_same_bytes():
    rows = [make_row(n) for n in range(1, 10)]
    assert render(lay_out(rows)) == render(lay_out(rows))


@pytest.mark.parametrize(("language", "words"), [("en", "M has given the mandate"), ("de", "M hat das Mandat erteilt")])
def test_the_first_page_of_each_volume_says_what_the_letters_mean(language, words):
    claimants = VOLUME_ROWS + 60
    rows = [make_row(VOLUME_ROWS + n, declarations="M A") for n in range(1, 61)]
    pdf = render(lay_out(rows, volume=2, claimants=claimants, language=language))
    text = squeeze(read_text(pdf))
    assert inspect_pdf(pdf, variant="register").pages > 1
    assert squeeze(words) in text and text.index(squeeze(words)) < text.index(squeeze("0000-0000-2501"))


@pytest.mark.parametrize(("language", "words"), [("en", "No lawyer has accepted"), ("de", "anwaltlich angenommen")])
@pytest.mark.parametrize("rendering", ["court_confidential", "public_redacted"])
def test_a_register_of_people_whom_no_lawyer_has_accepted_says_so(rendering, language, words):
    notes = [
        lay_out([make_row()], rendering=rendering, language=language, is_undecided=known).frame["note"]
        for known in (True, False)
    ]
    assert [words in note for note in notes] == [True, False]


def test_a_register_without_claimants_is_a_volume_that_says_so():
    volume = lay_out([])
    pdf = render(volume)
    assert inspect_pdf(pdf, variant="register").is_sound
    assert "Claimants: 0" in read_text(pdf)


def test_volumes_hold_every_number_once():
    claimants = 2 * VOLUME_ROWS + 1
    assert (count_volumes(claimants), count_volumes(VOLUME_ROWS), count_volumes(0)) == (3, 1, 1)
    slices = [list_volume(volume) for volume in (1, 2, 3)]
    assert slices == [(0, VOLUME_ROWS), (VOLUME_ROWS, 2 * VOLUME_ROWS), (2 * VOLUME_ROWS, 3 * VOLUME_ROWS)]
    last = lay_out([make_row(claimants)], volume=3, claimants=claimants)
    assert last.frame["csv_name"] == "claimant-register-vol-03-of-03.csv"
    with pytest.raises(ValueError, match="each once, in order"):
        lay_out([make_row(1), make_row(3)])


def test_a_claimant_who_has_not_joined_is_not_said_to_have_joined():
    volume = lay_out([make_row(1), make_row(2, joined_on="2026-01-09")])
    assert [row["joined"] for row in volume.rows] == ["–", "9 Jan 2026"]
    assert "Only those with a date" in volume.frame["note"]


def test_unknown_sums_are_a_dash_and_known_ones_add_up_to_the_cent():
    volume = lay_out([make_row(1, cents="1"), make_row(2, cents=""), make_row(3, cents="123456799")])
    assert [row["amount"] for row in volume.rows] == ["0.01", "–", "1,234,567.99"]
    assert volume.frame["total_amount"] == "1,234,568.00"
    assert lay_out([make_row(1, cents="")]).frame["total_amount"] == "–"


def test_german_formats():
    volume = lay_out([make_row(1, cents="123456799")], language="de")
    assert (volume.rows[0]["amount"], volume.rows[0]["registered"]) == ("1.234.567,99", "03.11.2025")
    assert json.dumps(volume.frame)  # plain data for Typst


def test_day_of_birth_and_mail_stand_on_lines_of_their_own_and_a_mail_that_fits_is_never_broken():
    mails = ["s1-0000028@sk.example", "eleni.paradeigmatidou@muster.example", f"{'x' * 40}@muster.example"]
    shown = [lay_out([make_row(email=mail)], rendering="full").rows[0] for mail in mails]
    assert shown[0]["name"].split("\n")[1] == "born 2 May 1990"
    assert [row["address"].split("\n")[1].split(SOFT_BREAK) for row in shown] == [
        [mails[0]],
        ["eleni.paradeigmatidou", "@muster.example"],
        ["x" * 10] * 4 + ["@muster.example"],
    ]
    assert count_row_lines(lay_out([make_row(given_name="Ana", family_name="M", street="")], rendering="full").rows[0]) == 2  # fmt: skip


def test_a_long_name_breaks_after_its_own_hyphens_and_between_letters_only_where_it_must():
    assert soften_words("Échantillon-Modèle-Dupont") == f"Échantillon-{SOFT_BREAK}Modèle-{SOFT_BREAK}Dupont"
    assert soften_words("Anna-Maria Muster") == "Anna-Maria Muster"
    assert soften_words("Ab-" + "x" * 25) == f"Ab-{SOFT_BREAK}{'x' * 10}{SOFT_BREAK}{'x' * 10}{SOFT_BREAK}{'x' * 5}"
