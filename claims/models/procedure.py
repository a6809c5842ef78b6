"""What happened in court as the office entered it, who has joined with which proof, and who follows the dates."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.actions import Action
from claims.models.claims import Claim
from claims.models.jobs import Job


class EventEntry(models.Model):
    """One version of an event as somebody entered it. Never changed: a correction is a new version beside the old one.

    The version that holds is neither replaced nor taken back; `ActionEvent` shows it over what the pack says.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # holds its files too (claims.evidence)
    action = models.ForeignKey(Action, models.CASCADE, related_name="event_entries")
    key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)  # at the court
    text = models.JSONField(default=dict)
    source = models.CharField(max_length=400)
    url = models.URLField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # why it differs from what stood there before
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_back_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["action", "key"],
                condition=Q(replaced_at__isnull=True, taken_back_at__isnull=True),
                name="event_entry_one_holds",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_reason=""), name="event_taken_back_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} version {self.version}"

    @property
    def holds(self) -> bool:
        """Whether this version is the one that counts."""
        return self.replaced_at is None and self.taken_back_at is None


class JoiningFile(models.Model):
    """A file of proofs of joining that somebody sent: worked through by a job, its lines sealed in parts."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="joining_files")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="joining_file")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    source = models.TextField()  # which document it is, sealed
    data_key = models.CharField(max_length=120)
    header = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"joining file {self.pk}"


class JoiningPart(models.Model):
    """Some lines of such a file, sealed; gone when the job has worked through them or has ended."""

    file = models.ForeignKey(JoiningFile, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["file", "number"], name="joining_part_once"),)

    def __str__(self) -> str:
        return f"part {self.number} of {self.file_id}"


class JoiningProof(models.Model):
    """The proof that a claim has joined in court, in the channel of its law. Only this sets `Claim.joined_on`."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="joining_proofs")
    # The claim that the proof named, where that was merged into `claim`; nothing where it is the claim itself.
    named = models.ForeignKey(Claim, models.SET_NULL, null=True, related_name="named_proofs")
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=60)  # `join_channel` of the record of the law
    reference = models.CharField(max_length=100)  # of the register, the brief or the form
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)  # at the court
    source = models.TextField(blank=True)  # which document shows it, sealed; that of the file where it came in one
    is_declared = models.BooleanField(null=True)  # the declaration that the law wants with it is signed
    is_fee_paid = models.BooleanField(null=True)
    file = models.ForeignKey(JoiningFile, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_back_reason = models.TextField(blank=True)  # sealed

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim"], condition=Q(taken_back_at__isnull=True), name="joining_proof_one_holds"
            ),
            models.UniqueConstraint(
                fields=["action", "reference"],
                condition=Q(taken_back_at__isnull=True),
                name="joining_reference_once_in_an_action",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_reason=""),
                name="joining_taken_back_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"proof of joining {self.pk}"


class CalendarLink(models.Model):
    """A secret address at which a person's calendar reads the dates. Only the hash of the secret is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"calendar link {self.pk}"
