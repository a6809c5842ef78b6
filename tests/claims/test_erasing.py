"""A person who wants to be forgotten is: nothing of them is found in the database, on the disk or in the mails."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from claims import evidence, intake, mandates
from claims.base import codes, mails
from claims.base.addresses import make_address_key
from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.contacts import change_contact, change_email
from claims.counts import count_claims, scan_counts
from claims.erasing import erase_claimant, erase_registration, is_held, restrict_claimant, send_erasure_code
from claims.models import Action, Claim, Claimant, Evidence, HistoryEvent, JoiningProof, Mail, Registration, Role, User
from claims.own_data import collect_own_data
from documents.certificates import issue_certificate
from tests.claims.test_intake import ABOUT, ANSWERS
from tests.factories import make_claim, make_claimant, make_user, mark_joined, send_and_enter

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel"
WORDS = {
    "given_name": f"Ge{CANARY}", "family_name": f"Fa{CANARY}", "street": f"St{CANARY} 1", "city": f"Ci{CANARY}",
    "postcode": "9876543", "phone": "+43 1 9876543", "damage_text": f"I {CANARY} own words", "birth_date": "1990-05-02",
}  # fmt: skip
TRACES = (CANARY, "9876543", "1990-05-02")


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    (tmp_path / "mail").mkdir()
    return tmp_path


@pytest.fixture
def person():
    return make_user(f"old@{CANARY}.example", name=f"Na{CANARY}")


def send(action, person, **changes):
    registration = intake.start_registration(action, by=person, language="en")
    intake.save_step(registration, {**ABOUT, **ANSWERS, **WORDS, **changes})
    mandates.accept_declarations(registration, mandates.list_wanted(action, {}, "en"))
    evidence.receive_evidence(
        [make_file("draft.txt")], data_key=registration.data_key, registration_code=registration.code, by=person
    )
    return send_and_enter(registration)


def make_file(name):
    return SimpleUploadedFile(f"{CANARY} {name}", f"{CANARY} was here: {name}\n".encode() * 5, "text/plain")


def dump_database():
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            text += [f"{table}: {row}" for row in cursor.fetchall()]
    return text


def find_traces(places, traces=TRACES):
    """Every row and file in which a trace of the person is left."""
    files = [file for file in Path(places).rglob("*") if file.is_file() and "history" not in file.parts]
    texts = dump_database() + [f"{file}: {file.name} {file.read_bytes()!r}" for file in files]
    return [text[:200] for text in texts if any(trace in text.casefold() for trace in traces)]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_person_is_left_anywhere(action, person, places):
    acting = {"capacity": "guardian", "rep_given_name": f"Rg{CANARY}", "rep_since": "2026-01-05"}
    claim = send(action, person, **acting)
    claim.claimant.refresh_from_db()
    later = [make_file("later.txt")]
    evidence.receive_evidence(later, data_key=claim.claimant.data_key, owner=claim.claimant, by=person)
    issue_certificate(claim, by=person)
    change_email(person, f"new@{CANARY}.example")
    person.refresh_from_db()
    draft = intake.start_registration(action, by=person, language="en")
    intake.save_step(draft, {"given_name": CANARY})
    send_erasure_code(person, claim)
    mails.send_queued_mails()
    assert len(find_traces(places)) > 6 and Evidence.objects.count() == 2
    erase_claimant(claim.claimant, by=person)
    assert find_traces(places) == []
    assert [file for file in (places / "media").rglob("*") if file.is_file()] == []
    assert not Mail.objects.exists() and not Registration.objects.exists() and not list((places / "mail").iterdir())
    assert verify_history()[1] is None


def test_the_claim_stays_as_a_withdrawn_reference_and_the_numbers_add_up(action, person):
    claim = send(action, person)
    erase_claimant(claim.claimant, by=person)
    kept = Claim.objects.get()
    assert (kept.reference, kept.status, kept.answers, kept.outcome) == (claim.reference, "withdrawn", {}, "")
    assert scan_counts(action) == {} and count_claims(action) == 0
    assert HistoryEvent.objects.filter(verb="claimant erased", data={"claims": [claim.pk]}).exists()


def test_the_account_is_closed_unless_something_else_needs_it(action, person):
    erase_claimant(send(action, person).claimant, by=person)
    person.refresh_from_db()
    assert not person.is_active and CANARY not in person.email and not person.has_usable_password()


@pytest.mark.parametrize("needed_for", ["claim", "role"])
def test_an_account_that_is_needed_stays(action, person, needed_for):
    claim = send(action, person)
    if needed_for == "claim":
        other = make_claim(action, make_claimant(user=person, email=person.email))
        Mail.objects.create(to=person.email, to_key="0", kind="x", text="about the other", language="en", subject="x")
    else:
        Role.objects.create(user=person, action=action, name="staff")
    erase_claimant(claim.claimant, by=person)
    person.refresh_from_db()
    assert person.is_active and person.email.startswith("old@")
    if needed_for == "claim":
        assert Claim.objects.get(pk=other.pk).status == "submitted" and Claimant.objects.filter(user=person).exists()
        assert [mail.text for mail in Mail.objects.all()] == ["about the other"]


def test_trap_15_what_the_court_needs_is_restricted_and_not_erased(action, person):
    claim = send(action, person)
    mark_joined(claim.action, {date(2026, 1, 5): [claim.pk]})
    with pytest.raises(Refused, match="joined"):
        erase_claimant(claim.claimant, by=person)
    restrict_claimant(claim.claimant, by=person)
    restrict_claimant(claim.claimant, by=person)
    claimant = Claimant.objects.get()
    assert claimant.restricted_at and claimant.given_name == WORDS["given_name"]
    assert HistoryEvent.objects.filter(verb="use restricted").count() == 1


def test_the_history_of_the_action_shows_what_was_done_with_the_data(action, person):
    claimant = send(action, person).claimant
    change_contact(claimant, {"city": "Musterstadt"}, by=person)
    restrict_claimant(claimant, by=person)
    erase_claimant(claimant, by=person)
    verbs = {"contact changed", "use restricted", "evidence erased", "claimant erased"}
    assert set(HistoryEvent.objects.filter(verb__in=verbs, action=action).values_list("verb", flat=True)) == verbs


def test_trap_15_the_hold_ends_with_the_action(action, person):
    claim = send(action, person)
    mark_joined(claim.action, {date(2026, 1, 5): [claim.pk]})
    assert is_held(claim.claimant)
    Action.objects.filter(pk=action.pk).update(stage="closed")
    assert not is_held(claim.claimant)
    erase_claimant(claim.claimant, by=person)
    assert Claimant.objects.get().given_name == ""


def test_what_the_register_of_the_court_knows_a_person_by_goes_too(action, person, places):
    claim = send(action, person)
    proofs = {"claim": claim, "action": action, "on": "2026-01-05", "reference": f"{CANARY} 7"}
    JoiningProof.objects.create(**proofs, source=f"letter of Fa{CANARY}")
    Action.objects.filter(pk=action.pk).update(stage="closed")
    erase_claimant(claim.claimant, by=person)
    assert find_traces(places) == []


def test_a_registration_that_was_never_sent_goes_at_once(action, person, places):
    draft = intake.start_registration(action, by=person, language="en")
    intake.save_step(draft, WORDS)
    erase_registration(draft, by=person)
    assert find_traces(places) == [] and not User.objects.get(pk=person.pk).is_active


def test_mails_to_others_in_the_same_file_stay(person, places):
    for address in (person.email, "other@muster.example"):
        codes.send_code(address, purpose="x", language="en", reason="x", find_path=lambda token: f"/{token}/")
    mails.send_queued_mails()
    mails.erase_mail_files(make_address_key(person.email))
    text = "".join(file.read_text() for file in (places / "mail").iterdir())
    assert "other@muster.example" in text and CANARY not in text


def test_mails_of_whoever_had_the_address_before_or_has_it_now_are_theirs(action, person):
    old = person.email
    claim = send(action, person)
    change_email(person, "later@muster.example")
    heir = make_user(old)
    theirs = send(action, heir, given_name="Another", birth_date="1985-01-01")
    person.refresh_from_db()
    assert [mail["kind"] for mail in collect_own_data(person)["mails"]] == ["receipt", "moved"]
    assert [mail["kind"] for mail in collect_own_data(heir)["mails"]] == ["receipt"]
    erase_claimant(claim.claimant, by=person)
    assert theirs.reference in Mail.objects.get().text
