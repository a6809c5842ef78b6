"""The small action with a lawyer, its draft, and ways to change and try it."""

import pytest

from claims import screening
from claims.base import jobs
from claims.drafting import find_draft, read_source, save_draft, start_draft
from claims.dry_runs import start_dry_run
from claims.models import Role
from tests.factories import make_user


@pytest.fixture
def lawyer(action):
    return make_user(role=Role.Name.LAWYER, action=action)


def screen(action):
    """Screen the whole book in this process."""
    job = screening.start_screening(action, by=None)
    jobs.work()
    job.refresh_from_db()
    return job


def run_dry(action, text=None):
    """Run the draft, or a text, dry in this process."""
    found = start_dry_run(action, read_source(action, text or find_draft(action).text).document, by=None)
    jobs.work()
    found.refresh_from_db()
    return found


def change_draft(action, by, old, new, **options):
    """Begin the draft if there is none, replace a text in it and save it."""
    draft = start_draft(action, by=by)
    assert old in draft.text
    return save_draft(action, draft.text.replace(old, new, 1), by=by, revision=draft.revision, **options)
