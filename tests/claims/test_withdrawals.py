"""A claim is withdrawn as the law allows, once, and counts nowhere afterwards."""

from datetime import date, timedelta

import pytest

from claims.base import jobs
from claims.base.errors import Refused
from claims.base.history import list_events
from claims.counts import count_by_outcome, count_claims, scan_counts
from claims.dry_runs import try_range
from claims.models import Action, Claim, Mail
from claims.screening import list_ranges, screen_range, start_screening
from claims.withdrawals import find_obstacle, withdraw_claim
from redress.counts import freeze_counts
from tests.factories import make_claim, make_claimant, make_user, mark_joined

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def person():
    return make_user("ana@muster.example")


@pytest.fixture
def claim(action, person):
    return make_claim(action, make_claimant(user=person, email=person.email))


def screen_all(action):
    for first, last, _ in list_ranges(action):
        screen_range(action, action.criteria, first, last)


def list_kept(action):
    return {(c.state, c.tier, c.outcome): c.claims for c in action.counts.filter(claims__gt=0)}


def join(claim, regime):
    Action.objects.filter(pk=claim.action_id).update(regime_code=regime)
    mark_joined(claim.action, {TODAY: [claim.pk]})
    return Claim.objects.select_related("action", "claimant").get(pk=claim.pk)


def test_before_joining_it_is_always_allowed(claim, person):
    withdraw_claim(claim, by=person)
    claim.refresh_from_db()
    assert claim.status == "withdrawn"
    letter = Mail.objects.get()
    assert (letter.kind, letter.to) == ("withdrawn", person.email) and "nothing to take back" in letter.text
    assert list_events(claim)[0].verb == "claim withdrawn"


def test_a_second_time_it_is_refused_and_counted_once(claim, action, person):
    withdraw_claim(claim, by=person)
    with pytest.raises(Refused, match="already"):
        withdraw_claim(claim, by=person)
    assert (count_claims(action), Mail.objects.count()) == (0, 1)


def test_under_austrian_law_nobody_leaves_after_joining(claim, person):
    claim = join(claim, "AT-ABHILFE")
    with pytest.raises(Refused, match="cannot be taken back"):
        withdraw_claim(claim, by=person)
    assert Claim.objects.get().status == "submitted" and not Mail.objects.exists()


def test_under_irish_law_one_leaves_at_any_time_and_is_told_of_the_court(claim, person):
    withdraw_claim(join(claim, "IE-2023"), by=person)
    assert "does not reach the court by itself" in Mail.objects.get().text


def test_under_german_law_the_end_of_the_hearing_starts_the_last_three_weeks(claim):
    claim = join(claim, "DE-ABHILFE")
    event = claim.action.events.create(key="hearing-closed", on=None, source="invented", position=9)
    assert find_obstacle(claim, on=TODAY) == ""
    event.on = TODAY
    event.save()
    assert find_obstacle(claim, on=TODAY + timedelta(21)) == ""
    assert "no longer allows it" in find_obstacle(claim, on=TODAY + timedelta(22))


@pytest.mark.parametrize("regime", ["FR-2025", "NL-WAMCA", "SE-2024"])
def test_where_the_law_is_not_known_nothing_irrevocable_is_done(claim, regime):
    assert "Write to the office" in find_obstacle(join(claim, regime), on=TODAY)


def test_a_withdrawn_claim_counts_nowhere(action, claim, person):
    make_claim(action)
    screen_all(action)
    withdraw_claim(Claim.objects.get(pk=claim.pk), by=person)
    assert scan_counts(action) == list_kept(action) and count_claims(action) == 1
    assert sum(row["claims"] for row in freeze_counts(action).rows) == count_by_outcome(action)["eligible"]


def test_screening_leaves_a_withdrawn_claim_and_the_counts_alone(action, claim, person):
    make_claim(action)
    withdraw_claim(claim, by=person)
    screen_range(action, action.criteria, 0, 10**9)  # the job may have been cut into ranges before
    claim.refresh_from_db()
    assert (claim.outcome, claim.screened_at) == ("", None)
    assert scan_counts(action) == list_kept(action)
    assert sum(try_range(action, action.criteria.document, 0, 10**9).outcomes.values()) == 1
    assert sum(units for _, _, units in list_ranges(action)) == 1


def test_the_result_of_a_screening_counts_standing_claims_whatever_the_others_were_found_by(action, claim, person):
    make_claim(action)
    between = make_claim(action, make_claimant(user=person))
    make_claim(action)
    screen_all(action)
    withdraw_claim(Claim.objects.get(pk=between.pk), by=person)
    Claim.objects.filter(pk=between.pk).update(findings="n")  # of a version with fewer criteria
    job = start_screening(action, by=None)
    jobs.work()
    job.refresh_from_db()
    assert {sum(found.values()) for found in job.result["by_criterion"].values()} == {3}
