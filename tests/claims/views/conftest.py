"""The cast of the pages: a lawyer, staff, a claimant, a stranger, somebody from another action."""

import pytest
from django.utils import timezone

from claims.models import Job, Role
from tests.factories import make_action, make_claim, make_claimant, make_filing, make_run, make_user


@pytest.fixture
def claim(action):
    """A claim in the book, screened by the newest criteria: its first criterion is unknown."""
    version = action.criteria
    letters = "u" + "y" * (len(version.document["criteria"]) - 1)
    return make_claim(
        action, criteria_version=version, findings=letters, outcome="needs_info", screened_at=timezone.now()
    )


@pytest.fixture
def job(action):
    return Job.objects.create(kind="screening", action=action, state="running", units_total=10, units_done=4)


@pytest.fixture
def scenario_run(action):
    """A finished run of the scenario `base` of the small action."""
    return make_run(action)


@pytest.fixture
def filing(action):
    """A filing of the small action that stopped before the seal."""
    return make_filing(action)


@pytest.fixture
def people(action):
    other = make_action("other")
    return {
        "anonymous": None,
        "stranger": make_user(),
        "neighbour": make_user(role=Role.Name.LAWYER, action=other),
        "staff": make_user(role=Role.Name.STAFF, action=action),
        "lawyer": make_user(role=Role.Name.LAWYER, action=action),
        "finance": make_user(role=Role.Name.FINANCE, action=action),
        "auditor": make_user(role=Role.Name.AUDITOR, action=action),
        "administrator": make_user(role=Role.Name.ADMINISTRATOR, action=action),
        "former": make_user(role=Role.Name.LAWYER, action=action, ends_at=timezone.now()),
    }


@pytest.fixture
def own_claim(action):
    return make_claim(action, make_claimant(user=make_user("claimant@example.org")))


@pytest.fixture
def visit(client, people):
    """Return a function that asks for a page as one of the people."""

    def ask(who, url, method="get", data=None):
        client.logout()
        if people[who]:
            client.force_login(people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return getattr(client, method)(url, data or {})

    return ask
