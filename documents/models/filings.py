"""Filings: what was frozen, the files that were made from it, and the seal."""

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Action, CriteriaVersion, Job
from redress.models import ScenarioRun


class Sealed(TypeError):
    """A sealed filing was about to be changed: a bug, never a person's mistake."""


class Filing(models.Model):
    """A filing of an action from one frozen snapshot, in one language.

    Once sealed it never changes; a correction is a new filing that names the old one in `replaces`. The database holds
    that the same snapshot gives one filing, and that one is in the making at a time.
    """

    class Kind(models.TextChoices):
        STATEMENT = "statement-of-claim", _("Statement of claim")
        REGISTER = "claimant-register", _("Register of claimants")
        REPORT = "eligibility-report", _("Eligibility report")
        ANNEX = "scenario-annex", _("Scenario annex")

    class Rendering(models.TextChoices):
        FULL = "full", _("full, for the office")
        COURT = "court_confidential", _("for the court, confidential")
        PUBLIC = "public_redacted", _("public, redacted")

    class State(models.TextChoices):
        BUILDING = "building", _("in the making")
        SEALED = "sealed", _("sealed")
        STOPPED = "stopped", _("stopped")

    MOVES: Mapping[str, tuple[str, ...]] = {
        State.SEALED: (State.BUILDING,),
        State.STOPPED: (State.BUILDING,),
        State.BUILDING: (State.STOPPED,),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30, choices=Kind)
    language = models.CharField(max_length=5)
    rendering = models.CharField(max_length=20, choices=Rendering, blank=True)  # of a register only
    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    snapshot_sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)  # codes of what a lawyer should look at before filing
    criteria_version = models.ForeignKey(CriteriaVersion, models.PROTECT, null=True, related_name="+")
    scenario_run = models.ForeignKey(ScenarioRun, models.PROTECT, null=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sealed_at = models.DateTimeField(null=True)
    manifest = models.JSONField(default=dict)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    manifest_pdf_sha256 = models.CharField(max_length=64, blank=True)  # empty for what was sealed before it was kept

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["action", "kind", "language", "rendering", "snapshot_sha256"], name="filing_once_per_snapshot"
            ),
            models.UniqueConstraint(
                fields=["action", "kind", "language", "rendering"],
                condition=models.Q(state="building"),
                name="filing_one_in_the_making",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["building", "sealed", "stopped"]), name="filing_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sealed")
                | (models.Q(sealed_at__isnull=False) & ~models.Q(manifest_sha256="")),
                name="filing_sealed_with_manifest",
            ),
        )
        indexes = (models.Index(fields=["action", "-created_at"], name="filing_newest"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    def save(self, *args: Any, **fields: Any) -> None:
        """Write the row, unless it is sealed."""
        self._refuse_if_sealed()
        super().save(*args, **fields)

    def delete(self, *args: Any, **fields: Any) -> tuple[int, dict[str, int]]:
        """Remove the row, unless it is sealed."""
        self._refuse_if_sealed()
        return super().delete(*args, **fields)

    def _refuse_if_sealed(self) -> None:
        if self.pk and Filing.objects.filter(pk=self.pk, state=self.State.SEALED).exists():
            raise Sealed(f"{self} is sealed; make a new filing that replaces it")

    @property
    def is_sealed(self) -> bool:
        """Whether the filing is complete and can no longer change."""
        return self.state == self.State.SEALED

    @property
    def is_at_work(self) -> bool:
        """Whether a job is making the files now; one that failed or was cancelled is not."""
        return self.state == self.State.BUILDING and self.job is not None and self.job.is_active

    @property
    def is_stopped(self) -> bool:
        """Whether nobody makes the files though the filing is not sealed; it can go on where it stopped."""
        return not self.is_sealed and not self.is_at_work

    @property
    def home(self) -> Path:
        """The folder of the snapshot, on the server only."""
        return Path(settings.MEDIA_ROOT) / "filings" / str(self.code)

    @property
    def folder(self) -> Path:
        """The folder of the files that go out."""
        return self.home / "files"


class FilingFile(models.Model):
    """One file of a filing. Its hash, size, pages and rows are known once it is written."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="files", db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["filing", "number"], name="filing_file_number_once"),
            models.UniqueConstraint(fields=["filing", "name"], name="filing_file_name_once"),
            models.CheckConstraint(
                condition=models.Q(state="waiting") | ~models.Q(sha256=""), name="filing_file_done_with_hash"
            ),
        )

    def __str__(self) -> str:
        return self.name
