"""Step-up: an export asks for a password or second factor that is not older than five minutes."""

import pytest
from django.urls import reverse

from tests.factories import make_filing
from tests.signing_in import set_proofs

PASSWORD = "correct horse battery"
SIGNED_IN = ("password", "mfa")
ASKING = reverse("account_reauthenticate")


@pytest.fixture
def page(action):
    filing = make_filing(action)
    return reverse("documents:filing-bundle", args=[action.slug, filing.code])


@pytest.fixture
def lawyer(client, people):
    client.force_login(people["lawyer"])
    return people["lawyer"]


@pytest.mark.parametrize(("methods", "age", "status"), [
    (["password"], 299, 404), (["password"], 301, 302), (["mfa"], 1, 404), (["code"], 1, 302), ([], 0, 302),
])  # fmt: skip
def test_only_a_recent_password_or_factor_opens_an_export(client, lawyer, page, methods, age, status):
    set_proofs(client, lawyer, methods, age=age, old=SIGNED_IN)
    assert client.get(page).status_code == status  # 404: the filing was never sealed, so there is no file


def test_one_comes_back_to_the_page_where_one_was_and_is_told(client, lawyer, page):
    set_proofs(client, lawyer, ["password", "mfa"], age=400)
    here = reverse("claims:workspace-jobs", args=["small"])
    asked = client.get(page, headers={"Referer": f"http://testserver{here}?page=2"})
    assert asked.url == f"{ASKING}?next={here.replace('/', '%2F')}%3Fpage%3D2"
    key = client.session.session_key
    answer = client.post(asked.url, {"password": PASSWORD})
    assert answer.url == f"{here}?page=2"
    assert "choose once more" in client.get(answer.url).content.decode()
    assert client.session.session_key != key
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("evil", ["https://evil.example/x", "//evil.example", ""])
def test_nobody_is_led_to_another_site(client, lawyer, page, evil):
    set_proofs(client, lawyer, [], old=SIGNED_IN)
    assert client.get(page, headers={"Referer": evil}).url == f"{ASKING}?next=%2Fworkspace%2F"


def test_a_wrong_password_confirms_nothing(client, lawyer, page):
    set_proofs(client, lawyer, [], old=SIGNED_IN)
    answer = client.post(ASKING, {"password": "wrong horse battery"})
    assert answer.status_code == 200 and "There is a problem" in answer.content.decode()
    assert client.get(page).status_code == 302


def test_the_api_says_where_to_confirm(client, lawyer, action):
    filing = make_filing(action)
    set_proofs(client, lawyer, ["password", "mfa"], age=400)
    answer = client.get(f"/api/v1/filings/{filing.code}/files/03-eligibility-report.pdf/")
    assert answer.status_code == 403 and ASKING in answer.json()["detail"]
