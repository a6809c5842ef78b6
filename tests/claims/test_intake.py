"""A claim comes in online: every step is kept, it is sent once, and what was never sent is no claim."""

from datetime import date

import pytest
from django.db import IntegrityError

from claims import intake, mandates
from claims.answers import read_text_answer
from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.base.references import show_reference
from claims.counts import count_claims, scan_counts
from claims.criteria import list_findings
from claims.intake import (
    NotComplete,
    enter_registration,
    open_draft,
    save_step,
    send_registration,
    start_registration,
)
from claims.models import Claim, Claimant, Mail, Registration, RegistrationValue, Representation
from tests.factories import load_small_pack, make_action, make_user, send_and_enter

pytestmark = pytest.mark.django_db
ABOUT = {
    "capacity": "self",
    "given_name": "Ελένη",
    "family_name": "Παραδείγματος",
    "birth_date": "1990-05-02",
    "country": "AT",
    "habitual_residence": "AT",
    "resident_since": "2010-01-01",
}
ANSWERS = {"uses_privately": "yes", "platform": "facebook", "effort_hours": "3", "damage_text": "canary in own words"}


@pytest.fixture
def action():
    return load_small_pack()


@pytest.fixture
def person():
    return make_user("eleni@paradeigma.example")


@pytest.fixture
def registration(action, person):
    return start_registration(action, by=person, language="en")


def fill(registration, **changes):
    save_step(registration, {**ABOUT, **ANSWERS, **changes})
    mandates.accept_declarations(registration, mandates.list_wanted(registration.action, {}, "en"))


def names(registration):
    return [step.name for step in open_draft(registration).steps]


def test_every_device_opens_the_same_registration(registration, action, person):
    save_step(registration, {"given_name": "Ελένη"})
    again = start_registration(action, by=person, language="de")
    assert again == registration
    assert intake.read_values(again) == {"given_name": "Ελένη"}


def test_the_database_holds_one_open_registration(registration, action, person):
    with pytest.raises(IntegrityError):
        Registration.objects.create(action=action, user=person, language="en")


def test_nothing_that_was_typed_can_be_read_in_the_database(registration):
    fill(registration)
    kept = " ".join(RegistrationValue.objects.values_list("sealed", flat=True))
    assert "canary" not in kept and "1990-" not in kept and len(kept) > 500


def test_an_answer_can_be_taken_back(registration):
    save_step(registration, {"phone": "+43 1 234"})
    save_step(registration, {"phone": ""})
    assert intake.read_values(registration) == {}


def test_a_question_appears_only_where_it_matters(registration):
    save_step(registration, {"objection_made": "no"})
    assert "objection_made_on" not in names(registration)
    save_step(registration, {"objection_made": ""})  # unknown is never "no"
    assert "objection_made_on" in names(registration)


def test_who_registers_for_another_is_asked_who_acts(registration):
    assert "representative" not in names(registration)
    save_step(registration, {"capacity": "guardian"})
    assert "representative" in names(registration)


def test_a_sent_registration_is_a_claim_with_everything(registration, action, person):
    fill(registration)
    claim = send_and_enter(registration)
    claim.refresh_from_db()
    plain = {name: value for name, value in claim.answers.items() if name != "damage_text"}
    assert plain == {"uses_privately": "yes", "platform": "facebook", "effort_hours": 3}
    assert read_text_answer(claim, "damage_text") == "canary in own words"
    assert (claim.claimant.full_name, claim.claimant.birth_date) == ("Ελένη Παραδείγματος", date(1990, 5, 2))
    assert (claim.claimant.email, claim.channel, claim.outcome) == (person.email, "web", "eligible")
    assert len(list_findings(claim)) == 4


def test_the_counts_and_the_history_know_the_claim(registration, action, person):
    fill(registration)
    send_and_enter(registration)
    assert count_claims(action) == 1
    assert scan_counts(action) == {("AT", "adult", "eligible"): 1}
    assert verify_history()[1] is None


def test_the_draft_is_forgotten_once_it_is_sent(registration, person):
    fill(registration)
    claim = send_and_enter(registration)
    registration.refresh_from_db()
    assert (registration.state, registration.claim, registration.data_key) == ("entered", claim, "")
    assert not RegistrationValue.objects.exists()


def test_sending_twice_makes_one_claim(registration, person):
    fill(registration)
    assert send_and_enter(registration) == send_and_enter(registration)
    assert Claim.objects.count() == 1


def test_what_is_missing_is_named_and_nothing_is_half_done(registration, person):
    save_step(registration, {**ABOUT, "given_name": "", "family_name": "", "birth_date": ""})
    with pytest.raises(NotComplete) as missing:
        send_and_enter(registration)
    assert [step.name for step in missing.value.steps] == ["name", "birth", "declarations"]
    assert not Claim.objects.exists() and not Claimant.objects.exists()


def test_one_name_is_enough(registration, person):
    fill(registration, given_name="")
    assert send_and_enter(registration).claimant.full_name == "Παραδείγματος"


def test_trap_7_and_18_a_declaration_keeps_its_words_and_its_time(registration, person):
    fill(registration)
    first = registration.acceptances.get().accepted_at
    fill(registration)  # accepted again on the way back
    claim = send_and_enter(registration)
    acceptance = claim.acceptances.get()
    assert (acceptance.accepted_at, acceptance.text.kind, acceptance.text.language) == (first, "truth", "en")


def test_a_person_stands_in_one_action_of_a_matter(registration, action, person):
    fill(registration)
    claim = send_and_enter(registration)
    again = start_registration(action, by=person, language="en")
    fill(again)
    with pytest.raises(Refused, match=claim.reference[:4]):
        send_and_enter(again)
    other = start_registration(make_action("other", matter=action.matter.slug), by=person, language="en")
    save_step(other, ABOUT)
    with pytest.raises(Refused, match="another action"):
        send_and_enter(other)


def test_who_withdrew_comes_again_as_the_same_person(registration, action, person):
    fill(registration)
    claim = send_and_enter(registration)
    Claim.objects.update(status="withdrawn")
    again = start_registration(action, by=person, language="de")
    fill(again, given_name="ΕΛΈΝΗ")
    assert send_and_enter(again).claimant == claim.claimant
    claim.refresh_from_db()
    assert read_text_answer(claim, "damage_text") == "canary in own words"


def test_a_guardian_registers_the_child_and_says_when_all_agreed(registration, person):
    fill(
        registration,
        capacity="guardian",
        birth_date="2014-01-01",
        resident_since="2014-01-01",
        rep_family_name="Vormund",
        rep_since="2026-01-02",
    )
    child = send_and_enter(registration).claimant
    acts = Representation.objects.get(claimant=child)
    assert (acts.kind, acts.family_name, acts.since) == ("guardian", "Vormund", date(2026, 1, 2))


def test_a_guardian_without_the_consent_of_all_cannot_send(registration, person):
    fill(registration, capacity="guardian", birth_date="2014-01-01", resident_since="2014-01-01")
    with pytest.raises(NotComplete) as missing:
        send_and_enter(registration)
    assert [step.name for step in missing.value.steps] == ["representative"]


def test_an_answer_to_a_question_that_fell_away_is_not_sent(registration, person):
    fill(registration, objection_made="yes", objection_made_on="2025-05-01")
    save_step(registration, {"objection_made": "no"})
    assert "objection_made_on" not in send_and_enter(registration).answers


def test_a_consent_is_never_needed_and_never_given_by_silence(registration, person):
    fill(registration)
    claim = send_and_enter(registration)
    assert [acceptance.text.kind for acceptance in claim.acceptances.all()] == ["truth"]


def test_a_consent_that_was_given_goes_along_with_the_claim(registration, action, person):
    fill(registration)
    texts = [*mandates.list_wanted(action, {}, "de"), *mandates.list_optional(action, "de")]
    mandates.accept_declarations(registration, texts)
    claim = send_and_enter(registration)
    words = set(claim.acceptances.values_list("text__kind", "text__language"))
    assert words == {("truth", "de"), ("news", "de")}


@pytest.mark.parametrize(("language", "words"), [("en", "not yet joined"), ("de", "{action}")])
def test_sending_queues_a_receipt_with_the_reference_and_nothing_of_the_person(registration, person, language, words):
    Registration.objects.filter(pk=registration.pk).update(language=language)
    fill(registration)
    claim = send_and_enter(registration)
    receipt = Mail.objects.get(kind="receipt")
    said = receipt.text + receipt.html
    assert show_reference(claim.reference) in said and f"/my/claims/{claim.reference}/" in said
    assert words.format(action=claim.action.facts["name"][language]) in said
    assert not any(word in receipt.subject + said for word in ("Ελένη", "canary", "1990"))
    assert claim.reference[:4] not in receipt.subject
    assert (receipt.to, receipt.language) == (person.email, language)


def test_what_is_refused_sends_no_receipt(registration, person):
    with pytest.raises(NotComplete):
        send_and_enter(registration)
    assert not Mail.objects.exists()


def test_what_another_tab_saves_after_sending_is_refused_and_changes_nothing(registration, person):
    fill(registration)
    stale = Registration.objects.get(pk=registration.pk)
    claim = send_and_enter(registration)
    with pytest.raises(Refused, match="sent in the meantime"):
        save_step(stale, {"phone": "1"})
    with pytest.raises(Refused, match="sent in the meantime"):
        intake.save_declarations(stale, [])
    assert not RegistrationValue.objects.exists() and claim.acceptances.count() == 1


def declare_by(action, name, kind="truth"):
    """Let accepting a declaration answer a question that is asked as well, as the pack of noyb has it."""
    question = next(question for question in action.questions if question["id"] == name)
    question["declared"] = {"kind": kind, "answer": "yes", "asked": True}
    action.save()


def test_an_answer_that_contradicts_an_accepted_declaration_wins_over_it(registration, action, person):
    declare_by(action, "uses_privately")
    registration.refresh_from_db()
    fill(registration, uses_privately="yes")
    save_step(registration, {"uses_privately": "no"})  # changed from the check of the answers
    claim = send_and_enter(registration)
    assert claim.answers["uses_privately"] == "no" and claim.outcome == "ineligible"
    assert not claim.acceptances.exists()


def raise_version(action):
    for text in action.declaration_texts.filter(kind="truth"):
        text.pk, text.version, text._state.adding = None, text.version + 1, True
        text.save()


def test_newer_words_of_a_declaration_are_accepted_anew_before_sending(registration, action, person):
    fill(registration)
    raise_version(action)
    assert mandates.list_accepted_kinds(registration) == set()
    with pytest.raises(NotComplete) as missing:
        send_and_enter(registration)
    assert [step.name for step in missing.value.steps] == ["declarations"]


def test_words_accepted_before_sending_hold_however_late_the_worker_comes(registration, action, person):
    fill(registration)
    sent = send_registration(registration, by=person)
    raise_version(action)
    claim = enter_registration(sent.pk)
    assert [acceptance.text.version for acceptance in claim.acceptances.all()] == [1]


def test_the_day_of_who_acts_is_asked_anew_when_another_acts(registration):
    fill(registration, capacity="guardian", rep_since="2026-01-02")
    save_step(registration, {"capacity": "guardian"})
    assert intake.read_values(registration)["rep_since"] == "2026-01-02"
    save_step(registration, {"capacity": "heir"})
    assert "rep_since" not in intake.read_values(registration)


def test_who_has_one_name_only_is_known_again(registration, action, person):
    fill(registration, given_name="")
    send_and_enter(registration)
    again = start_registration(action, by=person, language="en")
    fill(again, given_name="")
    with pytest.raises(Refused, match="registered already"):
        send_and_enter(again)
