"""A lawyer decides a queue by keyboard alone, and undoes a decision on many claims."""

import os

import pytest

from claims.base import jobs
from claims.models import Claim, Job
from claims.tallies import recount
from tests.journeys.conftest import follow, is_too_wide, list_barriers, press_key

pytestmark = pytest.mark.browser
LAWYER = "lawyer@office.example"
VIEW = "/workspace/small/claims/?status=submitted&outcome=eligible"


def look(page, name):
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)
    assert not is_too_wide(page)


@pytest.mark.parametrize("width", [768, 1280])
def test_the_queue_is_decided_by_keyboard(open_page, width):
    before = Claim.objects.filter(status="accepted").count()
    page = open_page(VIEW, email=LAWYER, width=width)
    page.keyboard.press("j")
    press_key(page, "o")
    assert page.locator("[data-bar]").is_visible()
    look(page, "claim")
    assert list_barriers(page) == []
    first = page.url
    press_key(page, "a")
    assert page.locator("text=Possible for ten minutes").is_visible()
    assert page.url.split("?")[0] != first.split("?")[0]
    assert Claim.objects.filter(status="accepted").count() == before + 1
    look(page, "accepted")
    press_key(page, "u")
    assert page.locator("text=Undone").first.is_visible()
    assert Claim.objects.filter(status="accepted").count() == before
    press_key(page, "q")
    assert page.locator("h1:has-text('Ask for more')").is_visible()
    look(page, "ask")
    assert list_barriers(page) == [] and page.faults == []


def test_a_decision_on_many_claims_is_undone(open_page, book):
    recount(book.action)  # the claims of the fixture came in past the tallies
    page = open_page(VIEW, email=LAWYER, width=1280)
    look(page, "list")
    follow(page, "text=Decide on this whole view")
    look(page, "bulk")
    assert list_barriers(page) == [] and not page.get_by_label("Days to answer").is_visible()  # of asking
    follow(page, "button:has-text('Do this with')")
    jobs.work()
    page.reload()
    assert Job.objects.get(kind="bulk_decision").result["done"] == Claim.objects.filter(status="accepted").count() > 0
    look(page, "bulk-result")
    follow(page, "text=Undo all of it")
    jobs.work()
    page.reload()
    assert not Claim.objects.filter(status="accepted").exists()
    assert list_barriers(page) == [] and page.faults == []
