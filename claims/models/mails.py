"""Mails as rows: the queue that no broker can lose, and the log of what went to whom."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """A mail to one person, waiting or gone. What it says is kept until `forget_at`, without one as long as the row."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    OPEN = (State.QUEUED, State.SENDING)

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # makes the Message-ID
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=254)
    to_key = models.CharField(max_length=32)  # a blind index of the address: finds and erases all that went to it
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)  # when a worker may take it; while one sends, its lease ends
    lease = models.UUIDField(null=True)
    error = models.CharField(max_length=200, blank=True)  # never with the address
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed"]), name="mail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease__isnull=False) | (~Q(state="sending") & Q(lease__isnull=True)),
                name="mail_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=["sent", "failed"]) | ~Q(text=""), name="mail_says_something"),
        )
        indexes = (
            models.Index(fields=["next_at"], condition=Q(state__in=["queued", "sending"]), name="mail_due"),
            models.Index(fields=["to_key"], name="mail_of_address"),
            models.Index(fields=["forget_at"], condition=~Q(text=""), name="mail_to_forget"),
        )

    def __str__(self) -> str:
        return f"{self.kind} mail {self.pk}"  # never the address: it would reach logs
