"""A worker killed while it enters what was sent: each registration is a whole claim or still waits with its time."""

import pytest

from claims.base.calls import call_worker
from claims.base.history import verify_history
from claims.counts import scan_counts
from claims.intake import send_registration, start_registration
from claims.intake.sending import TASK
from claims.models import Acceptance, Claim, Mail, Registration
from tests.claims.base.test_kills import empty_broker
from tests.claims.test_intake import fill
from tests.factories import load_small_pack, make_user
from tests.workers import kill, run_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 12


def send_all(action):
    """Send registrations of several people and return reference -> time of sending."""
    for number in range(PEOPLE):
        person = make_user(f"ana{number}@muster.example")
        registration = start_registration(action, by=person, language="en")
        fill(registration)
        send_registration(registration, by=person)
    return dict(Registration.objects.values_list("reference", "sent_at"))


def test_a_worker_killed_in_the_middle_loses_no_registration_and_enters_none_twice():
    empty_broker()
    action = load_small_pack()
    sent = send_all(action)
    with run_worker() as first:
        call_worker(TASK)
        wait_until(Claim.objects.exists, "the first claim")
        kill(first)
    entered = Registration.objects.filter(state="entered")
    assert set(entered.values_list("claim", flat=True)) == set(Claim.objects.values_list("pk", flat=True))
    assert entered.count() + Registration.objects.filter(state="sent").count() == PEOPLE
    assert sum(scan_counts(action).values()) == sum(action.counts.values_list("claims", flat=True))
    with run_worker():
        call_worker(TASK)
        wait_until(lambda: entered.count() == PEOPLE, "the last claim")
    assert dict(Claim.objects.values_list("reference", "registered_at")) == sent
    assert (
        Mail.objects.filter(kind="receipt").count() == Acceptance.objects.filter(claim__isnull=False).count() == PEOPLE
    )
    assert verify_history()[1] is None
