"""Scenarios: documents of assumptions in versions, and runs of them with all that it takes to repeat one."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from claims.models import Action, Job


class ScenarioDocument(models.Model):
    """A scenario of an action as its pack has it, an overlay already merged. Never changed: runs rest on it."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="+")
    name = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    scenario_id = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)  # of the file, and of its base where it is an overlay
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["action", "name", "version"], name="scenario_version_once_per_name"),
        )

    def __str__(self) -> str:
        return f"scenario {self.name} version {self.version}"


class ScenarioRun(models.Model):
    """One reckoning of a scenario.

    Document, counts, seed, draws and model give the same result on every machine; the digest shows that they did.
    `scenario_document` is empty where the document came from a file and not from the pack. A run without
    `finished_at` waits, is at work, or never ended: its job says which.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="+")
    scenario_document = models.ForeignKey(ScenarioDocument, models.PROTECT, null=True, related_name="runs")
    scenario_name = models.CharField(max_length=80)
    document = models.JSONField()
    scenario_id = models.CharField(max_length=64)
    counts = models.JSONField(default=list)  # [{state, tier, claims}] as frozen for the basis `registered`, else empty
    counts_sha256 = models.CharField(max_length=64, blank=True)
    counted_at = models.DateTimeField(null=True)
    seed = models.BigIntegerField()
    draws = models.PositiveBigIntegerField()
    engine = models.CharField(max_length=40)
    numpy = models.CharField(max_length=40)
    model = models.BinaryField()  # tables and sums: built once, so that every worker computes on the same bits
    digest = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)
    charts = models.JSONField(default=dict)  # name, in other languages name-code -> SVG
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | ~models.Q(digest=""), name="scenario_run_finished_with_digest"
            ),
        )
        indexes = (models.Index(fields=["action", "scenario_name", "-finished_at"], name="scenario_run_newest"),)

    def __str__(self) -> str:
        return f"run {self.code} of {self.scenario_name}"

    @property
    def is_illustration(self) -> bool:
        """Whether the document says of itself that it is no more than an illustration."""
        return self.document.get("illustration") is True

    @property
    def is_of_file(self) -> bool:
        """Whether the document came from a file and is none of the pack's."""
        return self.scenario_document_id is None

    @property
    def has_own_numbers(self) -> bool:
        """Whether draws or seed are not those of the document: no page and no filing rests on such a run."""
        return (self.draws, self.seed) != (self.document.get("draws"), self.document.get("seed"))


class ScenarioPart(models.Model):
    """What one chunk drew; gone once the run is put together."""

    run = models.ForeignKey(ScenarioRun, models.CASCADE, related_name="parts")
    first_block = models.PositiveIntegerField()
    blocks = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "first_block"], name="scenario_part_once"),)

    def __str__(self) -> str:
        return f"blocks from {self.first_block} of run {self.run_id}"
