"""Who works on a claim, what they note, and what they uncovered."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim


class Note(models.Model):
    """A note of the office about a claim, sealed. Privileged: no export, filing or page of the claimant has it."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="notes")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"note {self.pk}"  # never the words: they would reach logs


class Assignment(models.Model):
    """Who works on a claim now."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="assignment")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Look(models.Model):
    """Who has the page of a claim open: told to whoever opens it too, forgotten within the hour."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="looks", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["claim", "user"], name="look_once_for_a_user"),)

    def __str__(self) -> str:
        return f"look {self.pk}"


class Reveal(models.Model):
    """Somebody of the office uncovered own words and bank data of one claim, with a reason, for a short time."""

    class Reason(models.TextChoices):
        DECIDE = "decide", _("To decide on the claim")
        REPLY = "reply", _("To answer the claimant")
        COURT = "court", _("To prepare a document for the court")
        RIGHTS = "rights", _("To answer a request about personal data")
        OTHER = "other", _("Another reason, in words")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reveals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=10, choices=Reason)
    words = models.TextField(blank=True)  # sealed

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reason__in=["decide", "reply", "court", "rights", "other"]),
                name="reveal_reason_known",
            ),
        )

    def __str__(self) -> str:
        return f"reveal {self.pk}"
