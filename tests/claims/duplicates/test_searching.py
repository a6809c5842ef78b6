"""The search: what it finds, what it leaves alone, what it does again, and what it keeps of people."""

import json

import pytest
from django.db import connection

from claims.base.errors import Refused
from claims.duplicates import list_open_pairs, mark_not_same, sharing, start_search
from claims.models import Claim, Claimant, DuplicateKeys, DuplicatePair, Job, JobChunk
from claims.rules.duplicates import THRESHOLD, weights
from tests.claims.duplicates.conftest import make_double, search
from tests.factories import make_action, make_claim

pytestmark = pytest.mark.django_db


def test_a_pair_is_found_with_its_score_and_reasons_and_nothing_of_the_person(action, pair):
    assert pair.first_id < pair.second_id and pair.score >= THRESHOLD == weights.THRESHOLD
    assert sum(points for _sign, points in pair.signs) == pair.score
    kept = json.dumps([*DuplicateKeys.objects.values(), *DuplicatePair.objects.values()], default=str).casefold()
    assert "muster" not in kept and "1990-05" not in kept and "weg" not in kept


def test_a_pair_that_shares_many_keys_is_scored_once(action, pair):
    results = JobChunk.objects.filter(job__kind="duplicates", is_closing=False).values_list("result", flat=True)
    assert sum(result["compared"] for result in results) > 1 == sum(result["found"] for result in results)


def test_a_family_with_one_account_waits_for_nobody(action):
    for given, born in (("Ana", "1990-05-02"), ("Lukas", "1990-05-02"), ("Eva", "1961-01-30"), ("Ida", "2015-07-01")):
        make_double(action, given_name=given, birth_date=born, phone="+43 1 555 01 23")
    search(action)
    assert not DuplicatePair.objects.exists()


def test_a_guardian_who_registers_children_under_one_address_waits_for_nobody(action):
    for given, born in (("Mia", "2014-05-02"), ("Ben", "2014-05-02"), ("Tom", "2016-03-01")):
        make_double(action, given_name=given, birth_date=born, email="guardian@muster.example")
    search(action)
    assert not DuplicatePair.objects.exists()


def test_a_repeat_compares_nothing_and_keeps_what_was_decided(action, pair, lawyer):
    mark_not_same(pair, by=lawyer, reason="namesake")
    result = search(action)
    assert (result["changed"], result["compared"], result["waiting"]) == (0, 0, 0)
    pair.refresh_from_db()
    assert (pair.state, pair.reason) == ("not_same", "namesake")


def test_a_repeat_compares_what_is_new_with_all_that_was_there(action, pair):
    third = make_double(action, birth_date="1990-02-05", email="third@muster.example")
    result = search(action)
    assert result["changed"] == 1
    assert {pair.second_id for pair in DuplicatePair.objects.all()} == {pair.second_id, third.pk}


def test_a_pair_whose_person_was_corrected_and_is_no_longer_alike_goes(action, pair):
    Claimant.objects.filter(claims=pair.second).update(given_name="Lukas", birth_date="1955-12-24")
    assert search(action)["waiting"] == 0
    assert not DuplicatePair.objects.exists()


def test_new_weights_compare_everything_anew(action, pair, monkeypatch):
    DuplicatePair.objects.all().delete()
    monkeypatch.setattr("claims.duplicates.searching.VERSION", weights.VERSION + 1)
    assert search(action)["waiting"] == 1


def test_claims_that_do_not_stand_and_claims_of_other_actions_are_not_compared(action):
    make_double(action)
    Claim.objects.filter(pk=make_double(action).pk).update(status="withdrawn")
    make_claim(make_action("other"), Claimant.objects.create(given_name="Ana", family_name="Muster"))
    search(action)
    assert DuplicateKeys.objects.count() == 1 and not DuplicatePair.objects.exists()


def test_a_withdrawn_claim_leaves_keys_and_queue(action, pair):
    Claim.objects.filter(pk=pair.first_id).update(status="withdrawn")
    assert not list_open_pairs(action).exists()
    search(action)
    assert DuplicateKeys.objects.count() == 1


def test_a_block_that_is_too_large_is_compared_with_its_neighbours_and_named(action, monkeypatch):
    monkeypatch.setattr(sharing, "BLOCK", 4)
    for number in range(8):
        make_double(action, given_name=f"{'ABCDEFGH'[number]}xyz", family_name="Q" * (number + 1), birth_date=None,
                    email="shelter@muster.example", street="", postcode="")  # fmt: skip
    make_double(
        action,
        given_name="Bxyz",
        family_name="QQ",
        birth_date=None,
        email="shelter@muster.example",
        street="",
        postcode="",
    )
    result = search(action)
    assert result["large_blocks"]["email"] == {"blocks": 1, "claims": 9}
    assert DuplicatePair.objects.count() == 1


def test_one_search_of_an_action_at_a_time(action):
    make_double(action)
    start_search(action, by=None)
    with pytest.raises(Refused):
        start_search(action, by=None)


def test_an_empty_book_is_searched_too(action):
    assert search(action)["waiting"] == 0
    assert Job.objects.filter(kind="duplicates", state="done").exists()


def test_keys_cannot_be_tried_out_without_our_key(action, settings):
    make_double(action)
    search(action)
    before = DuplicateKeys.objects.values_list("content", "birth_first").get()
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, "index": b"another key of thirty-two bytes!"}
    search(action)
    after = DuplicateKeys.objects.values_list("content", "birth_first").get()
    assert not set(before) & set(after)
    assert connection.vendor in {"sqlite", "postgresql"}
