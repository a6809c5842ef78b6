"""Every page in a real browser: no barrier, no sideways scrolling, no error, with and without a script."""

import pytest

from claims.models import Job
from tests.journeys.conftest import is_too_wide, list_barriers

pytestmark = pytest.mark.browser
LAWYER, CLAIMANT = "lawyer@office.example", "ana@muster.example"
PAGES = [
    ("/", None),
    ("/actions/small/", None),
    ("/accounts/login/", None),
    ("/accounts/login/code/", None),
    ("/accounts/password/reset/", None),
    ("/accounts/signup/", None),
    ("/no-such-page/", None),
    ("/my/", CLAIMANT),
    ("/accounts/logout/", CLAIMANT),
    ("/accounts/password/change/", CLAIMANT),
    ("/workspace/small/", LAWYER),
    ("/workspace/small/claims/", LAWYER),
    ("/workspace/small/claims/{reference}/", LAWYER),
    ("/workspace/small/rules/", LAWYER),
    ("/workspace/small/jobs/", LAWYER),
]


@pytest.mark.parametrize(("path", "email"), PAGES, ids=[path for path, _ in PAGES])
def test_a_page_has_no_barrier_and_fits_a_small_phone(open_page, book, path, email):
    page = open_page(path.format(reference=book.reference), email=email, width=320)
    assert not is_too_wide(page)
    assert list_barriers(page) == []
    assert [fault for fault in page.faults if "404" not in fault] == []


def test_the_dark_scheme_has_no_barrier(open_page):
    assert list_barriers(open_page("/actions/small/", color_scheme="dark", width=1280)) == []


def test_what_is_wrong_gets_the_focus_and_leads_to_its_field(open_page):
    page = open_page("/accounts/login/")
    page.click("main .btn")
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.click(".errors a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_login"
    assert list_barriers(page) == []


def test_the_language_changes_without_a_script(open_page):
    page = open_page("/actions/small/", java_script_enabled=False)
    page.click(".menu summary")
    page.click("text=Deutsch")
    assert page.url.endswith("/actions/small/")
    assert page.locator("html").get_attribute("lang") == "de"


def test_a_running_job_shows_its_progress_and_its_end(open_page, book):
    job = Job.objects.create(kind="screening", action=book.action, state="running", units_total=2000, units_done=500)
    page = open_page(f"/workspace/small/jobs/{job.code}/", email=LAWYER)
    Job.objects.filter(pk=job.pk).update(units_done=1500)
    page.wait_for_selector("progress[value='75']")
    assert page.inner_text("[data-done]") == "1,500"
    assert page.locator("[data-no-script]").is_hidden()
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    page.wait_for_selector("text=Somebody stopped this job")
    assert page.faults == []


def test_without_a_script_a_running_job_has_a_link_to_look_again(open_page, book):
    job = Job.objects.create(kind="screening", action=book.action, state="running", units_total=2000, units_done=500)
    page = open_page(f"/workspace/small/jobs/{job.code}/", email=LAWYER, java_script_enabled=False)
    Job.objects.filter(pk=job.pk).update(units_done=1500)
    page.click("text=Refresh")
    assert page.inner_text("[data-percent]") == "75"


def test_the_first_page_is_light(open_page):
    page = open_page("about:blank")
    sizes = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/actions/small/", wait_until="networkidle")
    assert len(sizes) <= 10
    assert sum(sizes) <= 60_000
