"""Mails: rendered in the reader's language, sent once by one of many workers, again after a fault, kept as told."""

import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext_lazy

from claims import tasks
from claims.base import calls, mails
from claims.base.errors import Refused
from claims.base.mails.sending import LEASE, PAUSES
from claims.models import Mail

ANA = "ana@muster.example"
CONTEXT = {
    "code": "1234-5678",
    "reason": "You register <b>O'Neill</b> & co.",
    "link": "http://testserver/x/",
    "minutes": 30,
}


@pytest.fixture
def calls_made(monkeypatch):
    """The wake-up calls to workers."""
    made = []
    monkeypatch.setattr(calls.current_app, "send_task", lambda task, **options: made.append(task))
    return made


def queue(to=ANA, language="en", **fields):
    return mails.queue_mail(to, kind="code", language=language, context=CONTEXT, **fields)


def make_due(**fields):
    """Let the pause or the lease of every mail be over."""
    Mail.objects.update(next_at=timezone.now() - timedelta(seconds=1), **fields)


def read(mail):
    mail.refresh_from_db()
    return mail


# What is written


@pytest.mark.django_db
def test_a_mail_is_a_row_of_the_transaction_and_a_call_after_it(calls_made, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail = queue()
        assert not calls_made
    assert calls_made == ["claims.tasks.send_mails"]
    assert (mail.state, mail.attempts, mail.language) == (Mail.State.QUEUED, 0, "en")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_sent(calls_made):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        _ = 1 / 0
    assert not Mail.objects.exists() and not calls_made


@pytest.mark.django_db
def test_plain_text_is_plain_and_html_is_escaped():
    mail = queue()
    assert "You register <b>O'Neill</b> & co." in mail.text and "1234-5678" in mail.text
    assert "You register &lt;b&gt;O&#x27;Neill&lt;/b&gt; &amp; co." in mail.html and "<b>" not in mail.html
    assert "\n\n\n" not in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["<img", "<script", "<style", "style=", "<link", "src="])
def test_html_fetches_nothing_and_runs_nothing(word):
    assert word not in queue().html


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "given"), [("de", "de"), ("de-AT", "de"), ("en", "en"), ("xx", "en"), ("", "en")])
def test_a_mail_speaks_the_language_of_the_reader_or_the_main_one(asked, given):
    mail = queue(language=asked)
    assert mail.language == given and f'<html lang="{given}">' in mail.html


@pytest.mark.django_db
def test_what_a_caller_says_is_translated_when_the_mail_is_written():
    context = {**CONTEXT, "reason": gettext_lazy("Sign in")}
    mail = mails.queue_mail(ANA, kind="code", language="de", context=context)
    assert "Einloggen" in mail.text and "Einloggen" in mail.html


@pytest.mark.django_db
def test_a_subject_is_rendered_without_what_concerns_a_person(monkeypatch):
    from claims.base.mails import queue as module

    seen = {}
    original = module.render

    def render(name, context, *, is_html):
        seen[name] = dict(context)
        return original(name, context, is_html=is_html)

    monkeypatch.setattr(module, "render", render)
    assert queue().subject == "Your code"
    assert seen["code.subject.txt"] == {} and seen["code.txt"]["code"] == "1234-5678"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "ana", "ana@muster.example\nBcc: eva@x.example", "a" * 250 + "@muster.example"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Refused, match="no e-mail address"):
        queue(address)


@pytest.mark.django_db
def test_a_kind_without_texts_is_a_bug():
    with pytest.raises(TemplateDoesNotExist):
        mails.queue_mail(ANA, kind="unheard-of", language="en", context={})


# What leaves


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


# What goes wrong


@pytest.mark.django_db
@pytest.mark.parametrize("replies", ["rcpt_replies", "data_replies"])
def test_a_mail_that_is_put_off_goes_out_after_a_pause(mail_server, replies):
    getattr(mail_server, replies).append(f"451 4.7.1 <{ANA}>: greylisted, come again")
    mail, began = queue(), timezone.now()
    assert mails.send_queued_mails() == 0
    assert (read(mail).state, mail.attempts) == (Mail.State.QUEUED, 1)
    assert mail.error.endswith("refused: 451 4.7.1") and ANA not in mail.error
    assert began <= mail.next_at - PAUSES[0] <= timezone.now()
    assert mails.send_queued_mails() == 0  # the pause is not over
    make_due()
    assert mails.send_queued_mails() == 1
    assert (read(mail).state, mail.attempts, mail.error) == (Mail.State.SENT, 2, "")


@pytest.mark.django_db
@pytest.mark.parametrize("replies", ["rcpt_replies", "data_replies"])
def test_a_mail_that_is_refused_for_good_fails_at_once_and_the_next_one_leaves(mail_server, replies):
    getattr(mail_server, replies).append(f"550 5.1.1 <{ANA}>: no such user here")
    mail, other = queue(), queue("eva@muster.example")
    assert mails.send_queued_mails() == 1
    assert (read(mail).state, mail.attempts) == (Mail.State.FAILED, 1)
    assert mail.error.endswith("refused: 550 5.1.1") and ANA not in mail.error
    assert read(other).state == Mail.State.SENT


@pytest.mark.django_db
def test_a_server_that_hangs_up_in_the_middle_gets_the_next_mail_over_a_new_connection(mail_server):
    mail_server.rcpt_replies.append("421 4.3.2 closing")
    mail, other = queue(), queue("eva@muster.example")
    assert mails.send_queued_mails() == 1
    assert (read(mail).state, read(other).state) == (Mail.State.QUEUED, Mail.State.SENT)


@pytest.mark.django_db
def test_a_server_that_is_down_and_up_again_costs_time_only(mail_server):
    mail_server.stop()
    mail, other = queue(), queue("eva@muster.example")
    assert mails.send_queued_mails() == 0
    assert (read(mail).state, mail.error, mail.attempts) == (Mail.State.QUEUED, "ConnectionRefusedError", 1)
    assert read(other).attempts == 0  # it would have been the same
    mail_server.start()
    make_due()
    assert mails.send_queued_mails() == 2


@pytest.mark.django_db
def test_pauses_grow_until_the_mail_has_failed(mail_server):
    mail_server.rcpt_replies += ["450 4.2.2 full"] * mails.MAX_ATTEMPTS
    mail, pauses = queue(), []
    while read(mail).state == Mail.State.QUEUED:
        make_due()
        mails.send_queued_mails()
        pauses.append(round((read(mail).next_at - timezone.now()).total_seconds() / 60))
    assert pauses[: len(PAUSES)] == [1, 5, 30, 120, 360]
    assert (mail.state, mail.attempts, mail.error) == (Mail.State.FAILED, 6, "recipient refused: 450 4.2.2")


@pytest.mark.django_db
def test_our_own_bad_password_fails_no_mail(mail_server, settings, monkeypatch):
    from smtplib import SMTPAuthenticationError

    def refuse(self):
        raise SMTPAuthenticationError(535, b"5.7.8 bad credentials")

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", refuse)
    mail = queue()
    mails.send_queued_mails()
    assert (read(mail).state, mail.error) == (Mail.State.QUEUED, "SMTPAuthenticationError: 535 5.7.8")


@pytest.mark.django_db
def test_a_mail_that_no_header_can_hold_fails_and_stops_nobody():
    bad, good = queue(), queue()
    Mail.objects.filter(pk=bad.pk).update(subject="two\nlines")
    assert mails.send_queued_mails() == 1
    assert (read(bad).state, bad.error, read(good).state) == (Mail.State.FAILED, "BadHeaderError", Mail.State.SENT)


# Who sends


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


# How long it is kept


@pytest.mark.django_db
def test_a_mail_with_a_code_is_blanked_as_soon_as_it_has_left():
    mail = queue(forget_at=timezone.now() + timedelta(minutes=30))
    mails.send_queued_mails()
    assert "1234-5678" in outbox.outbox[0].body
    assert (read(mail).text, mail.html, mail.subject) == ("", "", "Your code")


@pytest.mark.django_db
def test_the_demonstration_keeps_a_code_until_it_is_no_longer_good(settings):
    settings.SHOWS_MAILS = True
    mail = queue(forget_at=timezone.now() + timedelta(minutes=30))
    mails.send_queued_mails()
    assert "1234-5678" in read(mail).text
    Mail.objects.update(forget_at=timezone.now())
    mails.sweep_mails()
    assert (read(mail).text, mail.html, mail.state) == ("", "", Mail.State.SENT)


@pytest.mark.django_db
def test_a_mail_without_a_code_keeps_what_it_says():
    mail = queue()
    mails.sweep_mails()
    assert "1234-5678" in read(mail).text


@pytest.mark.django_db
def test_a_code_that_would_come_too_late_is_not_sent():
    mail = queue(forget_at=timezone.now())
    assert mails.send_queued_mails() == 0
    mails.sweep_mails()
    assert (read(mail).state, mail.text) == (Mail.State.FAILED, "") and "too late" in mail.error
    assert not outbox.outbox


@pytest.mark.django_db
def test_a_mail_on_its_way_is_not_blanked_under_the_worker():
    mail = queue(forget_at=timezone.now() + timedelta(minutes=30))
    taken = mails.take_mail()
    Mail.objects.update(forget_at=timezone.now())
    mails.forget_mails()
    assert read(mail).text
    mails.sending.book_sent(taken)
    assert (read(mail).state, mail.text) == (Mail.State.SENT, "")


@pytest.mark.django_db
def test_all_mails_to_an_address_are_found_and_erased_however_it_is_written():
    queue("Ana@Muster.example")
    queue(" ana@muster.example ")
    other = queue("eva@muster.example")
    queue("ana@caf\u00e9.example")
    assert mails.erase_mails("ana@cafe\u0301.example") == 1  # the same letter, made of two
    assert mails.erase_mails("ANA@MUSTER.EXAMPLE") == 2
    assert list(mails.list_mails()) == [other]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"state": "lost"}, {"state": "sending"}, {"state": "sent"}, {"text": ""}, {"sent_at": timezone.now()}],
)
def test_the_database_keeps_the_states_of_a_mail_in_order(fields):
    queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(**fields)
