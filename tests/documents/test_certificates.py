"""The certificate of a claim: true, frozen, for the claimant and the office, and to be checked by anyone."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from claims.base import limits
from claims.base.limits import Limit, Rate
from claims.models import Acceptance, Claim, Decision, Role
from claims.review import deciding
from claims.review.holding import UNDO_FOR
from documents.certificates import find_by_code, issue_certificate, render_certificate, show_code
from documents.checks import inspect_pdf, read_rows, read_text, squeeze
from documents.models import Certificate
from tests.factories import make_action, make_claim, make_claimant, make_user

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def claim(action):
    person = make_claimant(
        user=make_user("claimant@example.org"), given_name="Ελένη", family_name="Παραδειγματίδου-Υποθετική",
        street="Οδός Παραδείγματος 14", postcode="105 63", city="Αθήνα", country="GR", language="el",
    )  # fmt: skip
    version = action.criteria
    letters = "y" * len(version.document["criteria"])
    return make_claim(action, person, outcome="eligible", findings=letters, criteria_version=version)


@pytest.fixture
def as_owner(client, claim):
    client.force_login(claim.claimant.user, backend=BACKEND)
    return client


def test_asking_twice_gives_one_certificate_until_something_changes(claim):
    first = issue_certificate(claim, by=None)
    assert issue_certificate(claim, by=None) == first
    Claim.objects.filter(pk=claim.pk).update(status="withdrawn")
    second = issue_certificate(claim, by=None)
    assert second.code != first.code
    first.refresh_from_db()
    assert first.contents["status"] == "submitted"  # what was said stays said


def test_a_decision_is_on_the_paper_once_it_can_no_longer_be_undone(claim):
    before = issue_certificate(claim, by=None)
    decision = deciding.accept_claim(claim, by=make_user(role=Role.Name.LAWYER, action=claim.action))
    assert issue_certificate(claim, by=None) == before and before.contents["status"] == "submitted"
    Decision.objects.filter(pk=decision.pk).update(at=timezone.now() - UNDO_FOR)
    assert issue_certificate(claim, by=None).contents["status"] == "accepted"


@pytest.mark.parametrize("language", ["en", "de", "pl", "el"])
def test_the_pdf_is_accessible_and_says_what_is_registered(claim, language):
    certificate = issue_certificate(claim, by=None, language=language)
    pdf = render_certificate(certificate)
    found = inspect_pdf(pdf, variant="pdf/ua-1")
    assert (found.complaints, found.pages, found.language) == ((), 1, language)
    text = squeeze(read_text(pdf))
    for part in ("Ελένη Παραδειγματίδου-Υποθετική", "Οδός Παραδείγματος 14", show_code(certificate.code)):
        assert squeeze(part) in text
    for sentence in {
        "en": ("A finding is not a decision", "Interest is not joining", "not yet joined"),
        "de": ("Ein Befund ist keine Entscheidung", "Interesse ist kein Beitritt", "noch nicht beigetreten"),
    }.get(language, ()):
        assert squeeze(sentence) in text


def test_a_certificate_is_in_the_language_of_the_reader(claim):
    with translation.override("el"):
        assert issue_certificate(claim, by=None).language == "el"


def test_what_a_person_declared_stands_on_it_as_it_was_asked(claim):
    claim.action.questions += [
        {"id": "mandate_given", "kind": "yes_no", "label": {"en": "Have you given the mandate?"}}
    ]
    claim.action.save()
    assert issue_certificate(claim, by=None).contents["declared"] == []
    Claim.objects.filter(pk=claim.pk).update(answers={"mandate_given": "yes"})
    pdf = render_certificate(issue_certificate(claim, by=None))
    assert ["Have you given the mandate?", "yes"] in [[cell.strip() for cell in row] for row in read_rows(pdf)]


def test_what_was_accepted_online_stands_on_it_with_its_version_and_language(as_owner, claim):
    text = claim.action.declaration_texts.get(kind="truth", language="en")
    Acceptance.objects.create(claim=claim, text=text, accepted_at=timezone.now())
    pdf = render_certificate(issue_certificate(claim, by=None))
    for said in (
        squeeze(read_text(pdf)),
        squeeze(as_owner.get(f"/my/claims/{claim.reference}/certificate/").content.decode()),
    ):
        assert squeeze(text.title) in said and squeeze(f"version {text.version}, in English") in said
        assert squeeze("A signed text is not kept") not in said


def test_the_same_certificate_gives_the_same_bytes(claim):
    certificate = issue_certificate(claim, by=None)
    assert render_certificate(certificate) == render_certificate(Certificate.objects.get())


def test_a_name_with_a_sign_that_no_font_has_is_shown_by_its_number(claim):
    claim.claimant.given_name = "漢\u202e"
    claim.claimant.save()
    text = read_text(render_certificate(issue_certificate(claim, by=None)))
    assert "[U+6F22][U+202E]" in squeeze(text)


def test_what_a_person_typed_is_text_on_the_certificate(claim):
    claim.claimant.family_name = (
        '</td><a rel=attachment href="file:///etc/passwd">x</a><img src=http://muster.example/>'
    )
    claim.claimant.save()
    pdf = render_certificate(issue_certificate(claim, by=None))
    assert inspect_pdf(pdf, variant="pdf/ua-1").is_sound
    assert "root:" not in read_text(pdf) and squeeze("file:///etc/passwd") in squeeze(read_text(pdf))


def test_the_claimant_asks_for_it_reads_it_and_takes_it_along(as_owner, claim):
    address = reverse("documents:certificate", args=[claim.reference])
    assert f'action="{address}"' in as_owner.get("/my/").content.decode()
    assert "Issue the certificate" in as_owner.get(address).content.decode()
    assert as_owner.post(address).url == address
    page = as_owner.get(address).content.decode()
    assert "Ελένη Παραδειγματίδου-Υποθετική" in page and show_code(Certificate.objects.get().code) in page
    file = as_owner.get(reverse("documents:certificate-file", args=[claim.reference]))
    assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    assert claim.reference not in file["Content-Disposition"]


def test_the_page_and_the_paper_say_the_same(as_owner, claim):
    certificate = issue_certificate(claim, by=None)
    page = re.sub(
        r"<[^>]+>", "", as_owner.get(reverse("documents:certificate", args=[claim.reference])).content.decode()
    )
    paper = squeeze(read_text(render_certificate(certificate)))
    article = squeeze(page.split("This has been done")[1].split("Checking the paper")[0]).replace("&#x27;", "'")
    assert article in paper


def test_a_certificate_that_was_overtaken_says_so_and_a_new_one_can_be_had(as_owner, claim):
    issue_certificate(claim, by=None)
    Claim.objects.filter(pk=claim.pk).update(status="withdrawn")
    page = as_owner.get(reverse("documents:certificate", args=[claim.reference])).content.decode()
    assert "how the claim stood then" in page and "Issue a new certificate" in page


@pytest.mark.parametrize("name", ["certificate", "certificate-file"])
def test_a_certificate_is_for_the_claimant_and_the_office_only(client, action, claim, name):
    issue_certificate(claim, by=None)
    own = reverse(f"documents:{name}", args=[claim.reference])
    in_office = reverse(f"documents:workspace-{name}", args=[action.slug, claim.reference])
    people = {
        "stranger": make_user(),
        "another claimant": make_claim(action, make_claimant(user=make_user())).claimant.user,
        "neighbour": make_user(role=Role.Name.LAWYER, action=make_action("other")),
        "staff": make_user(role=Role.Name.STAFF, action=action),
        "claimant": claim.claimant.user,
    }
    assert client.get(own).url.startswith("/accounts/login/") and client.get(in_office).status_code == 302
    seen = {}
    for who, person in people.items():
        client.force_login(person, backend=BACKEND)
        seen[who] = (client.get(own).status_code, client.get(in_office).status_code)
    assert seen == {
        "stranger": (404, 404), "another claimant": (404, 404), "neighbour": (404, 404), "staff": (404, 200),
        "claimant": (200, 404),
    }  # fmt: skip


def test_a_stranger_cannot_issue_one(client, action, claim):
    client.force_login(make_user(), backend=BACKEND)
    for address in (
        reverse("documents:certificate", args=[claim.reference]),
        reverse("documents:workspace-certificate", args=[action.slug, claim.reference]),
    ):
        assert client.post(address).status_code == 404
    assert not Certificate.objects.exists()


def test_where_none_was_issued_there_is_no_file(as_owner, claim):
    assert as_owner.get(reverse("documents:certificate-file", args=[claim.reference])).status_code == 404


def test_anyone_can_check_a_paper_and_learns_nothing_of_the_person(client, claim):
    certificate = issue_certificate(claim, by=None)
    answers = [
        client.get(reverse("documents:verify-code", args=[show_code(certificate.code)])),
        client.post(reverse("documents:verify"), {"code": f" {certificate.code.lower()} "}),
    ]
    for answer in answers:
        page = answer.content.decode()
        assert "This certificate is genuine" in page and "not joined in the court action" in page
        person = claim.claimant
        for secret in (person.given_name, person.family_name, person.city, person.email, claim.reference[:4], "Greece"):
            assert secret not in page
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["", "7K2M-4QXD-9H3P-0000", "x" * 500, "\x00", "７K2M", "' OR 1=1"])
def test_a_code_that_is_none_is_said_to_be_none(client, db, typed):
    answer = client.post(reverse("documents:verify"), {"code": typed})
    assert answer.status_code == 200 and "There is no certificate with this code" in answer.content.decode()


def test_codes_cannot_be_tried_out(client, db, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "verify", Limit(Rate(3, 60), Rate(9, 60)))
    answers = [client.post(reverse("documents:verify"), {"code": f"{n:016}"}) for n in range(3)]
    answers.append(client.get(reverse("documents:verify-code", args=["0" * 16])))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60


def test_a_code_is_not_in_the_history_or_in_what_a_row_is_called(claim):
    certificate = issue_certificate(claim, by=None)
    from claims.models import HistoryEvent

    assert certificate.code not in json.dumps(list(HistoryEvent.objects.values("verb", "data", "fields")))
    assert certificate.code not in str(certificate)
    assert find_by_code(certificate.code) == certificate
