"""What waits for the newest criteria, told from kept numbers."""

import pytest
from django.utils import timezone

from claims.lifecycle import move_claim
from claims.models import Claim, CriteriaVersion
from claims.screening import screen_range
from claims.unscreened import count_unscreened
from claims.workspace import list_waiting
from tests.documents.conftest import screen
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db


def publish_next(action):
    now = action.criteria
    return CriteriaVersion.objects.create(
        action=action, number=now.number + 1, document=action.criteria_versions.get(pk=now.pk).document, sha256="f" * 64
    )


def test_claims_wait_for_the_newest_criteria_until_a_screening_by_it_has_ended(action):
    version = action.criteria
    claims = [make_claim(action) for _ in range(3)]
    make_claim(action, status="withdrawn")
    screen_range(action, action.criteria_versions.get(), claims[0].pk, claims[1].pk)
    assert count_unscreened(action, version, most=9) == 1  # the one that nobody screened
    newer = publish_next(action)
    assert count_unscreened(action, newer, most=9) == 3 and count_unscreened(action, newer, most=2) == 2
    Claim.objects.filter(pk=claims[0].pk).update(criteria_version=newer, registered_at=timezone.now())
    line = list_waiting(action, make_user(role="lawyer", action=action))[-1]
    assert (line.name, line.number) == ("Claims not yet screened under version 2 of the criteria", 2)
    assert line.address == "/workspace/small/#screen"
    assert not any("screened" in line.name for line in list_waiting(action, make_user(role="staff", action=action)))
    screen(action)
    assert count_unscreened(action, newer, most=9) == 0


def test_a_claim_that_comes_back_after_a_screening_is_examined_by_the_newest_criteria(action):
    claim = make_claim(action)
    screen(action)
    move_claim(Claim.objects.get(pk=claim.pk), Claim.Status.REFUSED)
    newer = publish_next(action)
    screen(action)
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    move_claim(held, Claim.Status.SUBMITTED)
    assert Claim.objects.get().criteria_version == newer and count_unscreened(action, newer, most=9) == 0
