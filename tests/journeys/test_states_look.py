"""Each page for claimants in each of its states, in three languages, on a small phone and on a desktop: no barrier."""

import os
import re
from pathlib import Path

import pytest

from tests.journeys import states
from tests.journeys.conftest import follow, list_faults, sign_in
from tests.journeys.states_world import make_world

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES", "")  # a folder for whoever wants to look
PARTS = {"anybody": states.ANYBODY, "registration": states.REGISTRATION, "mine": states.MINE}


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SHOWS_MAILS = str(tmp_path / "media"), True
    return make_world()


@pytest.mark.parametrize("language", ["en", "de", "el"])
@pytest.mark.parametrize("part", PARTS)
def test_no_state_of_a_page_has_a_barrier_on_a_phone_or_a_desktop(open_window, world, part, language):
    page = open_window(locale=language)
    found = [f"{state}: {fault}" for state in PARTS[part] for fault in show(page, world, state, language)]
    assert not found, "\n".join(found)


def show(page, world, state, language):
    """Bring a page into a state and return what is wrong with it."""
    page.faults.clear()
    if state.before:
        state.before(world)
    if state.who != getattr(page, "who", ""):
        page.who = state.who
        page.context.clear_cookies()
        if state.who:
            sign_in(page, f"{state.who}@paradeigma.example")
    page.goto(state.path.format_map(world))
    if state.typed is not None:
        type_in(page, state.typed() if callable(state.typed) else state.typed)
    assert page.locator("html").get_attribute("lang") == language
    if not page.locator(state.shows).count():
        return [f"does not show {state.shows}: {page.url} {page.inner_text('h1')}"]
    if PICTURES:
        page.set_viewport_size({"width": 390, "height": 800})
        name = re.sub(r"\W+", "-", f"{language} {state}")
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    return list_faults(page)


TYPE = """typed => {
  for (const [name, text] of Object.entries(typed)) {
    const fields = [...document.querySelectorAll('main form [name="' + name + '"]')];
    for (const field of fields) {
      if (['radio', 'checkbox'].includes(field.type)) field.checked = field.value === text; else field.value = text;
    }
    if (!fields.length) throw new Error('no field ' + name);
  }
}"""


def type_in(page, typed):
    """Fill the fields of the page by their names and press its button."""
    page.evaluate(TYPE, typed)
    follow(page, "main form .btn")
