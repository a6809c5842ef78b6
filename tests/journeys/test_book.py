"""The list of claims in a browser: gone through by keyboard, a filter kept and opened by a colleague."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Claim, Decision, Role
from tests.factories import make_claim, make_claimant, make_user
from tests.journeys.conftest import follow, is_too_wide, list_barriers, press_key

pytestmark = pytest.mark.browser
LAWYER, COLLEAGUE = "lawyer@office.example", "colleague@office.example"
CLAIMS = "/workspace/small/claims/"


@pytest.fixture
def crowd(book):
    make_user(COLLEAGUE, role=Role.Name.LAWYER, action=book.action, name="A. Okoye")
    names = ("Alpha", "Beta", "Gamma")
    return [make_claim(book.action, make_claimant(family_name=name), habitual_residence="GR") for name in names]


def test_rows_are_gone_through_and_opened_by_keyboard(open_page, crowd):
    page = open_page(f"{CLAIMS}?state=GR", email=LAWYER, width=1280)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.here")).to_have_attribute("data-claim", crowd[1].reference)
    press_key(page, "o")
    assert f"/claims/{crowd[1].reference}/" in page.url and page.faults == []


def test_a_key_of_a_decision_opens_the_claim_first_and_the_next_enter_decides(open_page, crowd, book):
    Claim.objects.filter(pk=crowd[1].pk).update(
        criteria_version=book.action.criteria, findings="y" * 4, outcome="eligible", screened_at=timezone.now()
    )
    for key, place in (("a", "accept"), ("q", "ask")):
        page = open_page(f"{CLAIMS}?state=GR", email=LAWYER, width=1280)
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.locator(f"button[data-key={key}]").is_visible()
        press_key(page, key)
        assert f"/claims/{crowd[1].reference}/" in page.url and page.url.endswith(f"#{place}")
        expect(page.locator(f"#{place}")).to_be_focused()
        assert not Decision.objects.exists()
    press_key(page, "Enter")
    assert "/ask/" in page.url


def test_the_keys_have_buttons_and_do_nothing_while_one_types(open_page, crowd):
    page = open_page(f"{CLAIMS}?state=GR", email=LAWYER, width=1280)
    page.click("button[data-key=j]")
    expect(page.locator("tr.here")).to_have_attribute("data-claim", crowd[2].reference)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("jok")
    assert page.input_value("#find") == "jok" and page.url.endswith("?state=GR")


def test_a_filter_is_saved_and_its_address_opened_by_a_colleague(open_page, crowd):
    page = open_page(CLAIMS, email=LAWYER, width=1280)
    page.select_option("#id_state", "GR")
    follow(page, "form.filters[role=search] button")
    page.click("text=Save or remove a view")
    page.fill("#view-name", "Greece")
    page.check("#view-shared")
    follow(page, "text=Save this view")
    assert page.locator(".views a[aria-current]").inner_text().startswith("Greece")
    theirs = open_page(page.url, email=COLLEAGUE, width=1280)
    assert theirs.locator("tbody tr").count() == 3 and "from E. Vasile" in theirs.inner_text(".views")


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("query", ["", "?search=unknown", "?state=QQ&finding=yes", "?joined=no&sort=waiting"])
def test_the_list_has_no_barrier_and_fits(open_page, crowd, width, query):
    page = open_page(f"{CLAIMS}{query}", email=LAWYER, width=width)
    assert list_barriers(page) == [] and not is_too_wide(page) and page.faults == []


def test_claims_are_picked_by_keyboard_and_lead_into_the_preview(open_page, crowd):
    page = open_page(f"{CLAIMS}?state=GR", email=LAWYER, width=1280)
    for key in "xjx":
        page.keyboard.press(key)
    expect(page.locator("tbody input:checked")).to_have_count(2)
    follow(page, "text=Preview: accept")
    assert "2 claims are picked" in page.inner_text("main") and page.faults == []


@pytest.mark.parametrize("width", [768, 1280])
def test_a_line_of_the_list_is_at_most_two_lines_high_and_not_cut(open_page, crowd, width):
    page = open_page(CLAIMS, email=LAWYER, width=width)
    heights = page.eval_on_selector_all(".queue tbody tr", "rows => rows.map(row => row.offsetHeight)")
    box = page.locator(".queue .scroll").evaluate("box => box.scrollWidth - box.clientWidth")
    assert max(heights) <= 64 and box == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_typed_stands_in_no_address_on_the_way_to_a_claim_and_back(open_page, crowd, scripts):
    page = open_page(CLAIMS, email=LAWYER, width=1280, java_script_enabled=scripts)
    page.fill("#id_q", "Betta")
    follow(page, "form.filters[role=search] button")
    addresses = [page.url]
    follow(page, "tbody tr th a")
    addresses.append(page.url)
    follow(page, "a.back")
    assert page.input_value("#id_q") == "Betta" and page.locator("tbody tr").count() == 1
    page.fill("#find", crowd[2].reference)
    follow(page, "form.find button")
    assert crowd[2].reference in page.url
    assert not any("etta" in address for address in [*addresses, page.url]) and "search=" in addresses[0]
