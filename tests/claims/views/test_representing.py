"""Who acts for another person: never nameless, and in sight of the office, of the court and on the certificate."""

from datetime import date

import pytest
from django.urls import reverse

from claims.curing import correct_answer, find_question, list_asked
from claims.forms.review import AskForm
from claims.intake import NotComplete, save_step
from claims.intake.sending import send_registration
from claims.models import Representation
from claims.models.actions import pick_text
from claims.review.asking import ask_claimant
from documents.certificates import describe_certificate, issue_certificate
from documents.filings.registers import COLUMNS, iterate_rows
from tests.claims.test_intake import fill
from tests.claims.test_intake import registration as registration
from tests.documents.rows import lay_out, make_row
from tests.factories import make_claim, make_user, send_and_enter

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GUARDIAN = {"capacity": "guardian", "birth_date": "2014-01-01", "resident_since": "2014-01-01"}
ACTS = {"rep_given_name": "Vera", "rep_family_name": "Vormund", "rep_since": "2026-01-02"}


@pytest.fixture
def person():
    return make_user("eleni@paradeigma.example")


@pytest.fixture
def child(registration, person):
    fill(registration, **GUARDIAN, **ACTS)
    return send_and_enter(registration)


def test_whoever_acts_for_another_has_a_name(registration, person):
    fill(registration, **GUARDIAN, rep_since="2026-01-02")
    with pytest.raises(NotComplete) as missing:
        send_registration(registration, by=person)
    assert [step.name for step in missing.value.steps] == ["representative"]


def test_the_page_says_beside_the_field_that_a_name_is_missing(client, registration, person):
    save_step(registration, GUARDIAN)
    client.force_login(person, backend=BACKEND)
    since = {"answer.rep_since.day": "2", "answer.rep_since.month": "1", "answer.rep_since.year": "2026"}
    url = reverse("claims:register-step", args=["small", "representative"])
    page = client.post(url, {**since, "answer.rep_family_name": " "}).content.decode()
    assert page.count("Please give at least one name.") == 2
    assert client.post(url, {**since, "answer.rep_family_name": "Vormund"}).status_code == 302


def test_the_office_sees_who_acts_by_what_right_and_since_when(visit, action, child):
    page = visit("lawyer", f"/workspace/small/claims/{child.reference}/").content.decode()
    for words in ("Who acts", "Vera Vormund", "for a child, as the person who has custody", "2 January 2026"):
        assert words in page, words


def test_the_office_can_ask_who_acts(action, child):
    offered = [name for name, _label in AskForm(None, claim=child, unknown=[]).fields["questions"].choices]
    assert {"rep_given_name", "rep_family_name", "rep_since"} <= set(offered)
    assert "rep_since" not in list_asked(make_claim(action))


def test_an_answer_about_who_acts_is_kept_where_it_belongs(action, child, person):
    lawyer = make_user("lawyer2@example.org")
    ask_claimant(child, ["rep_since", "rep_family_name"], by=lawyer)
    assert find_question(child, "rep_since") is not None
    correct_answer(child, "rep_since", "2026-02-03", by=person)
    correct_answer(child, "rep_family_name", "Obsorge", by=person)
    acts = Representation.objects.get()
    assert (acts.full_name, acts.since) == ("Vera Obsorge", date(2026, 2, 3))


@pytest.mark.parametrize("name", ["my-claim", "sent"])
def test_whose_claim_it_is_stands_before_all_else(client, person, child, name):
    client.force_login(person, backend=BACKEND)
    page = client.get(reverse(f"claims:{name}", args=[child.reference])).content.decode()
    assert page.index("Claim of the person for whom you act:") < page.index(
        "What happens next" if name == "sent" else "<h1"
    )


def test_the_certificate_names_who_acts(child):
    certificate = issue_certificate(child, by=None)
    acting = describe_certificate(certificate)["it"]["acting"]
    assert acting["name"] == "Vera Vormund" and "2 January 2026" in acting["dated"]


def test_nothing_changes_on_the_certificate_of_those_who_act_for_themselves(action):
    assert "acting" not in issue_certificate(make_claim(action), by=None).contents


def test_the_register_is_frozen_with_who_acts(action, child):
    child.outcome, child.criteria_version = "eligible", action.criteria
    child.save()
    (row,) = iterate_rows(action, action.criteria, {})
    assert (row["acting_name"], row["acting_as"], row["acting_since"]) == ("Vera Vormund", "guardian", "2026-01-02")
    assert len(COLUMNS) == len(set(COLUMNS))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("capacity", ["guardian", "representative", "heir"])
def test_the_court_reads_who_acts_and_the_public_does_not(language, capacity):
    row = make_row(acting_name="Vera Vormund", acting_as=capacity, acting_since="2015-03-03")
    for rendering in ("full", "court_confidential"):
        volume = lay_out([row], rendering=rendering, language=language)
        assert "Vera Vormund" in volume.rows[0]["name"] and "2015" in volume.rows[0]["name"]
        assert b"Vera Vormund" in volume.csv
    public = lay_out([row], rendering="public_redacted", language=language)
    assert "Vormund" not in str(public.rows) and b"Vormund" not in public.csv


def test_the_claimant_page_prints_no_empty_name_and_says_what_the_day_is(client, child, person):
    client.force_login(person, backend=BACKEND)
    page = client.get(reverse("claims:my-claim", args=[child.reference])).content.decode()
    assert "onsent of all custodians: 2 January 2026" in page
    Representation.objects.update(given_name="", family_name="")
    assert (
        "custody: <bdi> </bdi>" not in client.get(reverse("claims:my-claim", args=[child.reference])).content.decode()
    )


def test_whoever_acts_for_another_is_asked_about_that_person(client, registration, person):
    fill(registration, **GUARDIAN, **ACTS)
    client.force_login(person, backend=BACKEND)
    for step, words in {
        "birth": "When was the person born?",
        "residence": "Since when has the person lived in that country?",
        "damage_text": "What happened to the person?",
        "uses_privately": "“You” means here the person for whom you register.",
        "declarations": "“you” and “I” mean that person",
        "check": "What happened to the person?",
    }.items():
        page = client.get(f"/actions/small/register/{step}/").content.decode()
        assert words in page and "When were you born?" not in page and 'autocomplete="bday' not in page, step
    fill(registration, capacity="heir", **ACTS)
    assert "In which country did the person live?" in client.get("/actions/small/register/residence/").content.decode()
    fill(registration, capacity="self")
    page = client.get("/actions/small/register/damage_text/").content.decode()
    assert "What happened?" in page and "the person" not in page


def test_a_question_that_is_corrected_is_about_that_person_too_and_the_office_reads_the_plain_one(
    client, child, person
):
    assert pick_text(list_asked(child)["damage_text"]["label"]) == "What happened to the person?"
    offered = dict(AskForm(None, claim=child, unknown=[]).fields["questions"].choices)
    assert (offered["damage_text"], offered["birth_date"]) == ("What happened?", "When were you born?")
    client.force_login(person, backend=BACKEND)
    page = client.get(reverse("claims:my-claim", args=[child.reference])).content.decode()
    assert "What happened to the person?" in page and "What happened?" not in page
    ask_claimant(child, ["damage_text"], by=make_user("lawyer2@example.org"))
    url = reverse("claims:my-answer", args=[child.reference, "damage_text"])
    assert "What happened to the person?" in client.get(url).content.decode()
