"""A clone that waits to be published, for the tests of opening and of facts."""

from datetime import date

import pytest

from claims.models import Role
from claims.opening import Plan, clone_action
from tests.claims.drafting.conftest import lawyer  # noqa: F401  # a fixture
from tests.claims.views.conftest import people, visit  # noqa: F401  # fixtures
from tests.factories import load_small_scenarios, make_claim

PLAN = Plan(
    slug="second", name="Second v. Sample", regime="DE-ABHILFE", court="OLG Hamm", entity="Second Association",
    state="DE", designated_on=date(2024, 2, 1), list_url="https://list.example/second", trader="Sample Ltd",
    languages=("en", "de"),
)  # fmt: skip
FUNDER = {"name": "Second Association", "share": 0, "is_competitor": False, "depends_on_trader": False,
          "influences": False, "source": "accounts of 2025"}  # fmt: skip


@pytest.fixture
def clone(action, lawyer):  # noqa: F811
    make_claim(action)
    load_small_scenarios(action)
    return clone_action(action, PLAN, by=lawyer, role=Role.Name.LAWYER)
