"""Many claims given to one person to work on, as a job; within ten minutes all of it is undone."""

from collections import Counter

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import access
from claims.base import history, jobs
from claims.base.errors import Refused
from claims.conflicts import list_own_ids
from claims.models import Action, Assignment, Claim, Job, JobChunk, User
from claims.review.bulk import add_up, find_page, lock_claims
from claims.review.choosing import View, cut_choice, read_view, spread_view
from claims.review.holding import UNDO_FOR

KIND, UNDO = "bulk_assignment", "bulk_assignment_undo"
GONE = (Claim.Status.WITHDRAWN, Claim.Status.MERGED)  # nobody works there any more


def start_assignment(
    action: Action, claims: QuerySet[Claim], to: User, *, by: User, view: View | None = None, seen: int | None = None
) -> Job:
    """Start the job that gives these claims to somebody who works in the action. Raises Refused."""
    if not access.list_workers(action).filter(pk=to.pk).exists():
        raise Refused(_("Choose somebody who works in this action."))
    chunks = cut_choice(claims, view, seen=seen)
    return jobs.start_job(KIND, by=by, action=action, params={"by": by.pk, "to": to.pk}, chunks=chunks)


def _store(job: Job, chunk: JobChunk, ids: list[int] | None) -> dict:
    if ids is not None:
        return spread_view(job, chunk, ids)
    claims, to = lock_claims(chunk.params["ids"]), job.params["to"]
    held = Assignment.objects.filter(claim__in=[claim.pk for claim in claims])
    before = dict(held.values_list("claim_id", "user_id"))
    skipped = {claim.pk: "status" for claim in claims if claim.status in GONE}
    for person in User.objects.filter(pk__in=[job.params["by"], to]):
        skipped |= dict.fromkeys(list_own_ids(claims, person), "own")
    skipped |= {pk: "there" for pk, user in before.items() if user == to}
    given = [claim.pk for claim in claims if claim.pk not in skipped]
    now = timezone.now()
    Assignment.objects.bulk_create(
        [Assignment(claim_id=pk, user_id=to, at=now) for pk in given],
        update_conflicts=True, unique_fields=["claim"], update_fields=["user", "at"],
    )  # fmt: skip
    by = User.objects.get(pk=job.params["by"])
    history.record_each("claim assigned", "claim", given, by=by, action=job.action, job=job.pk, to=to)
    return {
        "done": len(given), "skipped": Counter(skipped.values()), "before": [[pk, before.get(pk, 0)] for pk in given],
        "at": now.isoformat(),
    }  # fmt: skip


def is_undoable(job: Job) -> bool:
    """Whether what a job assigned can be undone: it has ended, not longer than ten minutes ago."""
    return job.kind == KIND and job.finished_at is not None and timezone.now() < job.finished_at + UNDO_FOR


def start_undo(job: Job, *, by: User) -> Job:
    """Start the job that gives the claims back to whom they were with. Raises Refused when the time is over."""
    if not is_undoable(job):
        raise Refused(_("The time to undo this is over."))
    done = job.chunks.filter(state=JobChunk.State.DONE, result__done__gt=0).values_list("pk", "units")
    chunks = [({"chunk": pk}, units) for pk, units in done]
    if not chunks:
        raise Refused(_("There is nothing left to undo."))
    params = {"by": by.pk, "to": job.params["to"]}
    return jobs.start_job(UNDO, by=by, action=job.action, subject=str(job.pk), params=params, chunks=chunks)


def _store_undo(job: Job, chunk: JobChunk, _data: object) -> dict:
    """Put back what nobody has changed since."""
    result = JobChunk.objects.get(pk=chunk.params["chunk"]).result
    before: dict[int, int] = dict(result["before"])
    lock_claims(sorted(before))
    untouched = Assignment.objects.filter(claim__in=before, user=job.params["to"], at=result["at"])
    pks = sorted(untouched.values_list("claim_id", flat=True))
    Assignment.objects.filter(claim__in=[pk for pk in pks if not before[pk]]).delete()
    for user in {before[pk] for pk in pks} - {0}:
        Assignment.objects.filter(claim__in=[pk for pk in pks if before[pk] == user]).update(user=user)
    by = User.objects.get(pk=job.params["by"])
    history.record_each("assignment undone", "claim", pks, by=by, action=job.action, job=job.pk)
    return {"done": len(pks), "skipped": Counter({"later": len(before) - len(pks)} if len(before) > len(pks) else {})}


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Assignment of many claims"), unit=gettext_lazy("Claims"), compute=read_view, store=_store,
    finish=add_up, find_page=find_page,
)  # fmt: skip
jobs.KINDS[UNDO] = jobs.Kind(
    title=gettext_lazy("Undoing of an assignment of many claims"), unit=gettext_lazy("Claims"), store=_store_undo,
    finish=add_up, find_page=find_page, name_subject=lambda job: "",
)  # fmt: skip
