"""Lawyers, and claims that meet the criteria or miss an answer."""

import pytest

from claims.models import Claim, Role
from claims.screening import screen_range
from tests.factories import make_claim, make_claimant, make_user

MEETS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}
MISSES = {"platform": "facebook", "effort_hours": 3}


@pytest.fixture
def lawyer(action):
    return make_user(role=Role.Name.LAWYER, action=action)


@pytest.fixture
def colleague(action):
    return make_user(role=Role.Name.LAWYER, action=action)


@pytest.fixture
def make(action):
    """Return a function that makes a screened claim whose claimant has an account."""

    def make_screened(answers=MEETS, **fields):
        claimant = fields.pop("claimant", None) or make_claimant(user=make_user(), language="de")
        claim = make_claim(action, claimant, answers=answers, **fields)
        screen_range(action, action.criteria, claim.pk, claim.pk)
        return Claim.objects.select_related("action", "claimant").get(pk=claim.pk)

    return make_screened


@pytest.fixture
def eligible(make):
    return make()


@pytest.fixture
def unsure(make):
    """A claim of which one thing is unknown: whether it was private use."""
    return make(MISSES)
