"""The pre-check in a real browser: with the keyboard alone, without a script, in every state."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import follow, is_too_wide, list_barriers, press_key, see_errors

pytestmark = pytest.mark.browser
URL = "/actions/small/check/"


def answer(page, private="yes"):
    page.check(f"[name='answer.uses_privately'][value='{private}']")
    page.select_option("[name='answer.habitual_residence']", "AT")
    for name, parts in {"resident_since": ("1", "1", "2010"), "birth_date": ("2", "May", "1990")}.items():
        for part, text in zip(("day", "month", "year"), parts, strict=True):
            page.fill(f"[name='answer.{name}.{part}']", text)
    follow(page)


def check_look(page):
    assert not is_too_wide(page)
    assert list_barriers(page) == []
    assert page.faults == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("private", ["yes", "no", "unknown"])
def test_a_verdict_has_no_barrier_and_fits(open_page, private, width):
    page = open_page(URL, width=width)
    answer(page, private)
    assert page.locator(".verdict").is_visible()
    page.click("text=Change an answer")
    check_look(page)


def test_a_verdict_in_german_and_in_the_dark_has_no_barrier(open_page):
    page = open_page(URL, width=320, locale="de", color_scheme="dark")
    answer(page)
    assert page.locator(".verdict.yes").is_visible() and page.locator("html").get_attribute("lang") == "de"
    check_look(page)


def test_what_is_wrong_gets_the_focus_leads_to_its_part_and_keeps_the_rest(open_page):
    page = open_page(URL, width=320)
    page.fill("[name='answer.birth_date.day']", "31")
    page.fill("[name='answer.birth_date.month']", "12")
    follow(page)
    see_errors(page)
    check_look(page)
    page.click("text=The year is missing >> nth=0")
    expect(page.locator("#id_birth_date_year")).to_be_focused()
    assert page.input_value("#id_birth_date") == "31"


def test_the_check_works_with_the_keyboard_alone_and_without_a_script(open_page):
    page = open_page("/actions/small/", java_script_enabled=False)
    page.get_by_role("link", name="Check whether you are affected").focus()
    press_key(page, "Enter")
    assert page.url.endswith(URL)
    page.locator("#id_uses_privately").focus()
    page.keyboard.press("Space")
    for keys in ("Tab", "Tab", "A", "Tab", "Tab", "1", "Tab", "1", "Tab", "2010"):
        page.keyboard.press(keys) if len(keys) < 4 else page.keyboard.type(keys)
    for keys in ("Tab", "Tab", "Tab", "2", "Tab", "5", "Tab", "1990"):
        page.keyboard.press(keys) if len(keys) < 4 else page.keyboard.type(keys)
    press_key(page, "Enter")
    assert (
        page.locator(".verdict.yes").is_visible()
        and page.locator("h1").inner_text() == "Yes, as far as these answers go"
    )


def test_the_language_changes_and_the_answers_stay(open_page):
    page = open_page(URL, java_script_enabled=False)
    page.check("[name='answer.uses_privately'][value='no']")
    page.fill("#id_birth_date_year", "1990")
    page.click(".menu summary")
    follow(page, "text=Deutsch")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.is_checked("[name='answer.uses_privately'][value='no']")
    assert page.input_value("#id_birth_date_year") == "1990"
