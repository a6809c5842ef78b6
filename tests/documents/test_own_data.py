"""What we hold about a person, as a page and as files: all of it, with its keys explained, for that person alone."""

import json

import pytest

from claims import intake, mandates
from claims.base import history
from claims.models import HistoryEvent, Role
from claims.own_data import KEYS, collect_own_data, list_paths
from claims.review.casework import add_note
from documents.certificates import issue_certificate
from documents.checks import inspect_pdf, read_text, squeeze
from documents.filings import start_filing
from tests.claims.test_intake import ABOUT, ANSWERS
from tests.documents.conftest import screen
from tests.factories import make_claim, make_claimant, make_user, send_and_enter

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def person():
    return make_user("eleni@paradeigma.example")


@pytest.fixture
def sent(action, person):
    registration = intake.start_registration(action, by=person, language="en")
    guardian = {"capacity": "guardian", "rep_given_name": "Μαρία", "rep_since": "2026-01-05"}
    intake.save_step(registration, {**ABOUT, **ANSWERS, **guardian, "street": "Δρόμος 1\u202e"})
    mandates.accept_declarations(registration, mandates.list_wanted(action, {}, "en"))
    claim = send_and_enter(registration)
    issue_certificate(claim, by=person)
    return claim


@pytest.fixture
def mine(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def test_the_file_holds_everything_with_own_words_in_clear(mine, sent, action, person):
    draft = intake.start_registration(action, by=person, language="en")
    intake.save_step(draft, {"given_name": "Κόρη"})
    data = json.loads(mine.get("/my/data.json").content)
    (who,) = data["people"]
    (claim,) = who["claims"]
    answers = {it["id"]: it["answer"] for it in claim["answers"]}
    assert (answers["damage_text"], answers["effort_hours"]) == ("canary in own words", 3)
    assert (who["given_name"], who["representation"]["given_name"]) == ("Ελένη", "Μαρία")
    assert claim["declarations"][0]["body"] and claim["history"][-1]["event"] == "claim registered"
    assert data["drafts"][0]["values"] == {"given_name": "Κόρη"}
    assert [mail["kind"] for mail in data["mails"]] == ["receipt"]
    assert data["certificates"][0]["contents"]["name"] == "Ελένη Παραδείγματος"


def test_people_read_names_and_no_keys(mine, sent, action, person):
    history.record("answer corrected", sent, by=person, action=action, fields=["effort_hours", "evidence"])
    draft = intake.start_registration(action, by=person, language="en")
    intake.save_step(draft, {"family_name": "Beispiel"})
    page = mine.get("/my/data/").content.decode()
    for key in ("effort_hours", "family_name", "<bdi>en</bdi>", "“en”"):
        assert key not in page, key
    assert "<bdi>English</bdi>" in page and "A file that shows it" in page and "Family name" in page


def test_every_key_is_explained(sent, person):
    assert list_paths(collect_own_data(person)) == set(KEYS)


def test_taking_the_data_is_kept_in_the_history_and_looking_is_not(mine, sent):
    mine.get("/my/data/")
    assert not HistoryEvent.objects.filter(verb="data exported").exists()
    mine.get("/my/data.json")
    event = HistoryEvent.objects.get(verb="data exported")
    assert (event.subject_id, event.data, event.fields) == (sent.claimant_id, {}, [])


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_paper_is_accessible_and_says_what_the_page_says(mine, sent, language):
    answer = mine.get("/my/data.pdf", headers={"accept-language": language})
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.pdf"'
    found = inspect_pdf(answer.content, variant="pdf/ua-1")
    assert (found.complaints, found.language) == ((), language)
    text, page = squeeze(read_text(answer.content)), mine.get("/my/data/").content.decode()
    for part in ("canary in own words", "Ελένη", "Δρόμος", sent.reference[:4], "eleni@paradeigma.example"):
        assert squeeze(part) in text and part in page
    assert "\u202e" not in page and "[U+202E]" in page


def test_nobody_gets_the_data_of_another(client, sent, action):
    stranger = make_claim(action, make_claimant(user=make_user("other@muster.example"))).claimant.user
    lawyer = make_user(role=Role.Name.LAWYER, action=action)
    for user in (stranger, lawyer):
        client.force_login(user, backend=BACKEND)
        text = client.get("/my/data.json").content.decode() + client.get("/my/data/").content.decode()
        assert "Ελένη" not in text and sent.reference not in text
    client.logout()
    assert client.get("/my/data.json").status_code == client.get("/my/data.pdf").status_code == 302


def test_a_note_of_the_office_is_in_nothing_that_leaves_it(mine, sent, action):
    add_note(sent, "Canary of a note.", by=make_user(role=Role.Name.LAWYER, action=action))
    screen(action)
    filing = start_filing(action, "claimant-register", rendering="full")
    papers = [squeeze(read_text(mine.get("/my/data.pdf").content)).encode()]
    frozen = [file.read_bytes() for file in filing.home.rglob("*") if file.is_file()]
    left = [mine.get("/my/data.json").content, mine.get("/my/data/").content, *papers, *frozen]
    assert sent.reference.encode() in b"".join(left) and frozen
    assert not [part for part in left if b"Canary of a note" in part or b"Canaryofanote" in part]
