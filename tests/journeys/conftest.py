"""A real browser against a real server, with the small action and its people.

A browser answers a key or a click at once and does what follows a moment later. So what leads to another page goes
through `follow` and `press_key`, and what a script does is asked with `expect`, which looks until it is so.
"""

import os
import re
import shutil
import sqlite3
import threading
from copy import deepcopy

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from claims.intake import start_registration
from claims.keys import ensure_data_key
from claims.models import Job, Role, User
from documents.models import Filing
from tests.access_world import make_evidence
from tests.claims.evidence.corpus import make_image
from tests.documents.conftest import build, fill_book, screen
from tests.factories import load_small_pack, make_claim, make_claimant, make_filing, make_run, make_user

RUN_AXE = "() => axe.run(document, {resultTypes: ['violations']}).then(it => it.violations)"
PASSWORD = "correct horse battery"
PATIENCE_MS = 60_000  # a machine that is slow is no fault of ours
expect.set_options(timeout=PATIENCE_MS)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread that makes the rows


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"],
            timeout=2 * PATIENCE_MS,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """The book as it was made first: its rows, its files, and the claim as the tests get it."""
    return KeptBook(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def book(transactional_db, settings, tmp_path, kept):
    """The small action with a lawyer, a claimant, a claim, a scenario that was run, and filings in every state.

    Its PDFs and draws take seconds, so it is made once; later tests begin with a copy of all rows and files.
    """
    settings.MEDIA_ROOT = str(tmp_path / "media")
    if connection.vendor != "sqlite":
        return make_book()
    if kept.claim is None:
        kept.keep(make_book(), tmp_path)
    return kept.restore(tmp_path)


class KeptBook:
    """A copy of the whole database of the tests and of the folder of one test."""

    def __init__(self, folder):
        self.folder, self.rows, self.claim = folder, sqlite3.connect(":memory:"), None

    def keep(self, claim, folder):
        connection.connection.backup(self.rows)
        shutil.copytree(folder, self.folder, dirs_exist_ok=True)
        self.claim = claim

    def restore(self, folder):
        connection.ensure_connection()
        self.rows.backup(connection.connection)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return deepcopy(self.claim)


def make_book():
    action = load_small_pack()
    make_user("lawyer@office.example", role=Role.Name.LAWYER, action=action, name="E. Vasile")
    make_user("administrator@office.example", role=Role.Name.ADMINISTRATOR, action=action, name="A. Beispiel")
    claimant = make_claimant(user=make_user("ana@muster.example"), family_name="Muster\u202egnp")
    claim = make_claim(action, claimant)
    claim.draft = start_registration(action, by=make_user("mother@muster.example"), language="en").code
    claim.evidence = make_evidence("a.png", make_image("PNG"), owner=claimant, data_key=ensure_data_key(claimant)).code
    claim.run = make_run(action).code
    claim.filings = {name: filing.code for name, filing in make_filings(action).items()}
    return claim


def make_filings(action):
    """A sealed register, a report at work, and a statement that stopped with something to look at."""
    job = Job.objects.create(kind="filing", action=action, state="running", units_total=20, units_done=7, subject="-")
    failed = Job.objects.create(kind="filing", action=action, state="failed", error="the folder cannot be written")
    fill_book(action, eligible=12, ineligible=0, needs_info=0)
    screen(action)
    return {
        "sealed": build(action, "claimant-register"),
        "at_work": make_filing(action, state=Filing.State.BUILDING, job=job),
        "stopped": make_filing(action, "statement-of-claim", job=failed, warnings=["too_few", "register_differs"]),
    }


@pytest.fixture
def open_window(chromium, live_server):
    """Return a function that opens a new window, which notes what goes wrong in it."""
    contexts = []

    def go(*, width=390, **options):
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=live_server.url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.faults, page.base_url = [], live_server.url
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        return page

    yield go
    for context in contexts:
        context.close()
    for thread in threading.enumerate():  # what the server does still for a page that is gone belongs to this test
        if "process_request_thread" in thread.name:
            thread.join(10)


@pytest.fixture
def open_page(open_window, book):
    """Return a function that opens an address in a new window, signed in where an e-mail is given."""

    def go(path, *, email=None, **options):
        page = open_window(**options)
        if email:
            sign_in(page, email)
        page.goto(path)
        return page

    return go


def sign_in(page, email):
    """Give the window the session of somebody who has just signed in; the way through the forms has its own test."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    here = page.evaluate("() => location.origin") if page.url.startswith("http") else page.base_url
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": here}])


def follow(page, what="main .btn"):
    """Press a link or a button, and return when the page that it leads to is there."""
    with page.expect_navigation():
        page.locator(what).first.click()


def press_key(page, key):
    """Press a key that leads to another page, and return when that is there."""
    with page.expect_navigation():
        page.keyboard.press(key)


def see_errors(page):
    """See that the page says what is wrong, and that the focus is there."""
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator(".errors")).to_be_focused()


def list_barriers(page):
    """Return what axe finds, one line each."""
    return [f"{found['id']}: {found['nodes'][0]['target']}" for found in Axe().run(page).response["violations"]]


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def is_squeezed(page):
    """Whether the middle of a page has less than half of the window: 200 px of 1280 are one letter a line."""
    return page.evaluate("document.querySelector('main').offsetWidth * 2 < document.documentElement.clientWidth")


def list_faults(page, *, widths=(320, 1280)):
    """Return what is wrong with a page with all its folded parts open, a line each: too wide at 320 px or on a desktop,
    barriers at the widths that are given.

    Answers that say why something was not done (404, 409) are no faults.
    """
    page.evaluate("document.querySelectorAll('main details').forEach(it => { it.open = true })")
    page.evaluate(AXE_SCRIPT)
    found = [fault for fault in page.faults if "404" not in fault and "409" not in fault]
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: wider than the window"] if is_too_wide(page) else []
        found += [f"{width}: squeezed into less than half of the window"] if is_squeezed(page) else []
        violations = page.evaluate(RUN_AXE) if width in widths else ()
        found += [f"{width}: {it['id']}: {it['nodes'][0]['target']}" for it in violations]
    return found
