"""What people of the office decide about a claim, each pinned to the criteria and findings that they saw."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.actions import CriteriaVersion
from claims.models.claims import Claim
from claims.models.jobs import Job
from claims.models.mails import Mail


class Decision(models.Model):
    """One thing that a person decided. What screening finds later changes nothing in it."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("accepted")
        ASK = "ask", _("asked for more")
        ANNOUNCE = "announce", _("refusal announced")
        REFUSE = "refuse", _("refused")
        DROP = "drop", _("not refused after all")
        REOPEN = "reopen", _("taken up again")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=40, blank=True)  # the id of one of the reasons that the action lists
    words = models.TextField(blank=True)  # what the person adds, sealed: what the claimant is told
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    criteria_version = models.ForeignKey(CriteriaVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    findings = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="decisions")  # one of many decided at once
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")  # what tells the claimant of it
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["accept", "ask", "announce", "refuse", "drop", "reopen"]),
                name="decision_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="decision_undone_by_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Period(models.Model):
    """A time that the claimant has to say something; what follows from its end is decided by a person."""

    class End(models.TextChoices):
        ANSWERED = "answered", _("answered")
        DECIDED = "decided", _("decided")
        TAKEN_BACK = "taken_back", _("taken back")
        MERGED = "merged", _("merged into another claim")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="%(class)s")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateField()  # the last day, in the time of the court
    reminded_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)  # when it was noticed that the last day had passed: a person looks at it
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=10, blank=True, choices=End)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it is neither answered nor decided upon nor taken back."""
        return self.closed_at is None


class Deficiency(Period):
    """Something is missing: which questions, and until when the person can answer them."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="deficiencies")
    questions = models.JSONField(default=list)  # ids, as they were asked
    open_questions = models.JSONField(default=list)  # those not yet answered

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim"], condition=Q(closed_at__isnull=True), name="deficiency_one_open_of_a_claim"
            ),
        )
        indexes = (models.Index(fields=["until"], condition=Q(closed_at__isnull=True), name="deficiency_runs"),)

    def __str__(self) -> str:
        return f"deficiency {self.pk}"


class Hearing(Period):
    """A refusal is announced: until when the person can answer, before anybody may refuse."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="hearings")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim"], condition=Q(closed_at__isnull=True), name="hearing_one_open_of_a_claim"
            ),
        )
        indexes = (models.Index(fields=["until"], condition=Q(closed_at__isnull=True), name="hearing_runs"),)

    def __str__(self) -> str:
        return f"hearing {self.pk}"


class Reply(models.Model):
    """What the claimant writes about a decision, sealed: an answer in a hearing, an objection to a refusal."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="replies")
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=["at"], condition=Q(read_at__isnull=True), name="reply_unread"),)

    def __str__(self) -> str:
        return f"reply {self.pk}"  # never the words: they would reach logs


class Override(models.Model):
    """A person sets one finding of one claim, with a reason. Every screening keeps it until it is taken back.

    Where the value of the claim asks for two people, it is nothing until another one confirms it.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="overrides", db_index=False)
    criterion = models.CharField(max_length=40)  # its id, which stays the same from version to version
    verdict = models.CharField(max_length=1)  # a letter as in the findings of a claim
    instead_of = models.CharField(max_length=1, blank=True)
    reason = models.TextField(blank=True)  # sealed
    criteria_version = models.ForeignKey(CriteriaVersion, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    needs_second = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applies = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "criterion"], condition=Q(undone_at__isnull=True), name="override_one_of_a_criterion"
            ),
            models.CheckConstraint(condition=Q(verdict__in=["y", "n", "u"]), name="override_verdict_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="override_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(applies=False)
                | (Q(undone_at__isnull=True) & (Q(needs_second=False) | Q(confirmed_by__isnull=False))),
                name="override_applies_when_complete",
            ),
        )
        indexes = (models.Index(fields=["claim"], condition=Q(applies=True), name="override_applies"),)

    def __str__(self) -> str:
        return f"override {self.pk}"

    @property
    def is_pending(self) -> bool:
        """Whether a second person has yet to confirm it."""
        return not self.applies and self.undone_at is None
