"""The kept numbers are those that counting would find, whatever happened to the claims."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from claims.counts import list_counts, scan_counts
from claims.lifecycle import Step, take_steps
from claims.models import Claim
from claims.tallies import add_tallies, read_tallies, recount, scan_tallies
from tests.factories import load_small_pack, make_action, make_claim, mark_joined

DAYS = [datetime(2025, 11, day, 23, 30, tzinfo=UTC) for day in (3, 4, 5)]
STEPS = st.sampled_from([*Claim.Status, "join"])
WITH_MANDATE = {"questions": [{"id": "mandate_given", "declared": {"kind": "mandate-80-1", "answer": "yes"}}]}


class Book(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.sampled_from(DAYS), st.booleans(), st.lists(STEPS))))
    def test_kept_numbers_are_those_of_a_count(self, histories):
        action = make_action(**WITH_MANDATE)
        for registered_at, is_given, moves in histories:
            answers = {"mandate_given": "yes"} if is_given else {}
            claim = make_claim(action, registered_at=registered_at, answers=answers)
            for target in moves:
                if target == "join":
                    if claim.stands and claim.joined_on is None:
                        mark_joined(action, {date(2026, 1, 5): [claim.pk]})
                        claim.refresh_from_db()
                    continue
                is_merging = "merged" in (claim.status, target)
                if claim.status in (Claim.MERGE_MOVES if is_merging else Claim.MOVES)[target]:
                    take_steps([Step(claim, target, is_merging=is_merging)])
        assert read_tallies(action) == scan_tallies(action)
        assert list_counts(action) == scan_counts(action)


def test_a_recount_writes_what_is_there(action):
    claim = make_claim(action)
    add_tallies(action.pk, {("status", "submitted"): 5})
    recount(action)
    assert read_tallies(action)["status"] == {claim.status: 1} == scan_tallies(action)["status"]


def test_a_joining_is_tallied_by_its_day_and_can_be_taken_back(db):
    action = load_small_pack()
    for n in (3, -1):
        add_tallies(action.pk, {("joined", "2026-01-05"): n})
    assert read_tallies(action)["joined"] == {"2026-01-05": 2}
