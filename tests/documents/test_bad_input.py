"""Whatever people typed and whatever the disk does: a filing is whole or not there, and says why."""

import errno
import io
import json
import os
from pathlib import Path

import pikepdf
import pytest

from claims.base import jobs
from claims.base.errors import Refused
from claims.models import Claim, Claimant, Job
from documents import filings
from documents.certificates import issue_certificate, render_certificate
from documents.checks import inspect_pdf, read_rows, read_text, squeeze
from documents.filings import snapshots
from documents.models import Filing
from documents.rules.texts import prepare_text
from tests.documents.conftest import build, fill_book, screen, work_to_the_end
from tests.documents.test_pdf import PULLS
from tests.documents.test_registers import read_everything

REGISTER = Filing.Kind.REGISTER
SECRET = "canary-7f3a"
TYPST = [
    '#read("{path}")', '#image("{path}")', '#pdf.attach("{path}")', '#include "{path}"', "#eval(\"1+1\")", "@label <label>",
    "$math$ #sum", "```typ #panic()```", "\\#x \\u{{1F}}", "#let x = 1; #x",
]  # fmt: skip


@pytest.fixture
def secret(tmp_path):
    """A file of this machine that no document may take up."""
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    return file


def type_in(action, **fields):
    """One of the claimants typed this; return its claim."""
    claim = Claim.objects.filter(action=action, outcome="eligible").order_by("reference").first()
    Claimant.objects.filter(pk=claim.claimant_id).update(**fields)
    return claim


def read_volume(filing):
    assert filing.is_sealed, filing.job.error
    (file,) = filing.folder.glob("02-*.pdf")
    return file.read_bytes()


def assert_shown_and_nothing_pulled(pdf, text, *, variant, attachments):
    assert (inspect_pdf(pdf, variant=variant).complaints, SECRET.encode() in read_everything(pdf)) == ((), False)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert list(opened.attachments) == attachments
    assert squeeze(prepare_text(text)) in squeeze(read_text(pdf))


@pytest.mark.parametrize("text", [*PULLS.values(), *TYPST])
def test_what_pulls_a_file_is_plain_text_in_a_register(book, secret, text):
    for address in (secret.as_uri(), "http://127.0.0.1:9/x") if text in PULLS.values() else (secret,):
        typed = text.format(address=address, path=address)
        type_in(book, given_name=typed[:150], street=typed[:190])
    filing = build(book, REGISTER)
    attached = ["claimant-register-vol-01-of-01.csv"]
    assert_shown_and_nothing_pulled(read_volume(filing), typed[:140], variant="register", attachments=attached)


@pytest.mark.parametrize("text", [*PULLS.values(), *TYPST])
def test_what_pulls_a_file_is_plain_text_on_a_certificate(book, secret, text):
    typed = text.format(address=secret.as_uri(), path=secret)
    pdf = render_certificate(issue_certificate(type_in(book, given_name=typed[:150]), by=None))
    assert_shown_and_nothing_pulled(pdf, typed[:140], variant="pdf/ua-1", attachments=[])


def test_a_name_that_no_font_can_print_names_its_row_and_freezes_nothing(book, settings):
    claim = type_in(book, family_name="漢\u0301")
    with pytest.raises(Refused, match=r"row 1 \([0-9A-Z-]{14}\), family_name: no font has U\+6F22") as refusal:
        filings.start_filing(book, REGISTER)
    assert claim.claimant.email not in str(refusal.value) and "漢" not in str(refusal.value)
    assert_nothing_is_left(settings)
    type_in(book, family_name="Han")
    assert build(book, REGISTER).is_sealed


def assert_nothing_is_left(settings):
    assert not Filing.objects.exists() and not Job.objects.filter(kind=filings.JOB).exists()
    assert not list(Path(settings.MEDIA_ROOT).glob("filings/*"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202eb\u200fc\u2066d", "a[U+202E]b[U+200F]c[U+2066]d"),
        ("a\x01b\x1bc\x7f\n\td", "a[U+0001]b[U+001B]c[U+007F][U+000A][U+0009]d"),
        ("Zoe" + "\u0301" * 190, "[+185]"),
        ("x\u20dd\u0301\u0302\u0303\u0304\u0305", "[+"),
        ("\ufeff\u00ad\ue000a", "[U+FEFF][U+00AD][U+E000]a"),
    ],
    ids=["bidi", "control", "marks", "enclosing", "private"],
)
def test_signs_that_hide_or_tower_up_are_shown_and_kept_in_the_data(book, name, shown):
    type_in(book, family_name=name)
    try:
        filing = build(book, REGISTER)
    except Refused as refusal:  # no font has the sign: then it is named
        assert "no font has U+" in str(refusal) and shown == "[+"
        return
    pdf = read_volume(filing)
    assert any(squeeze(shown) in squeeze(row[2]) for row in read_rows(pdf)[1:-1])
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (attached,) = opened.attachments.values()
        assert (
            name.replace("\n", "\r\n") in attached.get_file().read_bytes().decode()
            or name in attached.get_file().read_bytes().decode()
        )
    line = next(
        line for line in (filing.home / "rows.jsonl").read_text().splitlines() if json.loads(line)["number"] == 1
    )
    assert json.loads(line)["family_name"] == name


def test_five_thousand_signs_without_a_break_are_laid_out_or_refused_in_words(book):
    claim = type_in(book, street="x" * 200, given_name="W" * 150, family_name="ß" * 150)
    cells = next(row for row in read_rows(read_volume(build(book, REGISTER))) if "WWW" in row[2])
    assert squeeze(cells[2]).startswith("W" * 150) and "x" * 200 in squeeze(cells[3])
    certificate = issue_certificate(claim, by=None)
    certificate.contents = {**certificate.contents, "name": "W" * 5000}
    text = squeeze(read_text(render_certificate(certificate)))
    assert "W" * 400 + "…[+4600]" in text


@pytest.mark.parametrize("kind", [kind for kind in Filing.Kind.values if kind != Filing.Kind.ANNEX])
def test_without_any_claim_nothing_is_filed(action, settings, kind):
    with pytest.raises(Refused, match="no claim has been screened"):
        filings.start_filing(action, kind)
    assert_nothing_is_left(settings)


@pytest.mark.parametrize("kind", [REGISTER, Filing.Kind.STATEMENT])
def test_where_nobody_meets_the_criteria_nothing_is_filed(action, settings, kind):
    fill_book(action, eligible=0)
    screen(action)
    with pytest.raises(Refused, match="nobody to file for"):
        filings.start_filing(action, kind)
    assert_nothing_is_left(settings)


@pytest.fixture
def full_disk(monkeypatch):
    """A disk on which nothing can be made durable, until it is given room."""
    sync = os.fsync
    space = {"is_full": True}

    def fill(handle):
        if space["is_full"]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(snapshots.os, "fsync", fill)
    return space


def test_a_full_disk_while_freezing_is_told_and_leaves_nothing(book, settings, full_disk):
    with pytest.raises(Refused, match="No space left on device; make room and try again, nothing was half done"):
        filings.start_filing(book, REGISTER)
    assert_nothing_is_left(settings)
    full_disk["is_full"] = False
    assert build(book, REGISTER).is_sealed


@pytest.mark.parametrize("done", [0, 1], ids=["at the volume", "at the manifest"])
def test_a_full_disk_while_building_stops_the_filing_in_words_and_it_can_go_on(book, full_disk, done):
    full_disk["is_full"] = False
    filing = filings.start_filing(book, REGISTER)
    for _ in range(done):
        jobs.do_chunk(jobs.take_chunk())
    full_disk["is_full"] = True
    work_to_the_end(filing)
    filing.job.refresh_from_db()
    assert filing.job.state == Job.State.FAILED and "No space left on device" in filing.job.error
    assert sorted(file.suffix for file in filing.folder.iterdir()) == [".pdf"] * done
    assert not Filing.objects.get().is_sealed
    full_disk["is_full"] = False
    again = build(book, REGISTER)
    assert (again.pk, again.is_sealed) == (filing.pk, True), again.job.error
    assert filings.verify_folder(again.folder).ok
