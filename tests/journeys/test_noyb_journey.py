"""The real pack from the page of the action to the receipt: in Greek, on a phone, with a code by mail and two files."""

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from claims.base.mails import send_queued_mails
from claims.base.references import show_reference
from claims.evidence import check_due_evidence
from claims.intake import enter_registrations
from claims.models import Acceptance, Claim, Evidence
from claims.packs import load_pack
from tests.claims.evidence import corpus
from tests.journeys.conftest import follow, is_too_wide
from tests.journeys.states_world import ABOUT, ANSWERS, NOYB, PRECHECK

pytestmark = pytest.mark.browser
EMAIL = "eleni@paradeigma.example"


@pytest.fixture
def photographed(transactional_db, open_window, settings, tmp_path):
    """A window of a phone in Greek, and a function that keeps a numbered picture of each page that fits."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    load_pack(NOYB)
    page, folder = open_window(locale="el", width=390, has_touch=True), Path(os.environ.get("PICTURES") or tmp_path)
    taken = []

    def look(name):
        taken.append(name)
        page.screenshot(path=folder / f"{len(taken):02}-{name}.png", full_page=True)
        assert not is_too_wide(page), page.url

    return page, look


def test_the_whole_way_through_the_real_pack(photographed, mail_server):
    page, look = photographed
    page.goto("/actions/noyb-meta-ai-training/")
    look("action")
    follow(page, "main a[href$='/check/']")
    answer(page, PRECHECK)
    look("precheck")
    follow(page, "main form .btn")
    assert page.locator(".verdict.yes").count() == 1
    look("verdict")
    follow(page, "main form .btn")
    page.fill("#id_email", EMAIL)
    look("start")
    follow(page)
    page.fill("#id_code", read_code(mail_server))
    look("code")
    follow(page)
    answer_all(page, look)
    send_files(page, look)
    accept_all(page, look)
    assert "10431" in page.inner_text(".answers") and page.locator(".answers .tag.no, .answers .tag.unk").count() == 0
    look("check")
    follow(page, "main form .btn")
    assert "/my/sent/" in page.url
    look("sent")
    with page.expect_navigation():  # the page finds by itself that the claim is there
        assert enter_registrations() == 1
    look("entered")
    check_claim(page, look, mail_server)


def answer_all(page, look):
    """Answer every page that asks; what was said in the pre-check is there already."""
    seen = []
    while not page.url.endswith("/evidence/"):
        step = page.url.rstrip("/").rpartition("/")[2]
        seen.append(step)
        if step in PRECHECK and "-" not in PRECHECK[step]:
            assert page.is_checked(f"[name='answer.{step}'][value='{PRECHECK[step]}']")
        answer(page, ABOUT | ANSWERS)
        look(step)
        follow(page)
    assert {"capacity", "address", "platform", "objection_made_on", "damage_text", "other_action"} <= set(seen)
    assert len(seen) == len(set(seen))


def answer(page, answers):
    """Answer what the page asks, as a person does: ticked, chosen or typed."""
    for name in page.evaluate("[...new Set([...document.querySelectorAll('main [name^=answer]')].map(e => e.name))]"):
        question, _, part = name.removeprefix("answer.").partition(".")
        field, text = page.locator(f"[name='{name}']"), answers.get(question)
        if text is None or part == "unknown":
            continue
        if part:
            field.fill(str(int(text.split("-")[("year", "month", "day").index(part)])))
        elif field.first.get_attribute("type") == "radio":
            page.check(f"[name='{name}'][value='{text}']")
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def send_files(page, look):
    look("evidence-empty")
    photo = io.BytesIO()
    Image.effect_noise((900, 1200), 60).save(photo, "JPEG")
    page.set_input_files(
        "#files",
        [
            {"name": "φωτογραφία.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()},
            {"name": "objection.pdf", "mimeType": "application/pdf", "buffer": corpus.make_pdf()},
        ],
    )
    follow(page, "main a.btn")  # what was chosen goes along
    look("evidence-checking")
    check_due_evidence()
    page.reload()
    look("evidence")
    shown = page.inner_text(".files")
    assert set(Evidence.objects.values_list("state", flat=True)) == {"ready"}
    assert all(file.sha256 in shown for file in Evidence.objects.all()) and "φωτογραφία.jpg" in shown
    follow(page, "main a.btn")


def accept_all(page, look):
    look("declarations")
    boxes = page.locator(".decl input[type=checkbox]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    follow(page)
    assert page.url.endswith("/check/")


def check_claim(page, look, mail_server):
    """What was sent is a claim with all of it; its page, its receipt and its mail say so."""
    claim = Claim.objects.get()
    assert (claim.outcome, claim.habitual_residence, claim.claimant.language) == ("eligible", "GR", "el")
    assert (
        Acceptance.objects.filter(claim=claim).count() == 9
        and Evidence.objects.filter(owner=claim.claimant).count() == 2
    )
    follow(page, "main a[href$='/my/']")
    assert show_reference(claim.reference) in page.inner_text("main")
    look("my")
    follow(page, "main form[action$='/certificate/'] .btn")
    look("certificate")
    with page.expect_download() as saved:
        page.click("main a[href$='certificate.pdf']")
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")
    send_queued_mails()
    letter = mail_server.received[-1]
    assert letter["To"] == EMAIL and "Ελένη" not in letter["Subject"] and claim.reference not in letter["Subject"]
    assert page.faults == []


def read_code(mail_server):
    send_queued_mails()
    text = mail_server.received[-1].get_body(("plain",)).get_content()
    return re.search(r"\d{4}-\d{4}", text).group()
