"""What waits for a lawyer: as lists of claims, so that what the overview counts is what the list of claims shows."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.duplicates.leaving import list_released
from claims.models import Action, Claim, Decision, Deficiency, Hearing, Override, Reply
from claims.review.overriding import list_lapsed

RELEASED, ANSWERED, REPLY, QUESTION = "released", "answered", "reply", "question"
HEARING, LAPSED, OVERRIDE = "hearing", "lapsed", "override"
NAMES: Mapping[str, str | Promise] = {
    RELEASED: _("Claims that stand by themselves again"),
    ANSWERED: _("Answers came in to all that was asked"),
    REPLY: _("Answers to read"),
    QUESTION: _("Questions whose time is over"),
    HEARING: _("Hearings whose time is over"),
    LAPSED: _("Findings set under a rule that has changed"),
    OVERRIDE: _("Overrides that want a second person"),
}
GONE = (Claim.Status.WITHDRAWN, Claim.Status.MERGED)  # nothing is decided there any more


def list_waiting_rows(action: Action, kind: str, *, me: int | None) -> QuerySet[Any]:
    """Return the rows of a small table that wait in this manner, for a person who may do it."""
    return LISTS[kind](action, me)


def list_waiting_ids(action: Action, kind: str, *, me: int | None) -> QuerySet[Any, Any]:
    """Return the ids of the claims of these rows; a claim of which several things wait comes several times."""
    paths = {RELEASED: "merged", REPLY: "decision__claim"}
    return list_waiting_rows(action, kind, me=me).order_by().values(paths.get(kind, "claim"))


def list_waiting_claims(action: Action, kind: str, *, me: int | None) -> QuerySet[Claim]:
    """Return the claims of which something waits in this manner."""
    return Claim.objects.filter(action=action, pk__in=list_waiting_ids(action, kind, me=me))


def _list_replies(action: Action, _me: int | None) -> QuerySet[Reply]:
    unread = Reply.objects.filter(read_at=None, decision__claim__action=action)
    return unread.exclude(decision__claim__status__in=GONE)


def _list_answered(action: Action, _me: int | None) -> QuerySet[Deficiency]:
    """Return what was asked and answered in full, until somebody decides, or asks again."""
    since = Decision.objects.filter(claim=OuterRef("claim"), pk__gt=OuterRef("decision"), undone_at=None)
    undecided = {"claim__action": action, "claim__status": Claim.Status.SUBMITTED}
    return Deficiency.objects.filter(~Exists(since), **undecided, closed_as=Deficiency.End.ANSWERED)


def _list_over(periods: QuerySet[Any], action: Action) -> QuerySet[Any]:
    undecided = {"claim__action": action, "claim__status": Claim.Status.SUBMITTED}
    return periods.filter(**undecided, over_at__isnull=False, closed_at=None)


def _list_overrides(action: Action, me: int | None) -> QuerySet[Override]:
    undecided = Override.objects.filter(claim__action=action, claim__status=Claim.Status.SUBMITTED)
    return undecided.filter(needs_second=True, confirmed_by=None, undone_at=None).exclude(by=me)


LISTS: Mapping[str, Callable[[Action, int | None], QuerySet[Any]]] = {
    RELEASED: lambda action, _me: list_released(action),
    ANSWERED: _list_answered,
    REPLY: _list_replies,
    QUESTION: lambda action, _me: _list_over(Deficiency.objects.all(), action),
    HEARING: lambda action, _me: _list_over(Hearing.objects.all(), action),
    LAPSED: lambda action, _me: list_lapsed(action),
    OVERRIDE: _list_overrides,
}
