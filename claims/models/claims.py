"""Claims, and how many there are."""

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.actions import Action, CriteriaVersion, Matter
from claims.models.claimants import Claimant
from claims.rules.eligibility import Outcome


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims, and the one definition of those that stand."""

    def standing(self) -> Self:
        """Return the claims that stand: not withdrawn, refused or merged into another. No other claim is in a count,
        a screening, a scenario or a register."""
        return self.filter(status__in=Claim.STANDING)

    def joined(self) -> Self:
        """Return the claims that are in the court action. Who withdrew has left it, as far as its law lets them (a
        claim in Austria, which cannot leave, is not withdrawn); a merged claim is in by the one that is kept."""
        return self.filter(joined_on__isnull=False, status__in=Claim.IN_COURT)


class Claim(models.Model):
    """One person's claim in one action.

    Registered with us and joined in court are two facts: `status` is ours, `joined_on` is set only with proof from
    the regime's own channel. `outcome`, `findings` and `tier` are what screening found, pinned to a criteria version.
    """

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("registered with us")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        MERGED = "merged", _("merged into another claim")

    STANDING = (Status.SUBMITTED, Status.ACCEPTED)
    IN_COURT = (Status.SUBMITTED, Status.ACCEPTED, Status.REFUSED)  # where it has joined: a refusal is ours alone
    # Nobody but a person accepts or refuses (Article 22 GDPR), and each of it can be taken back.
    MOVES: Mapping[str, tuple[str, ...]] = {
        Status.SUBMITTED: (Status.ACCEPTED, Status.REFUSED),
        Status.ACCEPTED: (Status.SUBMITTED,),
        Status.REFUSED: (Status.SUBMITTED,),
        Status.MERGED: (),
        Status.WITHDRAWN: (Status.SUBMITTED, Status.ACCEPTED, Status.REFUSED),
    }
    # Into another claim and out of it again: only claims.duplicates takes these steps.
    MERGE_MOVES: Mapping[str, tuple[str, ...]] = {
        Status.SUBMITTED: (Status.MERGED,),
        Status.ACCEPTED: (Status.MERGED,),
        Status.REFUSED: (),
        Status.MERGED: (Status.SUBMITTED, Status.ACCEPTED),
        Status.WITHDRAWN: (Status.MERGED,),
    }

    class Channel(models.TextChoices):
        IMPORT = "import", _("import")
        WEB = "web", _("web")

    OUTCOMES = (
        (Outcome.ELIGIBLE, _("meets the criteria")),
        (Outcome.INELIGIBLE, _("a criterion is not met")),
        (Outcome.NEEDS_INFO, _("information missing")),
    )

    reference = models.CharField(max_length=12, unique=True)
    # The database holds both together as one key: a claim carries the matter of its action (migration 0002).
    action = models.ForeignKey(Action, models.PROTECT, related_name="claims", db_index=False, db_constraint=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    claimant = models.ForeignKey(Claimant, models.PROTECT, related_name="claims")
    status = models.CharField(max_length=12, choices=Status, default=Status.SUBMITTED)
    channel = models.CharField(max_length=8, choices=Channel)
    external_ref = models.CharField(max_length=100, blank=True)
    content_key = models.CharField(max_length=16, blank=True)  # of the imported row: tells a repeat from a change
    registered_at = models.DateTimeField()
    joined_on = models.DateField(null=True, blank=True)

    habitual_residence = models.CharField(max_length=2, blank=True)
    resident_since = models.DateField(null=True, blank=True)
    answers = models.JSONField(default=dict)  # question id -> text or whole number; a missing key is unknown

    criteria_version = models.ForeignKey(
        CriteriaVersion, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    findings = models.CharField(max_length=64, blank=True)  # one letter a criterion: y, n, u
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = (
            # Article 9(4) of Directive (EU) 2020/1828: one action only for the same cause against the same trader.
            models.UniqueConstraint(
                fields=["claimant", "matter"],
                condition=~models.Q(status="withdrawn"),
                name="claim_one_action_of_a_matter",
            ),
            models.UniqueConstraint(
                fields=["action", "external_ref"], condition=~models.Q(external_ref=""), name="claim_external_ref_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["submitted", "accepted", "refused", "withdrawn", "merged"]),
                name="claim_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", "eligible", "ineligible", "needs_info"]), name="claim_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(criteria_version__isnull=False), name="claim_outcome_pinned"
            ),
        )
        indexes = (
            models.Index(fields=["action", "id"], name="claim_by_action"),
            models.Index(fields=["action"], condition=models.Q(joined_on__isnull=False), name="claim_joined"),
            # The book is read in the order of registration, from any place, by status alone or by all facets.
            # On PostgreSQL both hold what filters test too, beside their keys (migrations 0046 and 0047).
            models.Index(fields=["action", "status", "registered_at", "id"], name="claim_by_status"),
            models.Index(
                fields=["action", "status", "habitual_residence", "outcome", "tier", "registered_at", "id"],
                name="claim_by_facets",
            ),
        )

    def __str__(self) -> str:
        return f"claim {self.reference}"

    @property
    def stands(self) -> bool:
        """Whether the claim counts: not withdrawn, refused or merged into another."""
        return self.status in self.STANDING


# The same as `Claim.objects.standing()` for SQL put together by hand, to be written after the name of the table.
STANDS = "status IN ({})".format(", ".join(f"'{status.value}'" for status in Claim.STANDING))


class ClaimCount(models.Model):
    """How many claims of an action have this state of residence, tier and outcome ("" is unknown or not screened).

    Kept by `claims.counts` in the transaction that changes the claims, so that nobody has to scan the book.
    """

    action = models.ForeignKey(Action, models.CASCADE, related_name="counts", db_index=False)
    state = models.CharField(max_length=2, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    claims = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["action", "state", "tier", "outcome"], name="claim_count_once"),
            models.CheckConstraint(condition=models.Q(claims__gte=0), name="claim_count_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.claims} claims"
