"""The pre-check judges a few answers as the screening judges a claim: unknown is never "no"."""

from datetime import date
from pathlib import Path

import pytest

from claims.base.errors import Refused
from claims.criteria import list_findings, read_rulebook
from claims.models import Action, Claim, CriteriaVersion
from claims.packs import build_criteria_document, load_pack, read_pack
from claims.precheck import judge_answers, list_precheck_questions
from claims.rules.eligibility import Outcome, Verdict
from claims.screening import screen_range
from tests.claims.test_packs import pack  # noqa: F401  # a fixture
from tests.factories import SMALL_PACK, make_claim, make_claimant

NOYB = Path(__file__).parents[2] / "config" / "packs" / "noyb-meta-ai-training"
GOOD = {"uses_privately": "yes", "habitual_residence": "AT", "resident_since": "2010-01-01", "birth_date": "1990-05-02"}
NOYB_GOOD = {**GOOD, "account_on_key_date": "yes", "public_posts": "yes"}


def read_book(folder):
    found = read_pack(folder)
    document = build_criteria_document(found.criteria, found.questions.data["questions"], found.event_dates)
    return read_rulebook(document), found.questions.data["precheck"]


def judge(folder, answers):
    book, asked = read_book(folder)
    return judge_answers(book, asked, answers, on=date(2026, 1, 5))


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Outcome.ELIGIBLE),
        ({"uses_privately": "no"}, Outcome.INELIGIBLE),
        ({"uses_privately": ""}, Outcome.NEEDS_INFO),
        ({"birth_date": "2007-05-28"}, Outcome.INELIGIBLE),
        ({"birth_date": "2007-05-27"}, Outcome.ELIGIBLE),
        ({"habitual_residence": "US"}, Outcome.INELIGIBLE),
        ({"habitual_residence": "US", "resident_since": ""}, Outcome.INELIGIBLE),
        ({"resident_since": ""}, Outcome.NEEDS_INFO),
        ({"uses_privately": "", "habitual_residence": "US"}, Outcome.INELIGIBLE),
        (dict.fromkeys(GOOD, ""), Outcome.NEEDS_INFO),
    ],
)
def test_any_no_wins_all_yes_is_yes_and_what_is_unknown_stays_open(change, outcome):
    assert judge(SMALL_PACK, GOOD | change).outcome == outcome


def test_only_criteria_that_the_questions_are_about_are_judged_and_the_reasons_come_first():
    result = judge(SMALL_PACK, GOOD | {"uses_privately": "", "birth_date": "2010-01-01"})
    assert [(found.criterion.id, found.verdict) for found in result.findings] == [
        ("adult", Verdict.NO), ("consumer", Verdict.UNKNOWN), ("residence", Verdict.YES),
    ]  # fmt: skip
    assert all(found.reason["en"] and found.reason["de"] and found.criterion.citations for found in result.findings)


def test_an_answer_to_another_question_changes_nothing():
    assert judge(SMALL_PACK, GOOD | {"effort_hours": "9"}) == judge(SMALL_PACK, GOOD)


def test_the_pre_check_finds_what_the_screening_of_the_same_answers_finds(action):
    claim = make_claim(action, make_claimant(birth_date="1990-05-02"), answers={"uses_privately": "yes"})
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = Claim.objects.select_related("criteria_version").get(pk=claim.pk)
    screened = {found.criterion.id: found.verdict for found in list_findings(claim)}
    result = judge(SMALL_PACK, GOOD)
    assert {found.criterion.id: found.verdict for found in result.findings}.items() <= screened.items()


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Outcome.ELIGIBLE),
        ({"account_on_key_date": "no"}, Outcome.INELIGIBLE),
        ({"public_posts": "no"}, Outcome.NEEDS_INFO),  # Meta AI is asked about at registration
        ({"birth_date": "2012-01-01"}, Outcome.NEEDS_INFO),  # the account may have said otherwise
        ({"habitual_residence": "CH"}, Outcome.INELIGIBLE),
        ({"resident_since": "2025-09-01"}, Outcome.NEEDS_INFO),  # where before that?
        (dict.fromkeys(NOYB_GOOD, ""), Outcome.NEEDS_INFO),
    ],
)
def test_the_pre_check_of_noyb_v_meta_can_say_yes_and_no_and_not_sure(change, outcome):
    assert judge(NOYB, NOYB_GOOD | change).outcome == outcome


def test_the_pre_check_of_noyb_v_meta_names_what_it_did_not_ask():
    result = judge(NOYB, NOYB_GOOD)
    assert len(read_book(NOYB)[1]) == 6 and len(result.findings) == 8
    assert [criterion.id for criterion in result.later] == ["no_parallel_action"]


def test_an_action_without_questions_without_criteria_or_at_its_end_has_no_pre_check(action):
    assert [question["id"] for question in list_precheck_questions(action)] == list(GOOD)
    action.stage = Action.Stage.DISMISSED
    assert list_precheck_questions(action) == []
    action.stage, action.precheck = Action.Stage.DRAFT, None
    assert list_precheck_questions(action) == []


def test_a_changed_pre_check_is_loaded_and_makes_no_new_criteria(action, pack):  # noqa: F811
    loaded = load_pack(pack("questions.yaml", "precheck: [uses_privately, ", "precheck: ["))
    assert loaded.changed and loaded.action.precheck == ["habitual_residence", "resident_since", "birth_date"]
    assert CriteriaVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("[uses_secretly]", r"questions.yaml, line 16, precheck.0: there is no question `uses_secretly`; .*birth_date"),
        ("[birth_date, birth_date]", r"line 16, precheck.1: `birth_date` is there twice"),
        ("[effort_hours]", r"line 16, precheck.0: `effort_hours` is of kind number; the pre-check takes choice, "),
        ("[platform]", r"line 16, precheck.0: no criterion asks about `platform`"),
        ("[]", r"line 16, precheck: is empty"),
        ("[a, b, c, d, e, f, g]", r"line 16, precheck: .*too long"),
        ("[7]", r"line 16, precheck.0: must be of the type string"),
        ("birth_date", r"line 16, precheck: must be of the type array"),
    ],
)
def test_a_pre_check_that_cannot_be_is_refused_with_its_place(db, pack, asked, message):  # noqa: F811
    folder = pack("questions.yaml", "[uses_privately, habitual_residence, resident_since, birth_date]", asked)
    with pytest.raises(Refused, match=message):
        load_pack(folder)
    assert not Action.objects.exists()


def test_a_pre_check_that_can_never_say_yes_is_warned_of(db, pack):  # noqa: F811
    warnings = load_pack(pack("questions.yaml", "resident_since, birth_date]", "birth_date]")).warnings
    assert any("questions.yaml, line 16, precheck: `residence` needs more" in warning for warning in warnings)
