"""Which claims a job works on: those that were picked, or all of a view, which the job reads and no request."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.errors import Refused
from claims.book import choose_claims
from claims.criteria import read_stored
from claims.kept_searches import open_search
from claims.models import Claim, Job, JobChunk

CHUNK = 500  # claims that are locked together for about a second
Parts = list[tuple[dict[str, Any], int]]
View = Mapping[str, str]
SKIPPED: dict[str, str | Promise] = {
    "status": gettext_lazy("withdrawn or decided by someone else meanwhile"),
    "held": gettext_lazy("held for a look"),
    "asked": gettext_lazy("the claimant was asked or is being heard"),
    "criteria": gettext_lazy("not every criterion is met"),
    "joined": gettext_lazy("joined in court already"),
    "address": gettext_lazy("no e-mail address to ask at"),
    "questions": gettext_lazy("this person is not asked that question"),
    "own": gettext_lazy("it is your own claim"),
    "later": gettext_lazy("something else happened to the claim since"),
    "mail": gettext_lazy("the mail has left already"),
    "view": gettext_lazy("the view had changed when the work began, so nothing was done: look at it again"),
    "there": gettext_lazy("with this person already"),
}


def cut_choice(claims: QuerySet[Claim], view: View | None, *, seen: int | None) -> Parts:
    """Return the chunks of a job over these claims: the picked ones, or one that reads the view when its turn comes.

    Claims that come in later are in none of them. Raises Refused where there is none, or not as many as were seen.
    """
    n = claims.count()
    if seen is not None and seen != n:
        raise Refused(_("The view has changed: it now has {n} claims. Look again before you go on.").format(n=n))
    if not n:
        raise Refused(_("There is no claim in this view."))
    if view is None:
        return cut(list(claims.order_by("pk").values_list("pk", flat=True)))
    return [({"view": dict(view), "last": claims.aggregate(last=Max("pk"))["last"], "seen": n}, 0)]


def cut(ids: Sequence[int], name: str = "ids") -> Parts:
    """Return the chunks for these ids."""
    parts = [list(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK)]
    return [({name: part}, len(part)) for part in parts]


def read_view(job: Job, chunk: JobChunk) -> list[int] | None:
    """Return the claims of the view that a chunk stands for, or None; outside of any transaction."""
    if "view" not in chunk.params:
        return None
    assert job.action is not None  # start_job was given one
    view, me, action = chunk.params["view"], job.params["by"], job.action
    words = open_search(action, view.get("search", ""), user_id=me)
    if "search" in view and not words:
        return []
    book = read_stored(action.criteria) if action.criteria else None
    claims = Claim.objects.filter(pk__lte=chunk.params["last"])
    chosen = choose_claims(claims, action, book, {**view, "q": words}, me=me)
    return list(chosen.order_by("pk").values_list("pk", flat=True))


def spread_view(job: Job, chunk: JobChunk, ids: list[int]) -> dict:
    """Give a job the chunks of its view; where that is not the one that was seen, none, and say so."""
    if len(ids) != chunk.params["seen"]:
        return {"skipped": {"view": chunk.params["seen"]}}
    jobs.add_chunks(job, cut(ids))
    return {}
