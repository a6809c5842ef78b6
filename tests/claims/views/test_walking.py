"""The demonstration pack is walked from its first page to a claim, as the pages themselves lead."""

import re
from pathlib import Path

import pytest

from claims.answers import list_answers
from claims.intake import enter_registrations
from claims.intake.drafts import tell_minutes
from claims.models import Claim
from claims.packs import load_pack
from tests.claims.views.test_registration import prove
from tests.factories import load_small_pack

pytestmark = pytest.mark.django_db
NOYB = Path(__file__).parents[3] / "config" / "packs" / "noyb-meta-ai-training"
SAID = {
    "capacity": "self", "given_name": "Eva", "family_name": "Muster", "birth_date": "1990-05-02", "country": "AT",
    "habitual_residence": "AT", "resident_since": "1990-05-02", "platform": "both", "account_handle": "@eva.muster",
    "account_opened_on": "2012-01-01", "objection_made_on": "2025-05-01", "objection_reference": "CASE-1",
    "effort_hours": "3", "other_action": "no", "earlier_compensation": "no", "claim_assigned": "no",
}  # fmt: skip


@pytest.fixture
def action():
    return load_pack(NOYB).action


@pytest.fixture
def start(client, action, monkeypatch):
    monkeypatch.setattr("tests.claims.views.test_registration.START", f"/actions/{action.slug}/register/")
    return prove(client).url


def walk(client, url, said):
    """Answer each page that is shown, in its own words or with yes, and return the pages."""
    pages = []
    while not url.endswith("/evidence/"):
        html = client.get(url).content.decode()
        names = set(re.findall(r'name="answer\.([a-z_]+)', html))
        pages.append(html)
        answer = client.post(url, {f"answer.{name}": said.get(name, said.get("*", "")) for name in names})
        assert answer.status_code == 302, (url, re.findall(r'field-error"[^<]*', answer.content.decode()))
        url = answer.url
    return pages


def declare(client, url):
    """Tick all that is asked for, and return the page of the check."""
    page = client.get(url).content.decode()
    ticks = re.findall(r'type="checkbox" id="accept-[^"]*" name="([^"]+)"', page)
    return client.post(url, dict.fromkeys(set(ticks) - {"news"}, "on")).url


def test_an_adult_goes_through_the_demonstration_pack_and_a_claim_comes_of_it(client, start):
    pages = walk(
        client, start, SAID | {"*": "yes", "street": "Gasse 1", "postcode": "1010", "city": "Wien", "phone": ""}
    )
    check = declare(client, start.replace("/capacity/", "/declarations/"))
    assert "Step" in pages[0] and client.post(check).status_code == 302
    enter_registrations()
    claim = Claim.objects.get()
    answers = list_answers(claim)
    assert (answers["account_handle"][1], answers["objection_reference"][1]) == ("@eva.muster", "CASE-1")
    assert claim.outcome == "eligible" and "@eva" not in str(claim.answers)


def test_what_is_optional_is_skipped_on_the_page_of_its_question(client, start):
    said = SAID | {
        "*": "no",
        "street": "",
        "postcode": "",
        "city": "",
        "phone": "",
        "account_handle": "",
        "account_closed_on": "",
    }
    pages = walk(client, start, said)
    together = [page for page in pages if "answer.account_handle" in page]
    assert len(together) == 1 and "answer.platform" in together[0] and together[0].count("<h1") == 1
    assert not any("answer.objection_reference" in page for page in pages)  # no objection: not asked


def test_what_is_said_of_pages_and_minutes_is_what_an_adult_meets(client, start):
    said = SAID | {"*": "yes", "objection_made": "no", "street": "", "postcode": "", "city": "", "phone": ""}
    pages = walk(client, start, said)
    steps = [re.search(r"Step (\d+) of about (\d+)", page).groups() for page in pages]
    assert [int(place) for place, _total in steps] == list(range(1, len(pages) + 1))
    assert {int(total) - len(pages) for _place, total in steps[3:]} == {3}  # evidence, declarations, check
    assert "It takes about 10 minutes" in type(client)().get(start.replace("capacity/", "")).content.decode()


def test_a_short_pack_says_that_it_is_short(db):
    assert tell_minutes(load_small_pack()) == 5
