"""A criterion is changed, run dry, published, and the claims are screened again; a clone is blocked until complete."""

import pytest

from claims.base import jobs
from claims.models import Action, Claim
from tests.journeys.conftest import follow, is_too_wide, list_barriers

pytestmark = pytest.mark.browser
LAWYER = "lawyer@office.example"


def test_a_criterion_is_changed_run_dry_published_and_screened_again(open_page, book):
    page = open_page("/workspace/small/rules/", email=LAWYER, width=1280)
    follow(page, "text=Begin a draft")
    follow(page, "section[aria-labelledby=parts] >> text=Consumer")
    page.fill("#id_value0", "no")
    follow(page, "text=Save in the draft")
    assert "There has been no dry run" in page.inner_text("main")
    follow(page, "button:has-text('Run dry')")
    jobs.work()
    page.reload()
    assert "would move" in page.inner_text("main") and list_barriers(page) == [] and not is_too_wide(page)
    follow(page, "text=Draft of the rules")
    page.fill("#publish_note", "The court reads it the other way")
    follow(page, "text=Publish the version")
    assert "Version 2 is published" in page.inner_text("main")
    follow(page, "text=Screen all claims")
    jobs.work()
    assert set(Claim.objects.values_list("criteria_version__number", flat=True)) == {2}


def test_a_clone_is_blocked_until_its_list_is_done(open_page, book):
    page = open_page("/workspace/open/action/?from=small", email=LAWYER, width=1280)
    for field, text in {
        "name": "Second",
        "slug": "second",
        "court": "HG Wien",
        "list_url": "https://list.example/x",
    }.items():
        page.fill(f"#id_{field}", text)
    follow(page, "text=Clone it")
    assert page.url.endswith("/workspace/second/opening/") and list_barriers(page) == []
    assert page.locator("text=Publish the action").count() == 0
    follow(page, "text=I have checked this and stand for it >> nth=0")
    assert "Confirmed by" in page.inner_text("main")
    assert Action.objects.get(slug="second").is_published is False
