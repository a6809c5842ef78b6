"""Which chunks wait for a worker, and for how long."""

from datetime import timedelta

from django.db.models import Case, F, Min, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.base.jobs.kinds import KINDS
from claims.models import Job, JobChunk

LEASE = timedelta(seconds=12)  # a killed worker's chunk is free again after this


def list_open_chunks() -> QuerySet[JobChunk]:
    """Return the chunks that are still to be done, whoever works on them."""
    return JobChunk.objects.filter(
        job__state__in=Job.ACTIVE, state__in=[JobChunk.State.WAITING, JobChunk.State.RUNNING]
    )


def list_free_chunks() -> QuerySet[JobChunk]:
    """Return the chunks that a worker may take: nobody began them, or the lease is over.

    A closing one comes last, and each one in its turn where the kind of the job is done in order.
    """
    in_order = [name for name, kind in KINDS.items() if kind.in_order]
    is_free = Q(state=JobChunk.State.WAITING) | Q(leased_until__lt=timezone.now())
    is_due = Q(is_closing=False) | Q(job__chunks_done=F("job__chunks_total") - 1)
    has_turn = ~Q(job__kind__in=in_order) | Q(number=F("job__chunks_done"))
    return list_open_chunks().filter(is_free, is_due, has_turn)


def find_queue_age() -> timedelta:
    """Return how long the oldest free chunk has waited: since its lease was over, or since its job was last served."""
    free_since = Case(
        When(state=JobChunk.State.RUNNING, then=F("leased_until")),
        default=Coalesce("job__served_at", "job__created_at"),
    )
    since = list_free_chunks().aggregate(since=Min(free_since))["since"]
    return timezone.now() - since if since else timedelta()
