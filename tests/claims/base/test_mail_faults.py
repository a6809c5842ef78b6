"""Mails that meet a fault: put off, refused, cut off in the middle, and sent again until they have failed."""

import pytest
from django.utils import timezone

from claims.base import mails
from claims.base.mails.sending import PAUSES
from claims.models import Mail
from tests.claims.base.test_mails import ANA, make_due, queue, read


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
