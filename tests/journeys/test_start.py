"""The start of a registration in a real browser: with scripts it proves its work, without them it waits its turn."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.base import limits
from claims.base.limits import Limit, Rate
from claims.models import Mail, Quarantine, Start
from claims.rules import suspicion
from tests.factories import make_claim
from tests.journeys.conftest import follow, is_too_wide, list_barriers

pytestmark = pytest.mark.browser
URL = "/actions/small/register/"
# The device has found the number when we say so, and neither sooner nor later.
HOLD_WORKER = """
const ask = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (puzzle) { window.letWorkerGo = () => ask.call(this, puzzle); };
"""


@pytest.fixture(autouse=True)
def slow(settings, monkeypatch):
    """Mails without a proof wait long; how quickly a test types says nothing."""
    settings.UNPROVEN_WAIT = timedelta(hours=1)
    monkeypatch.setattr(suspicion, "LEAST_SECONDS", 0)


def ask_for_code(page, email="ana@muster.example"):
    page.fill("#id_email", email)
    follow(page)


def find_delay():
    return Mail.objects.get().next_at - timezone.now()


def check_look(page):
    assert list_barriers(page) == []
    assert not is_too_wide(page)


def test_with_scripts_the_device_proves_its_work_and_the_mail_leaves_at_once(open_page, settings):
    settings.PROOF_TRIES = 300
    page = open_page(URL)
    expect(page.locator("[name=answer]")).to_have_value(re.compile(r"\d"))
    ask_for_code(page)
    assert page.url.endswith("/code/")
    assert Start.objects.get().reasons == [] and find_delay() < timedelta()
    assert page.locator("text=waits for its turn").count() == 0 and page.faults == []


def test_who_is_quicker_than_the_device_waits_for_it_and_is_told(open_window, book):
    page = open_window()
    page.add_init_script(HOLD_WORKER)
    page.goto(URL)
    page.fill("#id_email", "ana@muster.example")
    page.click("main .btn")
    expect(page.locator("form[data-proof] [role=status]")).to_contain_text("One moment")
    with page.expect_navigation(url="**/code/"):
        page.evaluate("letWorkerGo()")
    assert Start.objects.get().reasons == []


def test_without_scripts_the_form_is_taken_and_the_page_says_when_the_mail_leaves(open_page):
    page = open_page(URL, width=320, java_script_enabled=False)
    assert page.locator("noscript").inner_text().startswith("Your browser runs no scripts")
    ask_for_code(page)
    assert page.url.endswith("/code/") and page.locator("text=waits for its turn").is_visible()
    assert Start.objects.get().reasons == ["no_proof"] and find_delay() > timedelta(minutes=30)


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_the_start_page_and_its_hidden_field_have_no_barrier(open_page, colors):
    page = open_page(URL, width=320, color_scheme=colors)
    check_look(page)
    assert page.locator(".hide:has([name=website])").bounding_box()["width"] <= 1
    page.locator("#id_email").focus()
    page.keyboard.press("Tab")
    expect(page.locator("main .btn").first).to_be_focused()  # the tab order leaves the field out
    assert page.faults == []


def test_over_the_limit_the_page_has_no_barrier_and_keeps_the_address(open_page, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "start", Limit(Rate(1, 1), Rate(9, 60)))
    page = open_page(URL, width=320)
    ask_for_code(page)
    page.goto(URL)
    ask_for_code(page, "bea@muster.example")
    assert page.locator("text=Too many at once").is_visible()
    assert page.input_value("#id_email") == "bea@muster.example"
    expect(page.locator(".errors")).to_be_focused()
    check_look(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_waits_for_a_look_has_no_barrier(open_page, book, width):
    for claim in (book, make_claim(book.action)):
        Quarantine.objects.create(claim=claim, action=book.action, score=6, reasons=["no_proof", "trap"])
    page = open_page("/workspace/small/quarantine/", email="lawyer@office.example", width=width)
    check_look(page)
    follow(page, "button:has-text('Release')")
    assert page.locator("text=counts from now on").is_visible()
    for path in ("/workspace/small/", f"/workspace/small/claims/{book.reference}/", "/workspace/small/claims/"):
        page.goto(path)
        check_look(page)
