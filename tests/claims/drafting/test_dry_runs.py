"""A dry run is a job over the whole book: it says what would move, keeps the list, and writes to no claim."""

import pytest

from claims import dry_runs
from claims.base import jobs
from claims.base.errors import Refused
from claims.contacts import change_contact
from claims.drafting import read_source, start_draft
from claims.dry_runs import (
    Move,
    find_dry_run,
    list_moves,
    list_reasons_to_repeat,
    name_claims,
    start_dry_run,
    try_range,
)
from claims.models import Claim, ClaimCount, CriteriaVersion, Job
from claims.withdrawals import withdraw_claim
from tests.claims.drafting.conftest import change_draft, run_dry, screen
from tests.factories import make_action, make_claim, make_claimant, make_user

PRIVATE = {"uses_privately": "yes", "effort_hours": 3}


def test_a_dry_run_counts_what_would_move_and_writes_nothing_to_claims(action, lawyer):
    claim = make_claim(action, answers=PRIVATE)
    screen(action)
    kept = [list(model.objects.order_by("pk").values()) for model in (Claim, ClaimCount)]
    change_draft(action, lawyer, "is: yes", "is: no")
    found = run_dry(action)
    result = found.job.result
    assert found.job.state == Job.State.DONE
    assert result["outcomes"] == {"eligible": 0, "ineligible": 1, "needs_info": 0}
    assert result["moves"] == {"eligible>ineligible": 1}
    assert result["by_criterion"]["consumer"] == {"no": 1, "unknown": 0, "yes": 0}
    assert result["differences"] == {"adult": {}, "consumer": {"yes>no": 1}, "damage": {}, "residence": {}}
    assert list(list_moves(found)) == [Move(claim.pk, "eligible", "ineligible")]
    assert [list(model.objects.order_by("pk").values()) for model in (Claim, ClaimCount)] == kept


def test_criteria_are_told_apart_by_their_ids_whatever_their_place(action, lawyer):
    make_claim(action, answers=PRIVATE)
    screen(action)
    text = start_draft(action, by=lawyer).text
    data = read_source(action, text).document
    turned = {**data, "criteria": [*reversed(data["criteria"])]}
    turned["criteria"][0] = {**turned["criteria"][0], "id": "harm"}
    found = try_range(action, turned, 0, 10**12)
    differences = {name: dict(ways) for name, ways in found.differences.items() if ways}
    assert (differences, dict(found.moves)) == ({"harm": {"new>yes": 1}}, {})


def test_a_claim_that_was_never_screened_moves_from_unscreened(action, lawyer):
    claim = make_claim(action, answers=PRIVATE)
    found = run_dry(action, start_draft(action, by=lawyer).text)
    assert found.job.result["moves"] == {"unscreened>eligible": 1}
    assert found.job.result["differences"]["consumer"] == {"new>yes": 1}
    assert list(list_moves(found, old="", new="eligible")) == [Move(claim.pk, "", "eligible")]
    assert list(list_moves(found, only_screened=True)) == []


def test_the_page_of_a_dry_run_tells_those_who_move_from_those_never_screened(action, lawyer, client):
    moving = make_claim(action, answers=PRIVATE)
    screen(action)
    fresh = make_claim(action, answers=PRIVATE)
    change_draft(action, lawyer, "is: yes", "is: no")
    found = run_dry(action)
    client.force_login(lawyer)
    address = f"/workspace/small/dry-runs/{found.code}/"
    page = client.get(address).content.decode()
    assert "1 claim would move" in page and "1 more has not been screened yet" in page
    assert f"/claims/{moving.reference}/" in page and fresh.reference not in page
    page = client.get(address + "?move=unscreened%3Eineligible").content.decode()
    assert f"/claims/{fresh.reference}/" in page and moving.reference not in page


def test_texts_that_no_claim_can_get_are_named_in_what_is_new_of_a_draft_only(action, lawyer):
    text = start_draft(action, by=lawyer).text.replace("is: yes", "known: true", 1)
    draft = read_source(action, text)
    assert [warning for warning in draft.warnings if "`no`" in warning]
    CriteriaVersion.objects.create(action=action, number=2, document=draft.document, sha256=draft.sha256)
    assert read_source(action, text).warnings == []


def test_the_list_of_moves_is_complete_over_ranges_and_can_be_read_from_any_place(action, lawyer, monkeypatch):
    monkeypatch.setattr(dry_runs, "RANGE", 3)
    answers = [PRIVATE, {"effort_hours": 1}, {**PRIVATE, "uses_privately": "no"}]
    claims = [make_claim(action, answers=answers[i % 3]) for i in range(11)]
    screen(action)
    change_draft(action, lawyer, "is: yes", "known: true")
    change_draft(
        action, lawyer, "    no: {en: You used it for business., de: Sie nutzten es geschäftlich.}\n", ""
    ) if 0 else None
    found = run_dry(action)
    assert found.job.chunks_total == 4
    expected = [Move(c.pk, "ineligible", "eligible") for c in claims[2::3]]
    assert list(list_moves(found)) == expected
    assert list(list_moves(found, after=claims[5].pk)) == expected[2:]
    assert list(list_moves(found, old="eligible")) == []
    named = list(name_claims(list_moves(found), Claim.objects.filter(action=action)))
    assert [reference for reference, _move in named] == [c.reference for c in claims[2::3]]


def test_a_withdrawn_claim_and_one_of_another_action_are_in_no_dry_run(action, lawyer):
    make_claim(make_action())
    withdraw_claim(make_claim(action, make_claimant(user=make_user())), by=lawyer)
    assert run_dry(action, start_draft(action, by=lawyer).text).job.result["outcomes"] == {
        "eligible": 0, "ineligible": 0, "needs_info": 0,
    }  # fmt: skip


def test_a_dry_run_is_bound_to_its_content_and_says_when_the_book_has_changed(action, lawyer):
    claim = make_claim(action, make_claimant(user=make_user()), answers=PRIVATE)
    draft = change_draft(action, lawyer, "is: yes", "is: no")
    found = run_dry(action)
    assert find_dry_run(action, draft.sha256) == found
    assert list_reasons_to_repeat(found) == []
    assert find_dry_run(action, change_draft(action, lawyer, "is: no", "is: yes").sha256) is None
    change_contact(claim.claimant, {"city": "Musterstadt"}, by=lawyer)
    assert list_reasons_to_repeat(found) == []
    withdraw_claim(claim, by=lawyer)
    assert [event.verb for event in list_reasons_to_repeat(found)] == ["claim withdrawn"]


def test_only_one_dry_run_of_an_action_runs_at_a_time(action, lawyer):
    make_claim(action)
    document = action.criteria.document
    start_dry_run(action, document, by=lawyer)
    with pytest.raises(Refused, match="already waiting or running"):
        start_dry_run(action, document, by=lawyer)


def test_a_dry_run_that_was_stopped_is_none_to_publish_on(action, lawyer):
    make_claim(action)
    found = start_dry_run(action, action.criteria.document, by=lawyer)
    jobs.cancel_job(found.job, by=lawyer)
    assert find_dry_run(action, action.criteria.sha256) is None


def test_an_empty_book_is_tried_at_once(action, lawyer):
    found = run_dry(action, start_draft(action, by=lawyer).text)
    assert (found.job.state, found.job.result["moves"]) == (Job.State.DONE, {})
