"""What keeps machines from filling the book: full and empty buckets, proofs that were used, starts, what is held."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.actions import Action
from claims.models.claims import Claim
from claims.rules.suspicion import STANDS_ELSEWHERE


class Bucket(models.Model):
    """How much of a limit is used. The name is a keyed hash of an address block, never the block itself, or an account.

    A bucket that is full again says nothing and is deleted.
    """

    name = models.CharField(max_length=60, unique=True)
    full_at = models.BigIntegerField()  # microseconds since 1970: when all is free again, if nobody takes any more

    class Meta:
        indexes = (models.Index(fields=["full_at"], name="bucket_full_at"),)

    def __str__(self) -> str:
        return self.name


class UsedProof(models.Model):
    """A proof of work that was handed in, kept until it would have expired: each counts once."""

    salt = models.CharField(max_length=32, unique=True)
    forget_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"proof {self.salt}"


class Start(models.Model):
    """That somebody asked for a code to register, and what was noticed; forgotten after a day.

    The address is not known to be anybody's yet, so this is no registration and is never counted.
    """

    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    address_key = models.CharField(max_length=32)
    reasons = models.JSONField(default=list)  # names of claims.rules.suspicion
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = (models.Index(fields=["address_key", "action"], name="start_of_address"),)

    def __str__(self) -> str:
        return f"start {self.pk}"


class Quarantine(models.Model):
    """A claim that a person must look at before it counts: in no number, register or filing until it is released."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="quarantine")
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    since = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="quarantine_released_by_a_person",
            ),
        )
        indexes = (
            models.Index(fields=["action", "claim"], condition=Q(released_at__isnull=True), name="quarantine_open"),
        )

    def __str__(self) -> str:
        return f"quarantine of claim {self.claim_id}"

    @property
    def is_open(self) -> bool:
        """Whether a person must still look."""
        return self.released_at is None

    @property
    def stands_elsewhere(self) -> bool:
        """Whether it is held since the person stands in another action of the matter: no suspicion at all."""
        return STANDS_ELSEWHERE in self.reasons
