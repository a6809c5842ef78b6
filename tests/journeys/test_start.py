"""The start of a registration in a real browser: with scripts it proves its work, without them it waits its turn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base import limits
from claims.base.limits import Limit, Rate
from claims.models import Mail, Quarantine, Start
from tests.factories import make_claim
from tests.journeys.conftest import is_too_wide, list_barriers

pytestmark = pytest.mark.browser
URL = "/actions/small/register/"


@pytest.fixture(autouse=True)
def slow(settings):
    settings.UNPROVEN_WAIT = timedelta(seconds=60)


def ask_for_code(page, email="ana@muster.example"):
    page.fill("#id_email", email)
    page.click("main .btn")


def find_delay():
    return Mail.objects.get().next_at - timezone.now()


def check_look(page):
    assert list_barriers(page) == []
    assert not is_too_wide(page)


def test_with_scripts_the_device_proves_its_work_and_the_mail_leaves_at_once(open_page, settings):
    settings.PROOF_TRIES = 300
    page = open_page(URL)
    page.wait_for_selector("[name=answer][value]", state="attached")
    page.wait_for_timeout(2000)
    ask_for_code(page)
    page.wait_for_url("**/code/")
    assert Start.objects.get().reasons == [] and find_delay() < timedelta()
    assert page.locator("text=waits for its turn").count() == 0 and page.faults == []


def test_who_is_quicker_than_the_device_waits_for_it_and_is_told(open_page, settings):
    settings.PROOF_TRIES = 8000
    page = open_page(URL)
    page.fill("#id_email", "ana@muster.example")
    page.evaluate("document.querySelector('form[data-proof]').requestSubmit()")
    page.wait_for_selector("text=One moment")
    page.wait_for_url("**/code/", timeout=60_000)
    assert "no_proof" not in Start.objects.get().reasons


def test_without_scripts_the_form_is_taken_and_the_page_says_when_the_mail_leaves(open_page):
    page = open_page(URL, width=320, java_script_enabled=False)
    assert page.locator("noscript").inner_text().startswith("Your browser runs no scripts")
    page.wait_for_timeout(2000)
    ask_for_code(page)
    page.wait_for_url("**/code/")
    assert page.locator("text=waits for its turn").is_visible()
    assert Start.objects.get().reasons == ["no_proof"] and find_delay() > timedelta(seconds=40)


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_the_start_page_and_its_hidden_field_have_no_barrier(open_page, colors):
    page = open_page(URL, width=320, color_scheme=colors)
    check_look(page)
    assert page.locator(".hide:has([name=website])").bounding_box()["width"] <= 1
    page.locator("#id_email").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "btn"  # the tab order leaves the field out
    assert page.faults == []


def test_over_the_limit_the_page_has_no_barrier_and_keeps_the_address(open_page, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "start", Limit(Rate(1, 60), Rate(9, 60)))
    page = open_page(URL, width=320)
    ask_for_code(page)
    page.wait_for_url("**/code/")
    page.goto(URL)
    ask_for_code(page, "bea@muster.example")
    page.wait_for_selector("text=Too many at once")
    assert page.input_value("#id_email") == "bea@muster.example"
    assert page.evaluate("document.activeElement.className") == "errors"
    check_look(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_waits_for_a_look_has_no_barrier(open_page, book, width):
    for claim in (book, make_claim(book.action)):
        Quarantine.objects.create(claim=claim, action=book.action, score=6, reasons=["no_proof", "trap"])
    page = open_page("/workspace/small/quarantine/", email="lawyer@office.example", width=width)
    check_look(page)
    page.locator("button:has-text('Release')").first.click()
    page.wait_for_selector("text=counts from now on")
    for path in ("/workspace/small/", f"/workspace/small/claims/{book.reference}/", "/workspace/small/claims/"):
        page.goto(path)
        check_look(page)
