"""A real browser against a real server, with the small action and its people."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from claims.models import Role
from tests.factories import load_small_pack, make_claim, make_claimant, make_run, make_user

PASSWORD = "correct horse battery"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread that makes the rows


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def book(transactional_db):
    """The small action with a lawyer, a claimant, a claim, and a scenario that was run."""
    action = load_small_pack()
    make_user("lawyer@office.example", role=Role.Name.LAWYER, action=action, name="E. Vasile")
    claimant = make_claimant(user=make_user("ana@muster.example"), family_name="Muster\u202egnp")
    claim = make_claim(action, claimant)
    claim.run = make_run(action).code
    return claim


@pytest.fixture
def open_page(chromium, live_server, book):
    """Return a function that opens an address in a new window, signed in where an e-mail is given."""
    contexts = []

    def go(path, *, email=None, width=390, **options):
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        if email:
            sign_in(page, email)
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()


def sign_in(page, email):
    page.goto("/accounts/login/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.click("main .btn")
    page.wait_for_url(lambda url: "login" not in url)


def list_barriers(page):
    """Return what axe finds, one line each."""
    return [f"{found['id']}: {found['nodes'][0]['target']}" for found in Axe().run(page).response["violations"]]


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
