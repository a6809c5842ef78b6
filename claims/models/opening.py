"""What was confirmed and changed before and after an action was opened to everyone."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from claims.models.actions import Action


class Confirmation(models.Model):
    """A lawyer has looked at one thing of an action and stands for it. Bound to what it said then, by its digest."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="confirmations")
    key = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "key", "sha256"], name="confirmed_once_as_it_says"),)

    def __str__(self) -> str:
        return f"confirmation of {self.key}"


class FactsVersion(models.Model):
    """The facts of an action as they were before a change in the browser, with who changed what, and why."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="former_facts")
    number = models.PositiveIntegerField()
    facts = models.JSONField()
    fields = models.JSONField(default=list)  # the names of what was changed
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "number"], name="facts_version_once"),)

    def __str__(self) -> str:
        return f"facts version {self.number}"
