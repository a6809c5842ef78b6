"""Mails that leave: sent once, by one of many workers, over one connection."""

import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from claims import tasks
from claims.base import mails
from claims.base.mails.sending import LEASE
from claims.models import Mail
from tests.claims.base.test_mails import ANA, make_due, queue, read


@pytest.mark.django_db
def test_a_mail_arrives_with_text_html_and_the_headers_of_a_machine(mail_server):
    mail = queue(language="de")
    Mail.objects.update(made_at=timezone.now() - timedelta(hours=3))
    assert mails.send_queued_mails() == 1
    mail.refresh_from_db()
    (message,) = mail_server.received
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert (
        message["Subject"] == mail.subject and "1234" not in message["Subject"] and "O'Neill" not in message["Subject"]
    )
    assert (message["To"], message["From"]) == (ANA, "redress@testserver")
    assert message["Message-ID"] == f"<{mail.code}@testserver>"
    assert message["Date"] == format_datetime(mail.made_at)
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "de")
    assert "1234-5678" in message.get_body(("plain",)).get_content()
    assert "1234-5678" in message.get_body(("html",)).get_content()
    assert (read(mail).state, mail.attempts, mail.lease, mail.error) == (Mail.State.SENT, 1, None, "")
    assert mail.sent_at and mails.send_queued_mails() == 0


@pytest.mark.django_db
def test_several_mails_go_over_one_connection(mail_server, monkeypatch):
    for number in range(3):
        queue(f"ana{number}@muster.example")
    connections = []
    original = mails.sending.get_connection
    monkeypatch.setattr(mails.sending, "get_connection", lambda: connections.append(original()) or connections[-1])
    assert mails.send_queued_mails() == 3
    assert len(connections) == 1 and len(mail_server.received) == 3


@pytest.mark.django_db
def test_the_task_and_the_sweep_send_too():
    queue()
    tasks.send_mails()
    queue()
    tasks.sweep_mails()
    assert len(outbox.outbox) == 2


@pytest.mark.django_db
def test_a_mail_under_a_lease_is_left_alone_until_the_lease_is_over():
    mail, began = queue(), timezone.now()
    assert mails.take_mail() == mail and mails.take_mail() is None
    assert began <= read(mail).next_at - LEASE <= timezone.now()
    make_due()
    assert mails.take_mail() == mail and read(mail).attempts == 2


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_books_nothing():
    mail = queue()
    late = mails.take_mail()
    make_due()
    other = mails.take_mail()
    mails.sending.book_fault(late, mails.sending.Fault("late", is_final=True))
    assert (read(mail).state, mail.lease, mail.error) == (Mail.State.SENDING, other.lease, "")
    mails.sending.book_sent(other)
    mails.sending.book_sent(late)
    assert read(mail).state == Mail.State.SENT


@pytest.mark.django_db
def test_a_mail_that_kills_every_worker_fails_in_the_end():
    mail = queue()
    for _ in range(mails.MAX_ATTEMPTS):
        assert mails.take_mail()
        make_due()
    assert mails.take_mail() is None
    mails.sweep_mails()
    assert (read(mail).state, mail.error) == (Mail.State.FAILED, "begun 6 times, never ended")
    assert not outbox.outbox


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(mail_server):
    for number in range(12):
        queue(f"ana{number}@muster.example")
    barrier, sent = threading.Barrier(2), []

    def send():
        barrier.wait()
        try:
            sent.append(mails.send_queued_mails())
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 12
    assert len({message["Message-ID"] for message in mail_server.received}) == len(mail_server.received) == 12
    assert set(Mail.objects.values_list("state", "attempts")) == {(Mail.State.SENT, 1)}


@pytest.mark.django_db
def test_a_mail_that_changed_since_a_worker_found_it_is_looked_at_anew(monkeypatch):
    list_due, taken_by_other = mails.sending.list_due_mails, []

    class Found:
        """What the first worker has read, just before the other one takes it."""

        def order_by(self, *names):
            return self

        def first(self):
            mail = list_due().first()
            taken_by_other.append(mails.take_mail())
            mails.sending.book_fault(taken_by_other[0], mails.sending.Fault("put off"))
            make_due()
            return mail

    looks = iter([Found()])
    monkeypatch.setattr(mails.sending, "list_due_mails", lambda: next(looks, None) or list_due())
    mail = queue()
    assert mails.take_mail() == mail == taken_by_other[0]
    assert read(mail).attempts == 2  # each has counted: what the first had read was no longer so
