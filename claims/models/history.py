"""The history: rows that nobody can change, chained by hash."""

from django.conf import settings
from django.db import models

# What is read of people, by whom and when: counted each day (claims.reading), so an index knows these few.
OPENED = "claim opened by the office"
TAKEN = "evidence taken by the office"
REVEALED = "own words uncovered"
FAULTS_TAKEN = "lines not taken downloaded"
EXPORTED = ("filing downloaded", "moves of a dry run downloaded", FAULTS_TAKEN)
ROLE_REFUSED = "role refused to somebody with a claim"  # counted too, and so seldom that no index needs it
SPENT = "budget of reading used up"


class HistoryEvent(models.Model):
    """One thing that was done. Holds ids and names of fields, never a person's data (erasure would break the chain)."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=40)  # the kind of the row, for example "claim"
    subject_id = models.BigIntegerField(null=True)
    action = models.ForeignKey("claims.Action", models.PROTECT, null=True, related_name="+")
    fields = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = (
            models.Index(fields=["subject", "subject_id", "number"], name="history_of_subject"),
            models.Index(
                fields=["by", "at"],
                condition=models.Q(verb__in=[OPENED, TAKEN, REVEALED, *EXPORTED, SPENT]),
                name="history_of_reading",
            ),
            models.Index(fields=["action", "verb", "number"], name="history_of_action"),
            models.Index(fields=["action", "at"], condition=models.Q(verb=SPENT), name="history_of_spent_budgets"),
        )

    def __str__(self) -> str:
        return f"event {self.number}"


class HistoryHead(models.Model):
    """The one row that is locked while a number is given; a cut tail shows only where it was left as it was."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="history_one_head"),)

    def __str__(self) -> str:
        return f"head at {self.number}"
