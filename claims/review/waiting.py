"""What waits for a person in an action: answers to read, times that are over, findings to confirm."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Action, Claim, Deficiency, Hearing, Override, Reply

KINDS: dict[str, str | Promise] = {
    "replies": _("A claimant has answered in words"),
    "over": _("The time to answer a question is over"),
    "heard": _("The time to answer an announced refusal is over"),
    "confirm": _("A finding waits for a second person"),
}


@dataclass(frozen=True)
class Waiting:
    """One kind of thing that waits, and how many claims."""

    kind: str
    title: str
    claims: int


def list_waiting_claims(action: Action, kind: str) -> QuerySet[Claim]:
    """Return the claims that wait for a person for this reason."""
    mine = {"claim": OuterRef("pk")}
    rows = {
        "replies": Reply.objects.filter(decision__claim=OuterRef("pk"), read_at=None),
        "over": Deficiency.objects.filter(**mine, closed_at=None, over_at__isnull=False),
        "heard": Hearing.objects.filter(**mine, closed_at=None, over_at__isnull=False),
        "confirm": Override.objects.filter(**mine, applies=False, undone_at=None),
    }
    return Claim.objects.filter(Exists(rows[kind]), action=action).exclude(status=Claim.Status.WITHDRAWN)


def list_waiting(action: Action) -> list[Waiting]:
    """Return what waits for a person, with how many claims, without what is nothing."""
    counted = [Waiting(kind, str(title), list_waiting_claims(action, kind).count()) for kind, title in KINDS.items()]
    return [waiting for waiting in counted if waiting.claims]
