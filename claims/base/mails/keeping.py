"""How long mails are kept, and the list of what was sent."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from claims.base.addresses import make_address_key
from claims.models import Mail


def erase_mails(address: str) -> int:
    """Delete every mail to an address, sent or not, and return how many there were."""
    deleted, _ = Mail.objects.filter(to_key=make_address_key(address)).delete()
    return deleted


def forget_mails() -> None:
    """Blank the mails whose time is over. One that has not left by then would come too late, and has failed."""
    now = timezone.now()
    over = Mail.objects.filter(forget_at__lte=now).exclude(text="")
    nothing = {"text": "", "html": ""}
    waiting = over.filter(Q(state=Mail.State.QUEUED) | Q(state=Mail.State.SENDING, next_at__lte=now))
    waiting.update(state=Mail.State.FAILED, lease=None, error="too late: what it said was good no longer", **nothing)
    over.filter(state__in=[Mail.State.SENT, Mail.State.FAILED]).update(**nothing)


def list_mails() -> QuerySet[Mail]:
    """Return all mails, the newest first."""
    return Mail.objects.order_by("-pk")
