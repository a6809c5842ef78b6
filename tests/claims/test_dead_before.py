"""Days of whoever acts for another, held against what the action is about: nobody is harmed after their death."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from claims.curing import correct_answer, list_curing
from claims.forms.registration import StepForm
from claims.intake import open_draft, save_step, start_registration
from claims.intake.days import list_clashes
from claims.intake.doubts import list_doubts
from claims.intake.entering import sort_answers
from claims.intake.questions import list_step_questions
from claims.models import Claim, Representation
from claims.packs import load_pack
from claims.rules.steps import list_missing
from claims.screening import list_ranges, screen_range
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
NOYB = Path(__file__).parents[2] / "config" / "packs" / "noyb-meta-ai-training"
HEIR = {"capacity": "heir", "birth_date": "1950-05-02", "rep_family_name": "Erbin", "resident_since": "1990-01-01"}


@pytest.fixture
def registration(db):
    return start_registration(load_pack(NOYB).action, by=make_user("erbin@muster.example"), language="en")


def find_doubts(registration):
    return {doubt.finding.criterion.id: doubt for doubt in list_doubts(open_draft(registration))}


@pytest.mark.parametrize(
    ("died", "is_doubted"), [("2015-03-03", True), ("2025-05-26", True), ("2025-05-27", False), ("2025-11-01", False)]
)
def test_who_died_before_the_infringement_does_not_meet_all_criteria(registration, died, is_doubted):
    save_step(registration, {**HEIR, "rep_since": died})
    found = find_doubts(registration)
    assert ("alive_on_key_date" in found) is is_doubted
    if is_doubted:
        ((step, _title),) = found["alive_on_key_date"].decided_by
        assert step.name == "representative" and "27 May 2025" in found["alive_on_key_date"].finding.reason["en"]


def test_custodians_say_once_that_all_agreed_and_a_child_alone_is_asked(registration):
    child = {"birth_date": "2012-05-02", "rep_family_name": "Vormund"}
    save_step(registration, child | {"capacity": "guardian"})
    assert open_draft(registration).find_step("custodians_consent") is None
    assert "representative" in {
        step.name for step in list_missing(open_draft(registration).steps, {})
    }  # never left out
    save_step(registration, {"rep_since": "2026-02-01"})
    assert sort_answers(open_draft(registration)).plain["custodians_consent"] == "yes"
    assert "custodians_consent" not in find_doubts(registration)
    for capacity in ("self", "representative"):
        save_step(registration, {"capacity": capacity})
        draft = open_draft(registration)
        assert draft.find_step("custodians_consent") and "custodians_consent" not in sort_answers(draft).plain


@pytest.mark.parametrize(("capacity", "is_told"), [("self", True), ("guardian", False)])
@pytest.mark.parametrize("consent", [{"custodians_consent": "yes"}, {}])
def test_a_child_alone_is_told_before_sending_that_somebody_has_to_register(registration, capacity, is_told, consent):
    save_step(registration, {"capacity": capacity, "birth_date": "2012-05-02", **consent})
    told = find_doubts(registration).get("custodians_consent")
    assert (told is not None) is is_told
    if told:
        assert told.finding.verdict == "u" and told.decided_by[0][0].name == "birth"


def test_an_heir_of_a_child_is_not_told_so(registration):
    save_step(registration, {**HEIR, "birth_date": "2012-05-02", "rep_since": "2025-11-01"})
    assert "custodians_consent" not in find_doubts(registration)


@pytest.mark.parametrize("capacity", ["self", "guardian", "representative"])
def test_nobody_else_has_a_day_of_death(registration, capacity):
    save_step(registration, {**HEIR, "capacity": capacity, "rep_since": "2015-03-03"})
    assert "alive_on_key_date" not in find_doubts(registration)


def test_the_claim_keeps_the_day_for_the_criteria_and_nobody_is_asked_twice(registration):
    save_step(registration, {**HEIR, "rep_since": "2015-03-03"})
    draft = open_draft(registration)
    assert sort_answers(draft).plain["died_on"] == "2015-03-03"
    assert draft.find_step("died_on") is None


def test_a_corrected_day_of_death_is_judged_anew(registration):
    action, heir = registration.action, registration.user
    claim = make_claim(action, make_claimant(user=heir, email=heir.email), answers={"died_on": "2015-03-03"})
    Representation.objects.create(claimant=claim.claimant, kind="heir", family_name="Erbin", since=date(2015, 3, 3))
    for first, last, _ in list_ranges(action):
        screen_range(action, action.criteria, first, last)
    claim = Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)
    assert [q["id"] for q in list_curing(claim)["alive_on_key_date"]] == ["rep_since"]
    claim = correct_answer(claim, "rep_since", "2025-11-01", by=heir)
    assert claim.answers["died_on"] == "2025-11-01" and "alive_on_key_date" not in list_curing(claim)


def test_nobody_opened_an_account_after_their_death(registration):
    save_step(registration, {**HEIR, "rep_since": "2015-03-03", "account_opened_on": "2020-01-01"})
    assert "rep_since" in list_clashes(open_draft(registration))
    save_step(registration, {"capacity": "representative"})
    assert list_clashes(open_draft(registration)) == {}


def test_custodians_cannot_agree_before_the_birth_nor_anybody_in_the_future(registration):
    save_step(
        registration,
        {
            **HEIR,
            "capacity": "guardian",
            "birth_date": "2014-01-01",
            "resident_since": "2014-01-01",
            "rep_since": "2013-01-01",
        },
    )
    draft = open_draft(registration)
    assert "rep_since" in list_clashes(draft)
    day = timezone.localdate() + timedelta(days=2)  # to come, also where midnight comes in between
    data = {
        "answer.rep_family_name": "V",
        "answer.rep_since.day": day.day,
        "answer.rep_since.month": day.month,
        "answer.rep_since.year": day.year,
    }
    data = {name: str(value) for name, value in data.items()}
    form = StepForm(
        data, questions=list_step_questions(registration, draft.find_step("representative"), capacity="representative")
    )
    assert "rep_since" in form.errors


def test_the_summary_of_who_pays_names_the_exception_of_its_text():
    text = yaml.safe_load((NOYB / "declarations" / "funding.yaml").read_text())
    assert text["version"] == 3 and "carelessness" in text["summary"]["en"] and "fahrlässig" in text["summary"]["de"]
    for language in ("es", "fr", "it", "nl", "pl", "el"):
        other = yaml.safe_load((NOYB / "languages" / language / "funding.yaml").read_text())
        assert other["version"] == 3 and len(other["summary"]) > 120
