"""Many claims given to one person: exactly those chosen, undone exactly, told to nobody outside."""

import pytest

from claims.base import jobs
from claims.base.errors import Refused
from claims.base.history import list_events
from claims.models import Assignment, Claim, Job, Mail, Role
from claims.review import assigning, casework
from claims.timeline import list_happenings
from tests.claims.review.test_bulk import run
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(action):
    return [make_claim(action) for _ in range(4)]


def assign(action, to, by, **more):
    return assigning.start_assignment(action, Claim.objects.filter(action=action), to, by=by, **more)


def list_hands():
    return dict(Assignment.objects.values_list("claim_id", "user_id"))


def test_all_of_a_view_go_to_one_person_and_the_gone_are_skipped(action, many, lawyer, colleague):
    Claim.objects.filter(pk=many[0].pk).update(status="withdrawn")
    casework.take_claim(many[1], by=colleague)
    casework.take_claim(many[2], by=lawyer)
    done = run(assign(action, colleague, lawyer, view={"status": "any"}, seen=4))
    assert done.result == {"done": 2, "skipped": {"status": 1, "there": 1}}
    assert list_hands() == {claim.pk: colleague.pk for claim in many[1:]} and not Mail.objects.exists()
    assert list_events(many[3]).first().verb == "claim assigned"
    assert not any("assigned" in it.verb for it in list_happenings(many[3], reader=make_user()))


def test_undoing_gives_each_back_to_whom_it_was_with_but_for_what_changed_since(action, many, lawyer, colleague):
    casework.take_claim(many[0], by=lawyer)
    job = run(assign(action, colleague, lawyer))
    casework.take_claim(many[1], by=lawyer)
    assert run(assigning.start_undo(job, by=lawyer)).result == {"done": 3, "skipped": {"later": 1}}
    assert list_hands() == {many[0].pk: lawyer.pk, many[1].pk: lawyer.pk}


def test_nobody_gets_work_who_does_not_work_here(action, many, lawyer):
    for other in (make_user(), make_user(role=Role.Name.AUDITOR, action=action)):
        with pytest.raises(Refused, match="works in this action"):
            assign(action, other, lawyer)
    assert not Job.objects.exists() and jobs.find_active_job(assigning.KIND, action) is None
