"""The history of an action: auditors and lawyers read it, page by page, and no claimant is named in it."""

import pytest

from claims.base.history import record
from claims.base.references import show_reference
from claims.happened import list_happened, list_office_happenings, name_verb
from claims.models import HistoryEvent, User
from claims.models.history import ROLE_REFUSED
from claims.views import workspace_history
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
PAGE = "/workspace/small/history/"


def test_an_auditor_reads_who_did_what_and_no_claimant_is_named(visit, action, people):
    person = make_user("canary@muster.example", name="Canary Muster")
    claim = make_claim(action, make_claimant(user=person, family_name="Canary"))
    record("answer corrected", claim, by=person, action=action, fields=["uses_privately", "evidence"])
    record("claim accepted", claim, by=people["lawyer"], action=action)
    page = visit("auditor", PAGE).content.decode()
    assert "A lawyer accepted the claim" in page and str(people["lawyer"].name) in page
    assert ">Claimant<" in page and "(A file that shows it, Private use?)" in page and "Canary" not in page
    assert f"/claims/{claim.reference}/" in page


def test_who_was_of_the_office_and_has_a_claim_is_not_named_beside_it(visit, action):
    person = make_user("canary@muster.example", name="Canary Muster", role="staff", action=action)
    claim, erased = make_claim(action, make_claimant(user=person)), make_claim(action, make_claimant())
    record("reply received", claim, by=person, action=action)
    record("claim registered", erased, by=person, action=action)  # its owner is no longer known
    assert "Canary" not in visit("auditor", PAGE).content.decode()
    record("claim taken on", erased, by=person, action=action)
    assert visit("auditor", PAGE).content.decode().count("Canary Muster") == 1


@pytest.mark.parametrize("who", ["staff", "finance", "administrator", "stranger", "neighbour", "former"])
def test_for_others_there_is_no_history(visit, who):
    assert visit(who, PAGE).status_code == 404


def test_the_history_is_read_page_by_page_and_by_what_was_done(visit, action, people, monkeypatch):
    monkeypatch.setattr(workspace_history, "SHOWN", 2)
    for verb in ("facts changed", "criteria published", "facts changed", "facts changed"):
        record(verb, action, by=people["lawyer"], action=action)
    numbers = list(
        HistoryEvent.objects.filter(action=action, verb="facts changed")
        .order_by("-number")
        .values_list("number", flat=True)
    )
    first = visit("auditor", f"{PAGE}?verb=facts+changed").content.decode()
    assert f"verb=facts+changed&amp;before={numbers[1]}" in first
    second = visit("auditor", f"{PAGE}?verb=facts+changed&before={numbers[1]}").content.decode()
    assert second.count('<td role="cell" data-label="By">') == 1 and "Next page" not in second


def test_what_the_office_does_with_a_draft_or_a_filing_is_said_in_words():
    verbs = ("criteria draft saved", "criteria draft rebased", "filing resumed", "calendar link made")
    assert not [verb for verb in verbs if name_verb(verb) == verb]


def test_events_of_another_action_are_not_in_it(visit, action, people):
    other = people["neighbour"].roles.get().action
    record("facts changed", other, by=people["neighbour"], action=other)
    assert "Facts of the action were changed</span></td>" not in visit("auditor", PAGE).content.decode()


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=" + "9" * 40, "before=٣", "verb=%00", "verb=x'--"])
def test_an_address_made_up_by_hand_is_no_error(visit, query):
    assert visit("auditor", f"{PAGE}?{query}").status_code == 200


def test_a_job_is_told_by_its_title(visit, action, job, people):
    record("screening started", job, by=people["lawyer"], action=action)
    assert ": running" in visit("lawyer", PAGE).content.decode()


def test_each_line_says_who_what_and_which(visit, action, people, job):
    lawyer, claimant = people["lawyer"], make_claimant()
    User.objects.filter(pk=lawyer.pk).update(name="Anna Amt")
    claim, other = make_claim(action, claimant), make_claim(action, make_claimant())
    record("contact changed", claimant, by=None, action=action)
    record("claim merged", other, by=lawyer, action=action, kept=claim.pk, merge=1)
    record("role granted", people["staff"], by=lawyer, action=action, fields=["name"], role="staff")
    record("event entered", action, by=lawyer, action=action, event="action-filed", version=1)
    record("facts changed", action, by=lawyer, action=action, fields=["lead"])
    record("confirmed before publication", action, by=lawyer, action=action, fields=["privacy"])
    record("screening started", job, by=lawyer, action=action)
    rows, _following = list_happened(action, most=7)
    told = [(row.what, [thing.text for thing in row.things], list(row.fields)) for row in reversed(rows)]
    assert [(things, fields) for _what, things, fields in told] == [
        ([show_reference(claim.reference)], []),
        ([show_reference(other.reference), show_reference(claim.reference)], []),
        ([f"{people['staff'].email}: staff"], []),
        (["The action was filed in court"], []),
        ([], ["First paragraph"]),
        ([], ["Privacy notice"]),
        ([str(job.code)[:8]], []),
    ]
    assert [row.who for row in rows] == ["Anna Amt"] * 6 + ["Automatic"]
    page = visit("auditor", PAGE).content.decode()
    assert f"/claims/{claim.reference}/" in page and f"/jobs/{job.code}/" in page


def test_who_is_refused_a_role_for_a_claim_of_the_own_is_not_named(visit, action, people):
    person = make_user("canary@muster.example", name="Canary Muster", role="staff", action=action)
    record(ROLE_REFUSED, person, by=people["administrator"], action=action)
    assert "Canary" not in visit("auditor", PAGE).content.decode()


def test_the_timeline_of_a_claim_says_who_did_what_to_which(visit, action, people):
    claim, other = make_claim(action, make_claimant()), make_claim(action, make_claimant())
    record("claim took another in", claim, by=people["lawyer"], action=action, merged=other.pk, merge=1)
    record("finding proposed", claim, by=people["lawyer"], action=action, fields=["uses_privately"])
    first, second = list_office_happenings(claim)
    assert second.who == people["lawyer"].email
    assert [thing.text for thing in second.things] == [show_reference(other.reference)]
    assert first.fields == ("Private use?",) and not first.things
    assert (
        f"/claims/{other.reference}/" in visit("staff", f"/workspace/small/claims/{claim.reference}/").content.decode()
    )
