"""Long work as rows: the truth that no broker can lose."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """A piece of long work in chunks, with its progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    MOVES: Mapping[str, tuple[str, ...]] = {
        State.RUNNING: (State.WAITING,),
        State.DONE: (State.WAITING, State.RUNNING),
        State.FAILED: (State.WAITING, State.RUNNING),
        State.CANCELLED: (State.WAITING, State.RUNNING),
    }
    ACTIVE = (State.WAITING, State.RUNNING)

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)  # what this one is about, where an action has several
    action = models.ForeignKey("claims.Action", models.CASCADE, null=True, related_name="jobs")
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    chunks_total = models.PositiveIntegerField(default=0)
    chunks_done = models.PositiveIntegerField(default=0)
    units_total = models.PositiveBigIntegerField(default=0)
    units_done = models.PositiveBigIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(chunks_done__lte=models.F("chunks_total")), name="job_chunks_within_total"
            ),
            # Two at once would write over each other, the older one with what it was pinned to.
            models.UniqueConstraint(
                fields=["action", "kind", "subject"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_one_active_of_a_subject",
            ),
        )
        indexes = (
            models.Index(
                fields=["created_at"], condition=models.Q(state__in=["waiting", "running"]), name="job_active"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} job {self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether the job still waits or runs."""
        return self.state in self.ACTIVE

    @property
    def percent(self) -> int:
        """How much of the work is done, 0 to 100; less than 100 until the last chunk has been written."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.units_done // self.units_total) if self.units_total else 0

    @property
    def time_left(self) -> timedelta | None:
        """How long the rest will take at the pace so far, or None while nobody can know."""
        if not self.is_active or not self.started_at or not self.units_done:
            return None
        spent = timezone.now() - self.started_at
        return spent * (self.units_total - self.units_done) / self.units_done


class JobChunk(models.Model):
    """A part of a job that one worker does in one go, under a lease."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    job = models.ForeignKey(Job, models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    params = models.JSONField(default=dict)
    units = models.PositiveBigIntegerField(default=1)
    is_closing = models.BooleanField(default=False)  # free only once all others of the job are done
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["job", "number"], name="chunk_number_once_per_job"),)
        indexes = (models.Index(fields=["job", "number"], condition=~models.Q(state="done"), name="chunk_open"),)

    def __str__(self) -> str:
        return f"chunk {self.number} of job {self.job_id}"


class Heartbeat(models.Model):
    """When a kind of process was last seen at work, for /health/ and for commands that need a worker."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
