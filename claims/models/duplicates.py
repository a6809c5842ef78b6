"""Claims that may be of one person: the keys they are found by, the pairs found, and what people made of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.actions import Action
from claims.models.claims import Claim


class DuplicateKeys(models.Model):
    """Under which keys a claim is looked for: keyed hashes (claims.rules.duplicates), null where a part is unknown.

    Whoever has the table and not the key learns nothing from it but which claims share one. `seen` is the search that
    wrote the row, `content` tells it whether the person has changed since.
    """

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="+")
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    seen = models.BigIntegerField()
    content = models.BigIntegerField()
    given = models.BigIntegerField(null=True)
    family = models.BigIntegerField(null=True)
    birth_initials = models.BigIntegerField(null=True)
    birth_first = models.BigIntegerField(null=True)
    birth_last = models.BigIntegerField(null=True)
    birth_postcode = models.BigIntegerField(null=True)  # written no more, as names_postcode: leave with the next change
    email = models.BigIntegerField(null=True)
    phone = models.BigIntegerField(null=True)
    names_year = models.BigIntegerField(null=True)
    names_day = models.BigIntegerField(null=True)
    names_postcode = models.BigIntegerField(null=True)
    address_initials = models.BigIntegerField(null=True)
    address_year = models.BigIntegerField(null=True)

    class Meta:
        # No index on the keys: a search reads all of them once and joins by hash, which is quicker than nine indexes.
        indexes = (models.Index(fields=["action", "claim"], name="duplicate_keys_of_action"),)

    def __str__(self) -> str:
        return f"keys of claim {self.claim_id}"


class DuplicatePair(models.Model):
    """Two claims that may be of one person. The explanation holds names of signs and points, nothing of a person."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for a look")
        MERGED = "merged", _("merged")
        NOT_SAME = "not_same", _("not the same person")

    class Reason(models.TextChoices):
        """Why two claims are not of one person."""

        HOUSEHOLD = "household", _("They live together: a family, a shared home or a shared account")
        TWINS = "twins", _("They are twins or brothers and sisters")
        NAMESAKE = "namesake", _("They only have the same name")
        PROVEN = "proven", _("They have shown us that they are two people")
        OTHER = "other", _("Another reason, in your words")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    first = models.ForeignKey(Claim, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    score = models.SmallIntegerField()
    signs = models.JSONField(default=list)  # [[name of the sign, points], ...]
    version = models.PositiveSmallIntegerField()  # of the weights
    found_in = models.BigIntegerField()  # the search that saw it last
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    words = models.TextField(blank=True)  # sealed with the data key of the first claimant
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=["merged", "not_same"], decided_at__isnull=False, decided_by__isnull=False),
                name="duplicate_pair_decided_by_a_person",
            ),
        )
        indexes = (
            models.Index(fields=["action", "-score", "id"], condition=Q(state="open"), name="duplicate_pair_open"),
        )

    def __str__(self) -> str:
        return f"pair {self.pk}"


class Merge(models.Model):
    """One claim was put into another, as two registrations of one person. Can be taken apart at any time.

    Nothing of a person moves: files, answers and words stay sealed under the claimant who gave them, and the kept claim
    shows them through this row. `moved` lists the ids of what the kept claim stands for from then on.
    """

    class Reason(models.TextChoices):
        """How it is known that two claims are of one person."""

        SIGNS = "signs", _("The signs leave no doubt")
        ASKED = "asked", _("The person told us so")
        PROVEN = "proven", _("A document shows it")
        OTHER = "other", _("Another reason, in your words")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Claim, models.PROTECT, related_name="merges", db_index=False)
    merged = models.ForeignKey(Claim, models.PROTECT, related_name="merged_by", db_index=False)
    pair = models.ForeignKey(DuplicatePair, models.SET_NULL, null=True, related_name="+")
    status_before = models.CharField(max_length=12)  # of the merged claim
    kept_registered_at = models.DateTimeField()  # of the kept claim as it was registered, before any merge
    moved = models.JSONField(default=dict)
    reason = models.CharField(max_length=10, choices=Reason)
    words = models.TextField(blank=True)  # sealed with the data key of the merged claimant
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_words = models.TextField(blank=True)  # sealed in the same way

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_one_holds_of_a_claim"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two_claims"),
        )
        indexes = (
            models.Index(fields=["kept"], name="merge_by_kept"),
            models.Index(fields=["merged"], name="merge_by_merged"),
        )

    def __str__(self) -> str:
        return f"merge {self.pk}"
