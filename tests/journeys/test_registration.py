"""A claim registered in a real browser: on a small phone, in two languages, without a script, with the keyboard."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import expect

from claims.answers import seal_answers
from claims.base import vault
from claims.base.mails import send_queued_mails
from claims.base.references import show_reference
from claims.intake import enter_registrations
from claims.models import Claim, Registration, Representation
from tests.factories import make_claim, make_claimant, make_user
from tests.journeys.conftest import follow, is_too_wide, list_barriers, press_key, see_errors
from tests.naughty import TEXTS

pytestmark = pytest.mark.browser
START = "/actions/small/register/"


PICTURES = os.environ.get("PICTURES", "")  # a folder for whoever wants to look


def check_look(page):
    if PICTURES:
        name = "-".join(page.url.strip("/").split("/")[-2:])
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    assert not is_too_wide(page), page.url
    assert list_barriers(page) == [], page.url
    assert page.faults == []


def read_code():
    send_queued_mails()
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group()


def prove(page, email="eleni@paradeigma.example"):
    ask_for_code(page, email)
    page.fill("#id_code", read_code())
    follow(page)
    assert page.url.endswith("/capacity/")


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


def type_day(page, *parts):
    for part, text in zip(("day", "month", "year"), parts, strict=True):
        page.fill(f"[name$='.{part}']", text)


def go_through(page, *, look=None, answers=None):
    """Answer every page until the files; `look` is called on each, `answers` go before the usual ones."""
    while not page.url.endswith("/evidence/"):
        if look:
            look(page)
        step = page.url.rstrip("/").split("/")[-1]
        ({**ANSWERS, **(answers or {})}).get(step, lambda page: None)(page)
        follow(page)


def come_to_check(page):
    """From the files over the declarations to all answers."""
    follow(page, "main a.btn")
    page.check("main input[type=checkbox]")
    follow(page)
    assert page.url.endswith("/check/")


def finish(page, *, script=True):
    come_to_check(page)
    follow(page)
    let_enter(page, script=script)


def let_enter(page, *, script=True):
    """Look at what is shown at once, let the worker make the claim, and see that the page shows it by itself."""
    assert "/my/sent/" in page.url and page.locator("[data-reload-in]").count() == 1
    with page.expect_navigation():
        assert enter_registrations() == 1
        if not script:
            page.reload()
    assert page.locator("[data-reload-in]").count() == 0


SPOKEN = [language for language in ("en", "de", "el") if language in dict(settings.LANGUAGES)]


@pytest.mark.parametrize("language", SPOKEN)
def test_the_whole_way_has_no_barrier_and_ends_in_a_claim(open_page, language):
    script = language != "de"  # German goes without one
    page = open_page(START, locale=language, width=320 if script else 390, java_script_enabled=script)
    look = check_look if script else lambda page: None  # axe needs a script
    look(page)
    prove(page)
    go_through(page, look=look)
    look(page)
    finish(page, script=script)
    look(page)
    claim = Claim.objects.get(channel="web")
    assert (claim.claimant.family_name, claim.habitual_residence) == ("Παραδείγματος-Mustermann", "GR")
    assert (page.locator("html").get_attribute("lang"), claim.claimant.language) == (language, language)


@pytest.mark.parametrize("capacity", ["guardian", "heir"])
def test_who_acts_for_another_is_asked_who_and_since_when(open_page, capacity):
    page = open_page(START, width=390)
    prove(page)
    born = ("2", "5", "2014") if capacity == "guardian" else ("2", "5", "1950")
    go_through(page, look=check_look, answers={
        "capacity": lambda page: page.check(f"[value={capacity}]"),
        "birth": lambda page: type_day(page, *born),
        "representative": lambda page: [page.fill("[name='answer.rep_family_name']", "Vormund"), type_day(page, "1", "2", "2026")],
    })  # fmt: skip
    finish(page)
    acts = Representation.objects.get()
    assert (acts.kind, acts.family_name, acts.since) == (capacity, "Vormund", date(2026, 2, 1))
    page.goto(f"/my/claims/{Claim.objects.get(channel='web').reference}/")
    assert "Vormund" in page.inner_text("#answers") and list_barriers(page) == []


def press_until(page, is_there, key="Tab"):
    """Press a key until what has the focus is what one looks for, as somebody without a mouse does."""
    for _ in range(60):
        if page.evaluate(f"(() => {{ const e = document.activeElement; return {is_there} }})()"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {is_there} on {page.url}")


def press_on(page):
    """Reach the button that goes on, and press it."""
    press_until(page, "e.matches('main .btn')")
    press_key(page, "Enter")


def test_the_keyboard_alone_is_enough_for_the_whole_way(open_page):
    page = open_page(START, width=390)
    press_until(page, "e.id === 'id_email'")
    page.keyboard.type("eleni@paradeigma.example")
    press_key(page, "Enter")
    press_until(page, "e.id === 'id_code'")
    page.keyboard.type(read_code())
    press_key(page, "Enter")
    press_until(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    press_on(page)
    typed = {"family_name": "Muster", "birth_date.day": "2", "birth_date.month": "5", "birth_date.year": "1990"}
    while not page.url.endswith("/evidence/"):
        for name, text in typed.items():
            if page.locator(f"[name='answer.{name}']").count():
                press_until(page, f"e.name === 'answer.{name}'")
                page.keyboard.type(text)
        for name in ("country", "habitual_residence"):
            if page.locator(f"[name='answer.{name}']").count():
                press_until(page, f"e.name === 'answer.{name}'")
                press_until(page, "e.value === 'GR'", key="g")  # letter by letter: a browser forgets them in a second
        press_on(page)
    press_until(page, "e.matches('main a.btn')")
    press_key(page, "Enter")
    assert page.url.endswith("/declarations/")
    press_until(page, "e.name === 'truth'")
    page.keyboard.press("Space")
    press_on(page)
    press_on(page)
    let_enter(page)
    assert Claim.objects.get(channel="web").habitual_residence == "GR" and page.faults == []


def test_a_no_is_said_before_sending_and_corrected_afterwards(open_page):
    page = open_page(START, width=320)
    prove(page)
    go_through(page, answers={"uses_privately": lambda page: page.check("[value=no]")})
    come_to_check(page)
    assert "One criterion is not met" in page.inner_text("main")
    check_look(page)
    follow(page)
    check_look(page)
    let_enter(page)
    page.goto(f"/my/claims/{Claim.objects.get(channel='web').reference}/")
    follow(page, "text=Answer or correct: Private use?")
    check_look(page)
    page.check("[value=yes]")
    follow(page)
    assert page.locator("text=Some information is still missing").first.is_visible()  # since when is not known
    check_look(page)


@pytest.mark.parametrize("script", [True, False])
def test_another_language_in_the_middle_of_a_page_keeps_what_was_typed(open_page, script):
    page = open_page(START, java_script_enabled=script)
    page.fill("#id_email", "eleni@parad")
    choose_language(page, "Deutsch")
    assert page.input_value("#id_email") == "eleni@parad" and page.locator("html").get_attribute("lang") == "de"
    prove(page)
    page.goto(f"{START}name/")
    page.fill("[name='answer.family_name']", "Halb getippt")
    choose_language(page, "English")
    assert page.input_value("[name='answer.family_name']") == "Halb getippt"
    page.focus("[name='answer.family_name']")
    press_key(page, "Enter")  # saves, and does not choose a language
    assert page.url.endswith("/birth/") and page.locator("html").get_attribute("lang") == "en"


def choose_language(page, name):
    page.click(".menu summary")
    follow(page, f".menu button:has-text('{name}')")


def test_texts_that_break_programs_are_shown_and_do_nothing(open_page, book):
    person, fine = make_user("naughty@muster.example"), [text for text in TEXTS if len(text) < 200 and "\0" not in text]
    for start in range(0, len(fine), 120):
        some = fine[start : start + 120]
        claimant = make_claimant(
            user=person, data_key=vault.make_data_key(), family_name=" ".join(some[:9])[:200], street=some[-1]
        )
        claim = make_claim(book.action, claimant)
        claim.answers = seal_answers(claimant.data_key, claim.reference, {"damage_text": "\n".join(some)})
        claim.save()
    page = open_page("/my/", email="naughty@muster.example", width=320)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: page.faults.append(dialog.message))
    for claim in person_claims(person):
        page.goto(f"/my/claims/{claim.reference}/")
        page.click("#answers summary")
        assert not is_too_wide(page) and page.faults == [] and page.evaluate("window.pwned === undefined")
    assert all(url.startswith(page.url[:21]) for url in asked)


def person_claims(person):
    return list(Claim.objects.filter(claimant__user=person))


def test_what_is_wrong_has_no_barrier_and_leads_to_its_field(open_page):
    page = open_page(START, width=320)
    follow(page)
    expect(page.locator(".errors")).to_be_focused()
    check_look(page)
    prove(page)
    page.goto(f"{START}birth/")
    page.fill("[name$='.day']", "31")
    page.fill("[name$='.month']", "2")
    page.fill("[name$='.year']", "1990")
    follow(page)
    expect(page.locator(".errors")).to_be_focused()
    check_look(page)
    see_errors(page)
    page.click(".errors a >> nth=0")
    expect(page.locator("#id_birth_date")).to_be_focused()


def test_a_second_device_goes_on_where_the_first_stopped(open_page):
    page = open_page(START)
    prove(page)
    page.check("[value=self]")
    follow(page)
    page.fill("[name='answer.family_name']", "Muster")
    follow(page, "text=Save and stop for now")
    assert page.locator("text=Everything is saved").first.is_visible()
    check_look(page)
    other = open_page(START, width=1280)
    ask_for_code(other)
    other.fill("#id_code", read_code())
    press_key(other, "Enter")
    assert other.url.endswith("/birth/")


def test_the_check_of_the_answers_names_what_is_missing(open_page):
    page = open_page(START, width=320)
    prove(page)
    page.goto(f"{START}check/")
    follow(page)
    expect(page.locator(".errors")).to_be_focused()
    check_look(page)
    assert not Claim.objects.filter(channel="web").exists()


@pytest.mark.parametrize("width", [320, 1280])
def test_an_action_that_closes_in_the_middle_says_so_without_a_barrier_and_keeps_what_was_typed(open_page, book, width):
    page = open_page(START, width=width)
    prove(page)
    page.check("[value=self]")
    type(book.action).objects.update(stage="closed")
    follow(page)
    assert page.locator("text=The time of first sending is what counts").is_visible()
    page.faults.clear()  # the browser counts the answer 409 as a fault
    check_look(page)
    assert Registration.objects.get(user__email="eleni@paradeigma.example").values.count() == 1


def test_going_back_after_each_step_shows_what_was_said_and_leads_on_to_the_same_step(open_page):
    page = open_page(START)
    prove(page)
    while not page.url.endswith("/evidence/"):
        here = page.url
        ANSWERS.get(here.rstrip("/").split("/")[-1], lambda page: None)(page)
        follow(page)
        there = page.url
        page.go_back(wait_until="load")
        assert page.url == here
        said = read_fields(page)
        page.reload()
        assert set(said) <= set(read_fields(page))  # what the browser kept was saved
        follow(page)
        assert page.url == there
    finish(page)
    sent = page.url
    page.go_back(wait_until="load")
    assert page.url == sent  # not the button again
    page.goto(f"{START}name/")
    enter_registrations()
    assert page.url == sent and Claim.objects.filter(channel="web").count() == 1


def read_fields(page):
    return page.evaluate(
        "[...document.querySelectorAll('main :is(input:checked, input[type=text], textarea, select)')].map(e => e.value)"
    )


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_on_send_makes_one_claim_and_shows_it(open_page, script):
    page = open_page(START, java_script_enabled=script)
    prove(page)
    go_through(page)
    come_to_check(page)
    page.dblclick("main .btn")
    page.wait_for_url("**/my/sent/*/")
    enter_registrations()
    claim = Claim.objects.get(channel="web")
    assert show_reference(claim.reference) in page.inner_text("main") and page.faults == []


def test_a_mail_lets_in_once_and_says_so_the_second_time(open_page):
    page, other = open_page(START), open_page(START)
    ask_for_code(page)
    other.context.add_cookies(page.context.cookies())  # a second browser that stands at the same place
    other.goto(f"{START}code/")
    code = read_code()
    for window in (page, other):
        window.fill("#id_code", code)
    follow(page)
    assert page.url.endswith("/capacity/")
    follow(other)
    assert other.url.endswith(START) and other.locator("text=Sign in").count() == 1  # nobody came in twice
    other.goto(re.search(r"/actions/small/register/link/[^/\s]+/", mail.outbox[-1].body).group())
    assert "was used already" in other.inner_text("main") and list_barriers(other) == []
    page.goto(f"{START}code/")
    page.go_back()
    assert page.url.endswith("/capacity/") and page.faults == []


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_on_the_code_leads_to_the_first_question(open_page, script):
    page = open_page(START, java_script_enabled=script)
    ask_for_code(page)
    page.fill("#id_code", read_code())
    page.dblclick("main .btn")
    page.wait_for_url("**/capacity/")
    assert page.faults == [] and Registration.objects.filter(user__email="eleni@paradeigma.example").count() == 1


def ask_for_code(page, email="eleni@paradeigma.example"):
    page.fill("#id_email", email)
    follow(page)
    assert page.url.endswith("/code/")
