"""Mails that leave at least once: the row is the queue, a worker sends it under a lease, a sweep finds the rest."""

from claims.base.mails.keeping import erase_mail_files, erase_mails, forget_mails, list_mails
from claims.base.mails.queue import NO_WAIT, find_language, prepare_mail, queue_mail, queue_mails
from claims.base.mails.sending import MAX_ATTEMPTS, send_queued_mails, sweep_mails, take_mail

__all__ = [
    "MAX_ATTEMPTS",
    "NO_WAIT",
    "erase_mail_files",
    "erase_mails",
    "find_language",
    "forget_mails",
    "list_mails",
    "prepare_mail",
    "queue_mail",
    "queue_mails",
    "send_queued_mails",
    "sweep_mails",
    "take_mail",
]
