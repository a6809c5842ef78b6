"""Codes that prove, once, that somebody reads the mails of an address."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Code(models.Model):
    """A one-time code and the token of its link, both kept as keyed hashes only."""

    class State(models.TextChoices):
        LIVE = "live"
        USED = "used"
        REPLACED = "replaced"

    address = models.CharField(max_length=254)
    address_key = models.CharField(max_length=32)
    purpose = models.CharField(max_length=40)
    code_key = models.CharField(max_length=64)
    token_key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    tries = models.PositiveSmallIntegerField(default=0)  # of the code, right and wrong; a token cannot be guessed
    made_at = models.DateTimeField(default=timezone.now)
    good_until = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=["live", "used", "replaced"]), name="code_state_known"),
            # Of two requests at once both would replace the older code and leave two: twice the tries.
            models.UniqueConstraint(
                fields=["address_key", "purpose"], condition=Q(state="live"), name="code_one_live_of_a_purpose"
            ),
        )
        indexes = (
            models.Index(fields=["address_key", "made_at"], name="code_of_address"),
            models.Index(fields=["made_at"], name="code_made_at"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} code {self.pk}"  # never the address: it would reach logs
