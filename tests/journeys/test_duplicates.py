"""A duplicate in the browser: seen side by side, merged by keyboard, led to from its old reference, taken apart."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from claims.models import Claim, DuplicatePair
from tests.claims.duplicates.conftest import make_double, search
from tests.journeys.conftest import follow, is_too_wide, list_barriers, press_key

pytestmark = pytest.mark.browser
LAWYER = "lawyer@office.example"
PICTURES = os.environ.get("PICTURES", "")  # a folder for whoever wants to look


def take_picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def check_look(page, name):
    take_picture(page, name)
    assert not is_too_wide(page) and list_barriers(page) == [] and page.faults == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_duplicate_is_merged_and_taken_apart(open_page, book, width):
    old, new = (
        make_double(book.action, city="Musterstadt"),
        make_double(
            book.action,
            given_name="Anna",
            birth_date="1990-02-05",
            email="anna.muster@muster.example",
            city="Musterstadt",
        ),
    )
    make_double(book.action, given_name="Lukas")
    search(book.action)
    pair = DuplicatePair.objects.get(first=old, second=new)
    page = open_page("/workspace/small/duplicates/", email=LAWYER, width=width)
    check_look(page, "duplicates-queue")
    follow(page, f"a[href$='{pair.code}/']")
    assert "Day and month of birth have changed places" in page.inner_text("main")
    check_look(page, "duplicates-pair")
    page.select_option("#merge-reason", "asked")
    page.locator("h1").click()
    press_key(page, "m")
    assert page.locator("text=was merged into").is_visible()
    assert Claim.objects.get(pk=new.pk).status == "merged"
    page.goto(f"/workspace/small/claims/{new.reference}/")
    assert page.locator("text=This claim was put into").is_visible()
    page.click("text=Take the two claims apart")
    check_look(page, "duplicates-merged")
    page.fill("#unmerge-1", "They are sisters.")
    follow(page, "text=Take them apart")
    assert page.locator("text=The claims are apart again").is_visible()
    assert Claim.objects.get(pk=new.pk).status == "submitted" and page.locator("text=They are sisters.").is_visible()


def test_a_key_without_a_reason_leads_to_the_question_and_decides_nothing(open_page, book):
    one, other = make_double(book.action), make_double(book.action, email="other@muster.example")
    search(book.action)
    pair = DuplicatePair.objects.get(first=one, second=other)
    page = open_page(f"/workspace/small/duplicates/{pair.code}/", email=LAWYER, width=1280)
    page.keyboard.press("n")
    expect(page.locator("#not-same-reason")).to_be_focused()
    pair.refresh_from_db()
    assert pair.state == "open"
