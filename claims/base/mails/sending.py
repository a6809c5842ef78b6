"""A worker's part: take a mail under a lease, hand it to the mail server, book what came of it."""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims.base.mails.faults import Fault, judge_error
from claims.base.mails.keeping import forget_mails
from claims.base.mails.queue import nudge
from claims.models import Mail

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)  # longer than a server can keep us: some ten answers, each within EMAIL_TIMEOUT
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60)]
MAX_ATTEMPTS = len(PAUSES) + 1
TURN_SECONDS = 5.0  # a task sends for so long, then others get their turn


def send_queued_mails() -> int:
    """Send what is due until nothing is left or the turn is over, and return how many mails left.

    Safe to run any number of times at once: each mail is taken by one worker under a lease. Not in a transaction.

    The promise is that a mail leaves at least once. To hand it to a server and to note that are two steps on two
    machines, and a worker can be killed between them: then the mail goes out again when the lease is over, because a
    code that comes twice harms nobody and one that never comes locks somebody out. The Message-ID and the date are
    those of the row, so that mail programs and we can tell a repeat.
    """
    turn_ends, sent = time.monotonic() + TURN_SECONDS, 0
    with open_connection() as connection:
        while mail := take_mail():
            fault = send_mail(mail, connection)
            sent += fault is None
            if fault and fault.is_of_server:
                break  # it would be the same with all others; the sweep tries one each minute
            if time.monotonic() > turn_ends:
                nudge()
                break
    return sent


def sweep_mails() -> None:
    """Blank what has had its time, give up what never ended, send what no wake-up call has reached."""
    forget_mails()
    over = Mail.objects.filter(state=Mail.State.SENDING, next_at__lte=timezone.now(), attempts__gte=MAX_ATTEMPTS)
    over.update(state=Mail.State.FAILED, lease=None, error=f"begun {MAX_ATTEMPTS} times, never ended")
    send_queued_mails()


def list_due_mails() -> QuerySet[Mail]:
    """Return the mails that a worker may take: their time has come, or the lease of another one is over."""
    now = timezone.now()
    still_good = Q(forget_at__isnull=True) | Q(forget_at__gt=now)
    return Mail.objects.filter(still_good, state__in=Mail.OPEN, next_at__lte=now, attempts__lt=MAX_ATTEMPTS)


def take_mail() -> Mail | None:
    """Take a mail that is due under a new lease, or return None. Of two workers at once one gets it."""
    while mail := list_due_mails().order_by("next_at", "pk").first():
        as_found = list_due_mails().filter(pk=mail.pk, attempts=mail.attempts)
        mail.lease, mail.state, mail.attempts = uuid.uuid4(), Mail.State.SENDING, mail.attempts + 1
        fields = {"lease": mail.lease, "state": mail.state, "attempts": mail.attempts}
        if as_found.update(next_at=timezone.now() + LEASE, **fields) == 1:
            return mail
    return None


def send_mail(mail: Mail, connection: BaseEmailBackend) -> Fault | None:
    """Send a taken mail and book it as sent, to be tried again, or failed; return what went wrong."""
    try:
        connection.open()
        build_message(mail, connection).send()
    except Exception as error:  # any error of sending belongs to the mail, not to the worker
        close_connection(connection)  # whatever state it is in, the next mail begins anew
        fault = judge_error(error)
        logger.warning("mail %s was not sent: %s", mail.pk, fault.text)
        book_fault(mail, fault)
        return fault
    book_sent(mail)
    return None


def build_message(mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Return the message of a mail; each time it is built it has the same Message-ID and date."""
    headers = {
        "Message-ID": f"<{mail.code}@{urlsplit(settings.BASE_URL).hostname}>",
        "Date": format_datetime(mail.made_at),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no machine shall answer
        "X-Auto-Response-Suppress": "All",  # the same for Exchange
        "Content-Language": mail.language,
    }
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers, connection=connection)
    message.attach_alternative(mail.html, "text/html")
    return message


def book_sent(mail: Mail) -> None:
    """Note that a mail has left. One that holds a code is blanked at once, except where the demonstration shows it."""
    says_nothing = {"text": "", "html": ""} if mail.forget_at and not settings.SHOWS_MAILS else {}
    book(mail, state=Mail.State.SENT, sent_at=timezone.now(), error="", **says_nothing)


def book_fault(mail: Mail, fault: Fault) -> None:
    """Plan the next attempt after a pause that grows, or give up."""
    if fault.is_final or mail.attempts >= MAX_ATTEMPTS:
        return book(mail, state=Mail.State.FAILED, error=fault.text)
    next_at = timezone.now() + PAUSES[mail.attempts - 1]
    return book(mail, state=Mail.State.QUEUED, next_at=next_at, error=fault.text)


def book(mail: Mail, **fields: Any) -> None:
    """Write what came of a mail, unless its lease was over and another worker has it, or it was erased."""
    mine = Mail.objects.filter(pk=mail.pk, lease=mail.lease, state=Mail.State.SENDING)
    if mine.update(lease=None, **fields) != 1:
        logger.info("mail %s was taken over or erased", mail.pk)


@contextmanager
def open_connection() -> Iterator[BaseEmailBackend]:
    """Yield a connection to the mail server that several mails may use; it is opened with the first."""
    connection = get_connection()
    try:
        yield connection
    finally:
        close_connection(connection)


def close_connection(connection: BaseEmailBackend) -> None:
    """Say goodbye to the server, if it still listens."""
    with suppress(OSError, SMTPException):
        connection.close()
