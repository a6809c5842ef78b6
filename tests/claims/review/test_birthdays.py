"""A day of birth that a file did not bring is entered by the office, with a reason; then its person opens the claim."""

from datetime import date

import pytest

from claims.answers import list_former
from claims.base.errors import Refused, StaleStatus
from claims.connecting import connect_claims
from claims.contacts import renew_person_key
from claims.criteria import list_findings
from claims.models import Claim, HistoryEvent
from claims.review.birthdays import correct_birthday
from claims.review.casework import list_notes
from claims.screening import list_ranges, screen_range
from tests.claims.views.conftest import people, visit  # noqa: F401  # fixtures
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
EMAIL, BORN = "lukasz@muster.example", date(1990, 5, 2)


def make(action, **claimant):
    """Return a screened claim that came in by a file."""
    claim = make_claim(action, make_claimant(email=EMAIL, **claimant))
    for first, last, _ in list_ranges(action):
        screen_range(action, action.criteria, first, last)
    return read(claim)


def read(claim):
    return Claim.objects.select_related("action", "claimant", "criteria_version").get(pk=claim.pk)


def find(claim, name="adult"):
    return next(it.verdict for it in list_findings(read(claim)) if it.criterion.id == name)


def test_the_office_adds_a_day_and_its_person_then_opens_the_claim(action):
    claim, office = make(action, birth_date=None), make_user()
    assert connect_claims(EMAIL, born_on=BORN) is None and find(claim) == "u"
    correct_birthday(claim, BORN, reason="Copy of the passport of 3 March", by=office)
    assert find(claim) == "y" and connect_claims(EMAIL, born_on=BORN)[1] == [claim]
    assert [words for _note, words in list_notes(read(claim))] == ["Copy of the passport of 3 March"]
    event = HistoryEvent.objects.get(verb="day of birth corrected")
    assert (event.by, event.fields, event.data) == (office, ["birth_date"], {})


def test_a_day_that_is_put_right_stays_as_a_former_answer_and_is_judged_anew(action):
    claim = make(action, birth_date=date(2015, 5, 2))
    assert find(claim) == "n"
    correct_birthday(claim, BORN, reason="A slip of the hand in the list", by=make_user())
    assert find(claim) == "y" and [it.words for it in list_former(read(claim))] == ["2 May 2015"]
    with pytest.raises(Refused, match="Nothing has changed"):
        correct_birthday(claim, BORN, reason="Again", by=make_user())


def test_what_was_decided_keeps_its_findings_and_a_known_day(action):
    claim = make(action, birth_date=None)
    Claim.objects.update(status="accepted")
    correct_birthday(claim, BORN, reason="Passport", by=make_user())
    assert find(claim) == "u" and read(claim).claimant.birth_date == BORN
    with pytest.raises(StaleStatus):
        correct_birthday(claim, date(1991, 5, 2), reason="Passport", by=make_user())


def test_nobody_enters_the_own_day_nor_makes_one_person_of_two(action):
    first = make(action, birth_date=BORN)
    renew_person_key(first.claimant, action.matter_id)
    other = make(action, birth_date=None)
    with pytest.raises(Refused, match="registered already"):
        correct_birthday(other, BORN, reason="Passport", by=make_user())
    own = make_claim(action, make_claimant(user=make_user("own@example.org"), birth_date=None))
    with pytest.raises(Refused, match="your own claim"):
        correct_birthday(own, BORN, reason="Passport", by=own.claimant.user)
    assert read(other).claimant.birth_date is None and not HistoryEvent.objects.filter(fields=["birth_date"]).exists()


def test_the_page_of_the_claim_has_the_form_and_wants_a_reason(visit, action):  # noqa: F811
    claim = make(action, birth_date=None)
    there = f"/workspace/small/claims/{claim.reference}/"
    assert f'action="{there}born/"' in visit("staff", there).content.decode()
    assert f'action="{there}born/"' not in visit("auditor", there).content.decode()
    for typed, is_kept in (({"born_on": "1990-05-02"}, False), ({"born_on": "2990-05-02", "reason": "x"}, False),
                           ({"born_on": "1990-05-02", "reason": "Passport"}, True)):  # fmt: skip
        assert visit("staff", f"{there}born/", "post", typed).url == there
        assert (read(claim).claimant.birth_date == BORN) is is_kept
    assert "entered or corrected the day of birth" in visit("staff", there).content.decode()
