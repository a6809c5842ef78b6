"""The procedure in the browser: a deadline moves when an event is entered, before everybody's eyes."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from claims.models import EventEntry
from claims.procedure.projecting import project_events
from claims.wording import day
from tests.factories import make_claim, make_claimant
from tests.journeys.conftest import follow, is_too_wide, list_barriers

pytestmark = pytest.mark.browser
LAWYER = "lawyer@office.example"
PICTURES = os.environ.get("PICTURES", "")  # a folder for whoever wants to look


def take_picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def file_action(book, **events):
    for key, on in {"action-filed": date(2026, 1, 12), **events}.items():
        EventEntry.objects.create(
            action=book.action, key=key.replace("_", "-"), on=on, text={"en": key}, source="court"
        )
    project_events(book.action)


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_a_deadline_moves_when_an_event_is_entered(open_page, book, width):
    file_action(book, infringement_began=date(2025, 5, 27))
    make_claim(book.action, make_claimant(), habitual_residence="ES")
    page = open_page("/workspace/small/procedure/", email=LAWYER, width=width)
    deadline = page.locator(".terms li").filter(has_text="Last day to join")
    assert "Not yet known" in deadline.inner_text()
    published = timezone.localdate() - timedelta(days=2)
    page.locator("summary", has_text="Enter or correct an event").click()
    page.get_by_label("What happened").select_option("order-published")
    page.get_by_label("Day at the court").fill(published.isoformat())
    page.get_by_label("Where this can be read").fill("Notice of the court, 7 Cg 1/26")
    follow(page, "button:has-text('Show what follows from it')")
    preview = page.get_by_role("status").inner_text()
    take_picture(page, "preview")
    assert "Not yet known" in deadline.inner_text() and "Last day to join" in preview
    follow(page, "button:has-text('Enter this event')")
    assert page.get_by_text("All dates that follow from it have been counted anew").is_visible()
    assert "days left" in deadline.inner_text() and f"{day(published)}, and 3 months." in deadline.inner_text()
    take_picture(page, "procedure")
    assert list_barriers(page) == [] and not is_too_wide(page) and page.faults == []


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize(
    "path", ["joining/", "calendar/", "claims/{reference}/joining/", "claims/{reference}/", "procedure/", ""]
)
def test_pages_of_the_procedure_have_no_barrier(open_page, book, width, path):
    book.action.facts["court"]["file_number"] = "11 VKl 1/26"
    book.action.facts["funding"] = {"funders": [{"name": "Example Capital", "share": 0.18, "source": "contract"}]}
    book.action.regime_code = "DE-ABHILFE"
    book.action.save()
    file_action(book, case_published=date(2026, 1, 20), hearing_closed=timezone.localdate() - timedelta(days=17))
    page = open_page("/workspace/small/" + path.format(reference=book.reference), email=LAWYER, width=width)
    page.evaluate("document.querySelectorAll('main details').forEach(it => { it.open = true })")
    take_picture(page, path.format(reference="claim").strip("/").replace("/", "-") or "overview")
    assert list_barriers(page) == [] and not is_too_wide(page) and page.faults == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert not is_too_wide(page)
