"""How long mails are kept, and the list of what was sent."""

from email import message_from_bytes
from email.policy import default
from email.utils import parseaddr
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.base.addresses import make_address_key
from claims.models import Mail

BETWEEN_MAILS = b"-" * 79 + b"\n"  # as Django's backend writes them


def erase_mails(address: str) -> int:
    """Delete every mail to an address, sent or not, and return how many there were."""
    deleted, _ = Mail.objects.filter(to_key=make_address_key(address)).delete()
    transaction.on_commit(partial(erase_mail_files, make_address_key(address)))
    return deleted


def erase_mail_files(address_key: str) -> None:
    """Take the mails to an address out of the files that stand in for a mail server on this machine."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder or "filebased" not in settings.EMAIL_BACKEND:
        return
    for file in Path(folder).glob("*.log"):
        mails = [mail for mail in file.read_bytes().split(BETWEEN_MAILS) if mail.strip()]
        kept = [mail for mail in mails if make_address_key(_read_recipient(mail)) != address_key]
        if not kept:
            file.unlink(missing_ok=True)
        elif len(kept) < len(mails):
            file.write_bytes(b"".join(mail + BETWEEN_MAILS for mail in kept))


def _read_recipient(mail: bytes) -> str:
    return parseaddr(message_from_bytes(mail.lstrip(), policy=default)["To"] or "")[1]


def forget_mails() -> None:
    """Blank the mails whose time is over. One that has not left by then would come too late, and has failed."""
    now = timezone.now()
    over = Mail.objects.filter(forget_at__lte=now).exclude(text="")
    nothing = {"text": "", "html": ""}
    waiting = over.filter(Q(state=Mail.State.QUEUED) | Q(state=Mail.State.SENDING, next_at__lte=now))
    waiting.update(state=Mail.State.FAILED, lease=None, error="too late: what it said was good no longer", **nothing)
    over.filter(state__in=[Mail.State.SENT, Mail.State.FAILED]).update(**nothing)


def list_mails() -> QuerySet[Mail]:
    """Return all mails, the newest first: by when they left, and what waits by when it was made."""
    return Mail.objects.order_by(Coalesce("sent_at", "made_at").desc(), "-pk")
