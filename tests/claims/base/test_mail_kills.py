"""A worker killed between handing a mail over and noting it: nothing is lost, and a repeat can be recognised."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from claims.base import mails
from claims.models import Mail
from tests.claims.base.test_kills import empty_broker
from tests.workers import kill, run_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = 6


@pytest.fixture
def server(mail_server, monkeypatch):
    """A mail server to which the mails of real workers go."""
    empty_broker()
    monkeypatch.setenv("EMAIL_URL", mail_server.url)
    return mail_server


def queue_mails():
    """Queue some mails; the calls after the commit reach the worker through the broker of the lane."""
    context = {"code": "1234-5678", "reason": "", "link": "http://testserver/x/", "minutes": 30}
    with transaction.atomic():
        for number in range(MAILS):
            mails.queue_mail(f"ana{number}@muster.example", kind="code", language="en", context=context)


def are_all_sent():
    return Mail.objects.filter(state=Mail.State.SENT).count() == MAILS


def test_a_worker_killed_in_the_middle_loses_no_mail_and_repeats_at_most_what_was_on_its_way(server):
    server.may_answer.clear()
    with run_worker() as first:
        queue_mails()
        wait_until(lambda: server.received, "the first mail")
        kill(first)
    on_their_way = {str(mail.code) for mail in Mail.objects.filter(state=Mail.State.SENDING)}
    assert on_their_way and not are_all_sent()
    server.may_answer.set()
    Mail.objects.filter(state=Mail.State.SENDING).update(next_at=timezone.now() - timedelta(seconds=1))  # its lease
    with run_worker():
        mails.queue.nudge()
        wait_until(are_all_sent, "the last mail")
    ids = [message["Message-ID"] for message in server.received]
    repeated = {id for id in ids if ids.count(id) > 1}
    assert len(set(ids)) == MAILS
    assert repeated <= {f"<{code}@testserver>" for code in on_their_way}
    assert all(ids.count(id) == 2 for id in repeated) and repeated


def test_a_mail_whose_wake_up_call_was_lost_is_found_by_the_sweep(server, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(mails.queue, "nudge", lambda *_: None)
        queue_mails()
    with run_worker():
        mails.queue.call_worker("claims.tasks.sweep_mails")  # what beat asks for each minute
        wait_until(are_all_sent, "the last mail")
    assert len(server.received) == MAILS
