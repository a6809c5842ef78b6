"""What is unknown is mended by the person: the very question, a new finding, and nothing that runs beside is lost."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from claims import mandates
from claims.answers import keep_former, list_former, read_text_answer
from claims.base.errors import Refused
from claims.base.history import list_events
from claims.counts import scan_counts
from claims.criteria import list_findings
from claims.curing import correct_answer, find_question, list_asked, list_curing, list_final
from claims.models import Claim, Claimant, FormerAnswer, Representation
from claims.packs import load_pack
from claims.review.asking import ask_claimant
from claims.rules.eligibility import Verdict
from claims.screening import list_ranges, screen_range
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
NOYB = Path(__file__).parents[2] / "config" / "packs" / "noyb-meta-ai-training"
FULL = {"uses_privately": "yes", "effort_hours": 3}


@pytest.fixture
def person():
    return make_user("ana@muster.example")


def make_screened(action, person, answers, **fields):
    claim = make_claim(action, make_claimant(user=person, email=person.email), answers=answers, **fields)
    for first, last, _ in list_ranges(action):
        screen_range(action, action.criteria, first, last)
    return Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)


def list_open(claim):
    return {criterion: [q["id"] for q in questions] for criterion, questions in list_curing(claim).items()}


def list_kept(action):
    return {(c.state, c.tier, c.outcome): c.claims for c in action.counts.filter(claims__gt=0)}


def test_an_unknown_finding_leads_to_its_questions_and_no_others(action, person):
    claim = make_screened(action, person, {"effort_hours": 3})
    assert list_open(claim) == {"consumer": ["uses_privately"]}


def test_a_question_that_is_not_asked_of_this_person_is_not_offered(action, person):
    claim = make_screened(action, person, {"uses_privately": "yes", "objection_made": "yes"})
    assert list_open(claim)["damage"] == ["objection_made", "objection_made_on", "effort_hours", "damage_text"]
    claim = correct_answer(claim, "objection_made", "no", by=person)
    assert "objection_made_on" not in list_open(claim)["damage"]


def test_an_answer_makes_the_claim_eligible_and_the_counts_agree(action, person):
    claim = make_screened(action, person, {"effort_hours": 3})
    correct_answer(claim, "uses_privately", "yes", by=person)
    claim.refresh_from_db()
    assert (claim.outcome, claim.answers["uses_privately"]) == ("eligible", "yes")
    assert scan_counts(action) == list_kept(action)


def test_the_history_names_the_question_and_never_the_answer(action, person):
    claim = make_screened(action, person, {"uses_privately": "yes"})
    correct_answer(claim, "damage_text", "canary in own words", by=person)
    event = list_events(claim)[0]
    assert (event.verb, event.fields, event.data) == ("answer corrected", ["damage_text"], {})
    claim = Claim.objects.get()
    assert "canary" not in str(claim.answers) and read_text_answer(claim, "damage_text") == "canary in own words"
    assert claim.outcome == "eligible"


def test_an_answer_that_decided_a_no_is_corrected_and_the_claim_checked_again(action, person):
    claim = make_screened(action, person, {"uses_privately": "no", "effort_hours": 3})
    assert list_open(claim) == {"consumer": ["uses_privately"]}
    claim = correct_answer(claim, "uses_privately", "yes", by=person)
    assert claim.outcome == "eligible" and scan_counts(action) == list_kept(action)


def test_an_answer_that_only_a_yes_rests_on_stays(action, person):
    claim = make_screened(action, person, {"uses_privately": "yes"})
    with pytest.raises(Refused, match="Write to the office"):
        correct_answer(claim, "uses_privately", "no", by=person)
    assert Claim.objects.get().answers == {"uses_privately": "yes"}


def test_the_former_answer_stays_sealed_and_the_history_names_its_row(action, person):
    claim = make_screened(action, person, {"effort_hours": 0, "objection_made": "no"})
    claim = correct_answer(claim, "effort_hours", "4", by=person)
    row = FormerAnswer.objects.get()
    event = list_events(claim)[0]
    assert (event.fields, event.data) == (["effort_hours"], {"former": [row.pk]})
    [former] = list_former(claim)
    assert (former.question, former.words) == ("effort_hours", "0") and row.sealed != "0"


def test_own_words_that_were_corrected_can_be_read_by_who_holds_the_key_alone(action, person):
    claim = make_screened(action, person, {"uses_privately": "no"})
    claim = correct_answer(claim, "damage_text", "canary one", by=person)
    keep_former(claim, "damage_text", "canary one")
    assert [former.words for former in list_former(claim)] == ["canary one"]
    assert "canary" not in str(list(FormerAnswer.objects.values()))
    Claimant.objects.update(data_key="")
    assert [former.words for former in list_former(Claim.objects.get())] == [""]


def test_a_no_that_came_of_a_correction_can_be_corrected_too(action, person):
    claim = make_screened(action, person, FULL, resident_since=None)
    assert list_open(claim) == {"residence": ["habitual_residence", "resident_since"]}
    claim = correct_answer(claim, "habitual_residence", "FR", by=person)
    assert claim.outcome == "ineligible"
    assert list_open(claim) == {"residence": ["habitual_residence", "resident_since"]}
    assert scan_counts(action) == list_kept(action) == {("FR", claim.tier, "ineligible"): 1}


def test_the_date_of_birth_is_changed_by_the_person_only_where_it_decided_a_no(action, person):
    claim = make_screened(action, person, FULL)
    assert find_question(claim, "birth_date") is None
    young = make_claimant(user=person, email=person.email, birth_date=date(2015, 5, 2))
    claim = make_claim(action, young, answers=FULL)
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = correct_answer(Claim.objects.get(pk=claim.pk), "birth_date", "1985-05-02", by=person)
    young.refresh_from_db()
    assert (claim.outcome, young.birth_date.year, list_former(claim)[0].words) == ("eligible", 1985, "2 May 2015")


def test_the_date_of_birth_can_be_given(action, person):
    claim = make_screened(action, person, FULL)
    claim.claimant.birth_date = None
    claim.claimant.save()
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = correct_answer(Claim.objects.get(), "birth_date", "1990-05-02", by=person)
    claim.claimant.refresh_from_db()
    assert claim.outcome == "eligible" and claim.claimant.birth_date.year == 1990 and claim.claimant.person_key


def test_an_answer_that_takes_a_declaration_is_changed_with_it_alone(action, person):
    action.questions[0]["declared"] = {"kind": "truth", "answer": "yes", "asked": True}
    action.save()
    claim = make_screened(action, person, {"uses_privately": "no"})
    with pytest.raises(Refused, match="accept the declaration"):
        correct_answer(claim, "uses_privately", "yes", by=person)
    [truth] = mandates.list_wanted(action, {}, "de")
    correct_answer(claim, "uses_privately", "yes", by=person, accepted=truth)
    assert [it.text for it in mandates.list_acceptances(claim)] == [truth]


def test_what_had_to_be_there_at_registration_is_never_corrected_not_even_if_the_office_asked(action, person, client):
    action.questions[0]["final"] = True
    action.save()
    claim = make_screened(action, person, {"uses_privately": "no", "effort_hours": 3})
    ask_claimant(claim, ["uses_privately"], by=make_user("lawyer2@example.org"))
    assert list_open(claim) == {"consumer": []} and find_question(claim, "uses_privately") is None
    with pytest.raises(Refused, match="had to be there when you registered"):
        correct_answer(claim, "uses_privately", "yes", by=person)
    assert Claim.objects.get().answers["uses_privately"] == "no"
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("claims:my-claim", args=[claim.reference])).content.decode()
    assert page.count("This had to be there when you registered") == 1


@pytest.mark.parametrize(("consent", "found"), [("no", Verdict.NO), ("", Verdict.UNKNOWN)])
def test_trap_14_no_correction_gives_the_consent_of_the_custodians_afterwards(db, person, consent, found):
    action = load_pack(NOYB).action
    adult = make_claimant(user=person, email=person.email, birth_date=date(2009, 5, 2))
    claim = make_claim(action, adult, answers={"custodians_consent": consent} if consent else {})
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)

    def find():
        return next(it.verdict for it in list_findings(claim) if it.criterion.id == "custodians_consent")

    assert find() == found and "custodians_consent" in list_final(claim)
    with pytest.raises(Refused, match="had to be there"):
        correct_answer(claim, "custodians_consent", "yes", by=person)
    if "birth_date" in list_asked(claim):  # a mistyped day is put right; what was agreed stays as it was
        claim = correct_answer(claim, "birth_date", "2010-05-02", by=person)
        assert find() == found
        claim = correct_answer(claim, "birth_date", "1990-05-02", by=person)
        assert find() == Verdict.YES
    assert claim.answers.get("custodians_consent", "") == consent


def test_trap_14_no_other_day_of_whoever_acts_gives_that_consent_afterwards(db, person):
    action = load_pack(NOYB).action
    claim = make_claim(action, make_claimant(user=person, email=person.email, birth_date=date(2012, 5, 2)))
    Representation.objects.create(claimant=claim.claimant, kind="guardian", family_name="Muster")
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)
    assert "rep_since" not in list_open(claim)["custodians_consent"] and "custodians_consent" in list_final(claim)


def test_what_is_still_unknown_can_be_corrected_after_an_answer_made_a_yes_of_the_same_day(db, person):
    action = load_pack(NOYB).action
    young = make_claimant(user=person, email=person.email, birth_date=date(2009, 5, 2))
    claim = make_claim(action, young, answers={"account_shown_as_adult": "no"})
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)
    assert "birth_date" in list_open(claim)["age_on_key_date"]
    claim = correct_answer(claim, "account_shown_as_adult", "yes", by=person)
    assert "age_on_key_date" not in list_open(claim) and list_open(claim)["custodians_consent"] == ["birth_date"]
    assert find_question(claim, "birth_date")


@pytest.mark.parametrize(("acting", "found"), [("", Verdict.UNKNOWN), ("guardian", Verdict.YES)])
def test_trap_14_a_child_alone_cannot_say_that_its_custodians_agree(db, person, client, acting, found):
    action = load_pack(NOYB).action
    child = make_claimant(user=person, email=person.email, birth_date=date(2012, 5, 2))
    if acting:
        Representation.objects.create(claimant=child, kind=acting, family_name="Muster")
    claim = make_claim(action, child, answers={"custodians_consent": "yes"}, channel=Claim.Channel.WEB)
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim = Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)
    assert next(it.verdict for it in list_findings(claim) if it.criterion.id == "custodians_consent") == found
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("claims:my-claim", args=[claim.reference])).content.decode()
    assert ("you cannot register alone" in page) is not bool(acting)
    assert ("The person was under 18, and" in page or "how old the person was" in page) is bool(acting)


@pytest.mark.parametrize(
    ("fields", "words"), [({"joined_on": "2026-01-05"}, "joined"), ({"status": "withdrawn"}, "wi")]
)
def test_after_joining_or_withdrawing_no_answer_changes(action, person, fields, words):
    claim = make_screened(action, person, {"effort_hours": 3})
    Claim.objects.filter(pk=claim.pk).update(**fields)
    with pytest.raises(Refused, match=words):
        correct_answer(claim, "uses_privately", "yes", by=person)
    assert list_curing(Claim.objects.get()) == {}


def test_a_screening_in_between_is_not_overwritten(action, person):
    claim = make_screened(action, person, {})
    stale = Claim.objects.get(pk=claim.pk)
    correct_answer(claim, "effort_hours", "3", by=person)
    correct_answer(stale, "uses_privately", "yes", by=person)  # its page was opened before
    claim.refresh_from_db()
    assert claim.answers == {"effort_hours": 3, "uses_privately": "yes"} and claim.outcome == "eligible"
    assert scan_counts(action) == list_kept(action)


def test_who_came_from_a_file_without_a_mandate_gives_it_afterwards_with_its_very_words(db, person, client):
    claim = make_screened(load_pack(NOYB).action, person, {"truth_confirmed": "yes"})
    assert "mandate_given" in list_asked(claim) and "truth_confirmed" not in list_asked(claim)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    there = reverse("claims:my-answer", args=[claim.reference, "mandate_given"])
    assert "Article 80" in client.get(there).content.decode()
    assert client.post(there, {"answer.mandate_given": "yes"}).status_code == 200  # the declaration is missing
    client.post(there, {"answer.mandate_given": "yes", "mandate-80-1": "on"})
    claim = Claim.objects.get()
    assert [it.text.kind for it in mandates.list_acceptances(claim)] == ["mandate-80-1"]
    assert {it.criterion.id: it.verdict for it in list_findings(claim)}["mandate_given"] == Verdict.YES
    assert "mandate_given" not in list_asked(claim)
