"""Merging and taking apart: no claim lost, no date lost, nothing of one account shown to another, in any order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import access
from claims.base.errors import Refused, StaleStatus
from claims.base.history import verify_history
from claims.counts import scan_counts
from claims.duplicates import choose_kept, find_kept, mark_not_same, merge_pair, unmerge_claim
from claims.erasing import erase_claimant
from claims.lifecycle import move_claim
from claims.models import Claim, Claimant, ClaimCount, DuplicateKeys, DuplicatePair, Evidence, HistoryEvent, Mail, Merge
from claims.review.asking import ask_claimant
from claims.review.refusing import announce_refusal
from claims.tallies import read_tallies, recount, scan_tallies
from claims.timeline import RELEASED
from claims.withdrawals import find_obstacle, withdraw_claim
from claims.workspace import list_waiting
from tests.claims.duplicates.conftest import make_double
from tests.factories import REGISTERED_AT, load_small_pack, make_user, mark_joined

pytestmark = pytest.mark.django_db


def make_pair(one, other):
    first, second = sorted((one, other), key=lambda claim: claim.pk)
    return DuplicatePair.objects.create(
        action=one.action, first=first, second=second, score=40, version=1, found_in=1, signs=[]
    )


def merge(one, other, by):
    return merge_pair(make_pair(one, other), by=by, reason="signs")


def count(action):
    kept = ClaimCount.objects.filter(action=action, claims__gt=0).values_list("state", "tier", "outcome", "claims")
    return {(state, tier, outcome): n for state, tier, outcome, n in kept}


def test_the_claim_that_joined_is_kept_even_if_it_registered_later(action):
    early = make_double(action)
    joined = make_double(action)
    Claim.objects.filter(pk=joined.pk).update(
        joined_on=date(2026, 1, 5), registered_at=REGISTERED_AT + timedelta(days=9)
    )
    joined.refresh_from_db()
    assert choose_kept(early, joined) == (joined, early)


def test_of_two_that_joined_the_first_is_kept_and_of_none_the_earlier_registration(action):
    one, other = make_double(action), make_double(action)
    one.registered_at = REGISTERED_AT + timedelta(days=1)
    assert choose_kept(one, other) == (other, one)
    one.joined_on, other.joined_on = date(2026, 1, 5), date(2026, 1, 6)
    assert choose_kept(one, other) == (one, other)


def test_a_merge_takes_one_claim_out_of_the_counts_and_keeps_the_earliest_date(action, pair, lawyer):
    Claim.objects.filter(pk=pair.first_id).update(
        joined_on=date(2026, 1, 5), registered_at=REGISTERED_AT + timedelta(days=9)
    )
    recount(action)
    done = merge_pair(pair, by=lawyer, reason="proven", words="seen on the passport")
    assert read_tallies(action) == scan_tallies(action)
    kept, merged = Claim.objects.get(pk=pair.first_id), Claim.objects.get(pk=pair.second_id)
    assert (kept.stands, merged.status, done.kept_id) == (True, "merged", kept.pk)
    assert kept.registered_at == merged.registered_at == REGISTERED_AT
    assert count(action) == scan_counts(action) and sum(count(action).values()) == 1
    assert "passport" not in Merge.objects.get().words
    assert HistoryEvent.objects.filter(verb="claim merged", subject_id=merged.pk, by=lawyer).exists()


def test_taking_apart_restores_exactly(action, pair, lawyer):
    before = list(Claim.objects.order_by("pk").values())
    move_claim(pair.second, Claim.Status.ACCEPTED)
    Claim.objects.filter(pk=pair.first_id).update(registered_at=REGISTERED_AT + timedelta(days=9))
    before = list(Claim.objects.order_by("pk").values())
    recount(action)
    done = merge_pair(pair, by=lawyer, reason="signs")
    unmerge_claim(done.merged, by=lawyer, words="she is her sister")
    assert list(Claim.objects.order_by("pk").values()) == before
    assert count(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)
    pair.refresh_from_db()
    assert pair.state == "not_same" and Merge.objects.get().undone_by == lawyer


def test_files_and_words_stay_under_the_key_of_whoever_gave_them(action, pair, lawyer):
    file = Evidence.objects.create(owner=pair.second.claimant, name="x", size_bytes=1, state="ready", copy_kind="pdf")
    done = merge_pair(pair, by=lawyer, reason="signs")
    file.refresh_from_db()
    assert file.owner_id == done.merged.claimant_id and done.moved["evidence"] == [file.pk]


def test_the_second_to_decide_is_told_and_changes_nothing(action, pair, lawyer):
    mark_not_same(pair, by=lawyer, reason="twins")
    for step in (
        lambda: merge_pair(pair, by=lawyer, reason="signs"),
        lambda: mark_not_same(pair, by=lawyer, reason="other"),
    ):
        with pytest.raises(StaleStatus, match="already handled"):
            step()
    assert Claim.objects.standing().count() == 2


def test_what_does_not_stand_is_not_merged(action, pair, lawyer):
    withdraw_claim(pair.first, by=lawyer)
    with pytest.raises(Refused, match="does not stand"):
        merge_pair(pair, by=lawyer, reason="signs")
    assert not Merge.objects.exists()


def test_a_reason_is_needed(pair, lawyer):
    for step in (merge_pair, mark_not_same):
        with pytest.raises(Refused):
            step(pair, by=lawyer, reason="because")


def test_a_chain_leads_to_the_last_and_its_middle_comes_out_with_what_is_in_it(action, lawyer):
    a, b, c = (make_double(action) for _ in range(3))
    for days, claim in ((0, c), (1, b), (2, a)):
        Claim.objects.filter(pk=claim.pk).update(registered_at=REGISTERED_AT + timedelta(days=days))
    assert merge(a, b, lawyer).kept == b and merge(b, c, lawyer).kept == c
    assert find_kept(a) == c and find_kept(c) == c
    unmerge_claim(b, by=lawyer)
    assert find_kept(a) == b and Claim.objects.standing().count() == 2
    assert Claim.objects.get(pk=b.pk).registered_at == REGISTERED_AT + timedelta(days=1)
    unmerge_claim(a, by=lawyer)
    assert count(action) == scan_counts(action) and Claim.objects.standing().count() == 3


def test_both_are_told_and_neither_mail_names_the_other(action, pair, lawyer):
    done = merge_pair(pair, by=lawyer, reason="signs")
    mails = {mail.to: mail.text for mail in Mail.objects.filter(kind="merged")}
    assert set(mails) == {"ana@muster.example", "other@muster.example"}
    kept, merged = (claim.reference[:4] for claim in (done.kept, done.merged))
    assert merged not in mails["ana@muster.example"] and kept not in mails["other@muster.example"]


def test_who_holds_both_withdraws_the_one_that_counts_and_then_the_other(pair, lawyer):
    Claimant.objects.filter(pk=pair.second.claimant_id).update(user=pair.first.claimant.user)
    done = merge_pair(pair, by=lawyer, reason="signs")
    done.merged.refresh_from_db()
    assert "put together" in find_obstacle(done.merged, on=date(2026, 1, 1))
    withdraw_claim(done.kept, by=lawyer)
    assert Claim.objects.get(pk=done.merged_id).status == "merged"  # of one account: the office can still take it out
    withdraw_claim(done.merged, by=lawyer)


def test_erasing_the_kept_claim_erases_what_nobody_else_could_ask_for(action, pair, lawyer):
    done = merge_pair(pair, by=lawyer, reason="signs", words="canary")
    assert pair.first == done.kept
    erase_claimant(done.kept.claimant, by=None)
    assert not Claimant.objects.exclude(erased_at=None).filter(family_name="Muster").exists()
    assert Claimant.objects.filter(erased_at=None).count() == 0
    assert not DuplicateKeys.objects.exists() and not DuplicatePair.objects.exists() and Merge.objects.get().words == ""
    with pytest.raises(StaleStatus):
        unmerge_claim(done.merged, by=lawyer)
    assert count(action) == scan_counts(action) == {} and verify_history()[1] is None


@pytest.fixture
def foreign(pair, lawyer):
    """A merge whose merged claim belongs to another account."""
    Claimant.objects.filter(pk=pair.second.claimant_id).update(user=make_user("other@muster.example"))
    return merge_pair(DuplicatePair.objects.get(pk=pair.pk), by=lawyer, reason="signs")


@pytest.mark.parametrize("end", [lambda claim: withdraw_claim(claim, by=claim.claimant.user),
                                 lambda claim: erase_claimant(claim.claimant, by=None)])  # fmt: skip
def test_when_the_kept_claim_leaves_that_of_another_account_stands_again_and_people_are_told(
    action, foreign, lawyer, end
):
    Mail.objects.all().delete()
    end(Claim.objects.select_related("claimant").get(pk=foreign.kept_id))
    merged = Claim.objects.get(pk=foreign.merged_id)
    assert merged.stands and merged.claimant.erased_at is None and merged.claimant.family_name == "Muster"
    assert count(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)
    assert "no longer counts" in Mail.objects.get(to="other@muster.example", kind="unmerged").text
    assert HistoryEvent.objects.filter(verb=RELEASED, subject_id=merged.pk).exists()
    assert [(row.name, row.number) for row in list_waiting(action, lawyer) if "again" in row.name] == [
        ("Claims that stand by themselves again", 1)
    ]


def test_a_claim_of_another_account_deep_in_the_tree_stands_again_and_takes_its_own_with_it(action, lawyer):
    ana, ben = make_user("ana@muster.example"), make_user("ben@muster.example")
    kept, middle, below, lowest = (make_double(action, user=user) for user in (ana, ana, ben, ben))
    for n, claim in enumerate((kept, middle, below, lowest)):
        Claim.objects.filter(pk=claim.pk).update(registered_at=REGISTERED_AT + timedelta(days=n))
    recount(action)
    for into, claim in ((below, lowest), (middle, below), (kept, middle)):
        claims = [Claim.objects.get(pk=row.pk) for row in (into, claim)]
        assert merge(*claims, lawyer).kept == into
    withdraw_claim(kept, by=ana)
    states = [Claim.objects.get(pk=claim.pk).status for claim in (kept, middle, below, lowest)]
    assert states == ["withdrawn", "merged", "submitted", "merged"] and find_kept(lowest) == below
    assert count(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)


def test_no_refusal_is_announced_while_another_account_would_be_refused_with_it_unheard(foreign, lawyer):
    with pytest.raises(Refused, match="take them apart first"):
        announce_refusal(foreign.kept, "other", "no proof", by=lawyer)


def test_whoever_holds_a_claim_merged_into_one_of_another_account_withdraws_it_alone(action, foreign):
    merged = Claim.objects.select_related("claimant").get(pk=foreign.merged_id)
    withdraw_claim(merged, by=merged.claimant.user)
    assert Claim.objects.get(pk=merged.pk).status == "withdrawn" and Claim.objects.get(pk=foreign.kept_id).stands
    assert count(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)


def test_what_was_asked_stops_at_the_merge_and_runs_on_after_it_with_the_days_lost(pair, lawyer):
    asked = ask_claimant(pair.second, ["platform"], by=lawyer)
    done = merge_pair(pair, by=lawyer, reason="signs")
    asked.refresh_from_db()
    assert asked.closed_as == "merged"
    Merge.objects.update(at=done.at - timedelta(days=9))
    until = asked.until
    unmerge_claim(done.merged, by=lawyer)
    asked.refresh_from_db()
    assert asked.is_open and asked.until == until + timedelta(days=9)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "unmerge", "withdraw", "join", "erase", "accept"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=14,
)


@settings(max_examples=60)
@given(steps=STEPS)
def test_in_any_order_counts_are_right_no_claim_is_lost_and_dates_come_back(django_user_model, steps):
    from django.db import transaction

    with transaction.atomic():
        action = load_small_pack()
        by = make_user()
        claims = [
            make_double(action, given_name="ABCD"[n] + "na", user=make_user() if n % 2 else None) for n in range(4)
        ]
        for n, claim in enumerate(claims):
            Claim.objects.filter(pk=claim.pk).update(registered_at=REGISTERED_AT + timedelta(days=n))
        recount(action)
        joined = {}
        for name, place, other in steps:
            take_step(name, claims[place].pk, claims[other].pk, by, joined)
            assert count(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)
            check_tree(claims, joined)
        for row in Merge.objects.filter(undone_at=None, merged__status="merged").order_by("-pk"):
            unmerge_claim(row.merged, by=by)
        for n, claim in enumerate(claims):
            claim.refresh_from_db()
            assert claim.status != "merged" and claim.joined_on == joined.get(claim.pk)
            still = Merge.objects.filter(kept=claim, undone_at=None).exists()  # what was erased inside cannot come out
            assert still or claim.registered_at == REGISTERED_AT + timedelta(days=n)
        assert count(action) == scan_counts(action)
        transaction.set_rollback(True)


def take_step(name, pk, other, by, joined):
    claim = Claim.objects.select_related("claimant", "action").get(pk=pk)
    try:
        if name == "merge" and pk != other:
            first, second = sorted((pk, other))
            DuplicatePair.objects.filter(first=first, second=second).delete()
            merge(claim, Claim.objects.get(pk=other), by)
        elif name == "unmerge":
            unmerge_claim(claim, by=by)
        elif name == "withdraw":
            withdraw_claim(claim, by=by, with_letter=False)
        elif name == "accept" and claim.status == Claim.Status.SUBMITTED:
            move_claim(claim, Claim.Status.ACCEPTED)
        elif name == "erase":
            erase_claimant(claim.claimant, by=by)
        elif name == "join" and claim.stands:
            if claim.joined_on is None:
                mark_joined(claim.action, {date(2026, 1, 1) + timedelta(days=pk % 7): [pk]})
            joined[pk] = Claim.objects.get(pk=pk).joined_on
    except Refused:
        pass


def check_tree(claims, joined):
    """A merged claim leads to one that is not merged; a kept one has the earliest date of all that it holds."""
    for claim in claims:
        claim.refresh_from_db()
        kept = find_kept(claim)
        assert kept.status != "merged"
        assert claim.status != "merged" or kept.pk != claim.pk
        if claim.status == "merged" and claim.joined_on and kept.stands:
            assert kept.joined_on and kept.joined_on <= claim.joined_on
        assert Claim.objects.get(pk=kept.pk).registered_at <= claim.registered_at


def test_dates_are_moments(action):
    assert make_double(action).registered_at == datetime(2025, 11, 3, 14, 5, tzinfo=UTC)


def test_nobody_merges_the_own_claim(pair, lawyer):
    Claimant.objects.filter(pk=pair.first.claimant_id).update(user=lawyer)
    with pytest.raises(Refused, match="your own claim"):
        merge_pair(pair, by=lawyer, reason="signs")
    assert not access.list_lawyer_pairs(lawyer).exists()
