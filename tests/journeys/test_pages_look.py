"""Every page in a real browser: no barrier, no sideways scrolling, no error, with and without a script."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect

from claims.base import jobs
from claims.joining import receive_file
from claims.models import Job, Role, User
from tests.factories import make_action
from tests.journeys.conftest import follow, is_too_wide, list_barriers, list_faults, see_errors, sign_in

pytestmark = pytest.mark.browser
ADMIN = "administrator@office.example"
LAWYER, CLAIMANT = "lawyer@office.example", "ana@muster.example"
OFFICE = [
    ("/workspace/small/", LAWYER),
    ("/workspace/small/claims/", LAWYER),
    ("/workspace/small/claims/?search=unknown", LAWYER),
    ("/workspace/small/claims/{reference}/", LAWYER),
    ("/workspace/small/claims/{reference}/evidence/{evidence}/", LAWYER),
    ("/workspace/small/claims/{reference}/ask/", LAWYER),
    ("/workspace/small/claims/{reference}/refuse/", LAWYER),
    ("/workspace/small/claims/{reference}/reopen/", LAWYER),
    ("/workspace/small/bulk/", LAWYER),
    ("/workspace/small/scenarios/", LAWYER),
    ("/workspace/small/scenarios/base/", LAWYER),
    ("/workspace/small/scenarios/registered/", LAWYER),
    ("/workspace/small/runs/{run}/", LAWYER),
    ("/workspace/small/filings/", LAWYER),
    ("/workspace/small/filings/{sealed}/", LAWYER),
    ("/workspace/small/filings/{at_work}/", LAWYER),
    ("/workspace/small/filings/{stopped}/", LAWYER),
    ("/workspace/small/rules/", LAWYER),
    ("/workspace/small/rules/?as=table", LAWYER),
    ("/workspace/small/rules/?as=source", LAWYER),
    ("/workspace/small/rules/compare/?old=1&new=1", LAWYER),
    ("/workspace/small/rules/draft/", LAWYER),
    ("/workspace/small/opening/", LAWYER),
    ("/workspace/small/facts/", LAWYER),
    ("/workspace/", LAWYER),
    ("/workspace/open/action/", LAWYER),
    ("/workspace/small/duplicates/", LAWYER),
    ("/workspace/small/history/", LAWYER),
    ("/workspace/small/imports/", LAWYER),
    ("/workspace/small/joining/{looked_at}/", LAWYER),
    ("/workspace/small/jobs/", LAWYER),
    ("/workspace/small/late/", LAWYER),
    ("/workspace/small/people/", ADMIN),
    ("/accounts/factors/", LAWYER),
    ("/accounts/factors/codes/", LAWYER),
    ("/accounts/factors/passkeys/add/", LAWYER),
    ("/accounts/reauthenticate/", LAWYER),
    ("/accounts/factors/confirm/", LAWYER),
]


def look_at_proofs(book):
    """A file of proofs of joining that was looked at and not recorded."""
    text = f"reference,register_reference,date\n{book.reference},R1,2025-06-02\nZZZZ,R2,2025-06-02\n"
    job = receive_file(
        book.action, BytesIO(text.encode()), name="a.csv", source="list of the court", by=None, is_looked_at=True
    )
    jobs.work()
    return job.joining_file.code


@pytest.mark.parametrize("language", ["en", "de", "el"])
def test_no_page_of_the_office_has_a_barrier_on_a_phone_or_a_desktop(open_window, book, language):
    """The pages of claimants, in each state, are those of test_states_look.py."""
    names = vars(book) | book.filings | {"looked_at": look_at_proofs(book)}
    Role.objects.create(user=User.objects.get(email=LAWYER), action=make_action(), name=Role.Name.STAFF)
    page, found = open_window(locale=language), []
    for email in (LAWYER, ADMIN):
        sign_in(page, email)
        for path in (path for path, whose in OFFICE if whose == email):
            page.faults.clear()
            page.goto(path.format_map(names))
            faults = list_faults(page, widths=(320, 1280) if language == "en" else (320,))
            found += [f"{path}: {fault}" for fault in faults]
    assert not found, "\n".join(found)


def test_what_cannot_be_built_is_said_at_the_form_without_a_barrier(open_page):
    page = open_page("/workspace/small/filings/", email=LAWYER, width=320)
    page.select_option("#id_rendering", "public_redacted")
    follow(page, "text=Freeze and build")
    assert "only a register has renderings" in page.inner_text(".errors")
    see_errors(page)
    assert not is_too_wide(page) and list_barriers(page) == []


def test_a_file_of_a_filing_is_saved_and_not_shown(open_page, book):
    page = open_page(f"/workspace/small/filings/{book.filings['sealed']}/", email=LAWYER, java_script_enabled=False)
    for link, name in (("text=02-claimant-register", ".pdf"), ("text=Download everything", ".zip")):
        with page.expect_download() as saved:
            page.click(link)
        assert saved.value.suggested_filename.endswith(name)
    follow(page, "text=Verify now")
    assert "12 rows, as it was sealed" in page.inner_text(".notice")


def test_the_dark_scheme_has_no_barrier(open_page):
    assert list_barriers(open_page("/actions/small/", color_scheme="dark", width=1280)) == []


def test_what_is_wrong_gets_the_focus_and_leads_to_its_field(open_page):
    page = open_page("/accounts/login/")
    follow(page)
    see_errors(page)
    page.click(".errors a >> nth=0")
    expect(page.locator("#id_login")).to_be_focused()
    assert list_barriers(page) == []


def test_the_language_changes_without_a_script(open_page):
    page = open_page("/actions/small/", java_script_enabled=False)
    page.click(".menu summary")
    follow(page, "text=Deutsch")
    assert page.url.endswith("/actions/small/")
    assert page.locator("html").get_attribute("lang") == "de"


def test_a_running_job_shows_its_progress_and_its_end(open_page, book):
    job = Job.objects.create(kind="screening", action=book.action, state="running", units_total=2000, units_done=500)
    page = open_page(f"/workspace/small/jobs/{job.code}/", email=LAWYER)
    Job.objects.filter(pk=job.pk).update(units_done=1500)
    expect(page.locator("progress")).to_have_attribute("value", "75")
    expect(page.locator("[data-done]")).to_have_text("1,500")
    expect(page.locator("[data-no-script]")).to_be_hidden()
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    page.wait_for_selector("text=Somebody stopped this job")
    assert page.faults == []


def test_without_a_script_a_running_job_has_a_link_to_look_again(open_page, book):
    job = Job.objects.create(kind="screening", action=book.action, state="running", units_total=2000, units_done=500)
    page = open_page(f"/workspace/small/jobs/{job.code}/", email=LAWYER, java_script_enabled=False)
    Job.objects.filter(pk=job.pk).update(units_done=1500)
    follow(page, "text=Refresh")
    assert page.inner_text("[data-percent]") == "75"


@pytest.mark.parametrize("width", [320, 390])
def test_no_number_of_the_overview_is_cut_off_on_a_phone(open_page, width):
    page = open_page("/workspace/small/", email=LAWYER, width=width)
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth)")


@pytest.mark.parametrize("path", ["claims/", "claims/{reference}/"])
def test_a_printed_page_keeps_its_warning_and_its_columns(open_page, book, path):
    page = open_page("/workspace/small/" + path.format(reference=book.reference), email=LAWYER, width=658)
    page.emulate_media(media="print")  # 658 px: A4 between its margins
    assert page.locator(".illus").is_visible() and page.locator(".act-name").is_visible()
    assert page.locator(".nav-narrow").is_hidden() and not is_too_wide(page)
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth)")


def test_footnotes_are_large_enough_to_touch_and_lead_to_their_source_without_a_script(open_page):
    page = open_page("/actions/small/", java_script_enabled=False)
    notes = page.locator("sup a:visible")
    boxes = [notes.nth(i).bounding_box() for i in range(notes.count())]
    assert boxes and all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    notes.first.click()
    expect(page.locator("#sources")).to_be_visible()
    expect(page.locator(":target")).to_be_visible()


def test_folded_parts_of_a_page_are_printed(open_page):
    page = open_page("/actions/small/")
    dates = page.locator("section[aria-labelledby=dates] dl")
    assert not dates.is_visible()
    page.emulate_media(media="print")
    expect(dates).to_be_visible()


def test_the_first_tab_stop_skips_to_the_content(open_page):
    page = open_page("/my/", email=CLAIMANT)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
