"""Criteria on their way to a version: the draft of an action, and what it would change in the book."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from claims.models.actions import Action, CriteriaVersion
from claims.models.jobs import Job


class CriteriaDraft(models.Model):
    """The draft of an action, as its last writer typed it, right or wrong. Nothing reads it but its own pages.

    `revision` grows with each saving: whoever saves says which one was open, so that nobody overwrites another unseen.
    """

    action = models.OneToOneField(Action, models.CASCADE, related_name="criteria_draft")
    text = models.TextField()  # YAML
    note = models.CharField(max_length=1000, blank=True)  # for the version that it may become
    sha256 = models.CharField(max_length=64, blank=True)  # of the version that it would become; "" while it is wrong
    fault = models.CharField(max_length=1000, blank=True)  # the first thing that is wrong: file, line, key and what
    revision = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey(CriteriaVersion, models.CASCADE, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(fault="") & ~models.Q(sha256="")) | (models.Q(sha256="") & ~models.Q(fault="")),
                name="criteria_draft_right_or_wrong",
            ),
        )

    def __str__(self) -> str:
        return f"criteria draft {self.pk}"

    @property
    def is_right(self) -> bool:
        """Whether it could become a version as it stands."""
        return not self.fault


class DryRun(models.Model):
    """A draft applied to every standing claim of an action, with nothing written to the claims."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="dry_runs")
    job = models.OneToOneField(Job, models.CASCADE, related_name="dry_run")
    document = models.JSONField()  # as the version would keep it
    sha256 = models.CharField(max_length=64)  # of the document
    version = models.ForeignKey(CriteriaVersion, models.CASCADE, null=True, related_name="+")  # in force at the start
    book_mark = models.PositiveBigIntegerField()  # number of the last event of the history at the start
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=["action", "sha256"], name="dry_run_of_a_draft"),)

    def __str__(self) -> str:
        return f"dry run {self.pk}"


class DryRunMoves(models.Model):
    """The claims of one range that a dry run would move from one outcome to another: their ids, in order."""

    dry_run = models.ForeignKey(DryRun, models.CASCADE, related_name="moves", db_index=False)
    number = models.PositiveIntegerField()  # of the range, in the order of ids
    old = models.CharField(max_length=12, blank=True)  # "": not yet screened
    new = models.CharField(max_length=12)
    last = models.BigIntegerField()  # the last of the ids: pages begin after one
    claims = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dry_run", "number", "old", "new"], name="dry_run_moves_once"),
            models.CheckConstraint(
                condition=models.Q(new__in=["eligible", "ineligible", "needs_info"]), name="dry_run_move_known"
            ),
        )

    def __str__(self) -> str:
        return f"moves of dry run {self.dry_run_id}"
