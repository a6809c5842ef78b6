"""A claim registered in a real browser: on a small phone, in two languages, without a script, with the keyboard."""

import re

import pytest
from django.core import mail

from claims.base.mails import send_queued_mails
from claims.models import Claim
from tests.journeys.conftest import is_too_wide, list_barriers

pytestmark = pytest.mark.browser
START = "/actions/small/register/"


def check_look(page):
    assert not is_too_wide(page), page.url
    assert list_barriers(page) == [], page.url
    assert page.faults == []


def read_code():
    send_queued_mails()
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group()


def prove(page, email="eleni@paradeigma.example"):
    page.fill("#id_email", email)
    page.click("main .btn")
    page.wait_for_url("**/code/")
    page.fill("#id_code", read_code())
    page.click("main .btn")
    page.wait_for_url("**/capacity/")


ANSWERS = {
    "capacity": lambda page: page.check("[value=self]"),
    "name": lambda page: page.fill("[name='answer.family_name']", "Παραδείγματος-Mustermann"),
    "birth": lambda page: [page.fill(f"[name$='.{part}']", text) for part, text in (("day", "2"), ("month", "5"), ("year", "1990"))],
    "address": lambda page: page.select_option("[name='answer.country']", "GR"),
    "residence": lambda page: [
        page.select_option("[name='answer.habitual_residence']", "GR"), page.check("[name$='.unknown']")],
    "uses_privately": lambda page: page.check("[value=yes]"),
    "platform": lambda page: page.check("[value=facebook]"),
    "objection_made": lambda page: page.check("[value=unknown]"),
    "damage_text": lambda page: page.fill("textarea", "Αρχή και τέλος.\nTwo lines."),
}  # fmt: skip


def go_through(page, *, look=None):
    """Answer every page until the files; `look` is called on each."""
    while not page.url.endswith("/evidence/"):
        if look:
            look(page)
        step = page.url.rstrip("/").split("/")[-1]
        ANSWERS.get(step, lambda page: None)(page)
        with page.expect_navigation():
            page.click("main .btn")


def finish(page):
    page.click("main a.btn")
    page.check("main input[type=checkbox]")
    page.click("main .btn")
    page.wait_for_url("**/check/")
    page.click("main .btn")
    page.wait_for_url("**/my/sent/*/")


@pytest.mark.parametrize(("language", "width", "script"), [("en", 320, True), ("de", 390, False)])
def test_the_whole_way_has_no_barrier_and_ends_in_a_claim(open_page, language, width, script):
    page = open_page(START, locale=language, width=width, java_script_enabled=script)
    look = check_look if script else lambda page: None  # axe needs a script
    look(page)
    prove(page)
    go_through(page, look=look)
    look(page)
    finish(page)
    look(page)
    claim = Claim.objects.get(channel="web")
    assert (claim.claimant.family_name, claim.habitual_residence) == ("Παραδείγματος-Mustermann", "GR")
    assert page.locator("html").get_attribute("lang") == language


def test_what_is_wrong_has_no_barrier_and_leads_to_its_field(open_page):
    page = open_page(START, width=320)
    page.click("main .btn")
    page.wait_for_selector(".errors")
    check_look(page)
    prove(page)
    page.goto(f"{START}birth/")
    page.fill("[name$='.day']", "31")
    page.fill("[name$='.month']", "2")
    page.fill("[name$='.year']", "1990")
    page.click("main .btn")
    page.wait_for_selector(".errors")
    check_look(page)
    assert page.title().startswith("Error:")
    page.click(".errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_birth_date"


def test_a_second_device_goes_on_where_the_first_stopped(open_page):
    page = open_page(START)
    prove(page)
    page.check("[value=self]")
    page.click("main .btn")
    page.wait_for_url("**/name/")
    page.fill("[name='answer.family_name']", "Muster")
    page.click("text=Save and stop for now")
    page.wait_for_selector("text=Everything is saved")
    check_look(page)
    other = open_page(START, width=1280)
    other.fill("#id_email", "eleni@paradeigma.example")
    other.click("main .btn")
    other.wait_for_url("**/code/")
    other.fill("#id_code", read_code())
    other.keyboard.press("Enter")
    other.wait_for_url("**/birth/")


def test_the_check_of_the_answers_names_what_is_missing(open_page):
    page = open_page(START, width=320)
    prove(page)
    page.goto(f"{START}check/")
    page.click("main .btn")
    page.wait_for_selector(".errors")
    check_look(page)
    assert not Claim.objects.filter(channel="web").exists()
