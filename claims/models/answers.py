"""Answers that were corrected after a claim was sent."""

from django.db import models

from claims.models.claims import Claim


class FormerAnswer(models.Model):
    """What an answer was before it was corrected, sealed with the data key of the claimant; gone when that is erased.

    The history names the row and the question, never what it says.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="former_answers")
    question = models.CharField(max_length=60)
    sealed = models.TextField()
    until = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"former answer {self.pk}"
