"""Files that people send us to show what happened to them."""

import uuid
from collections.abc import Mapping

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claimants import Claimant


class Evidence(models.Model):
    """One file: the original sealed and never shown, and a copy that is safe to look at.

    It belongs to a claimant, or to a registration that is not yet sent. The row is the queue of the checking: whoever
    finds `due_at` in the past works on it under a lease. A file that we could not make safe is kept and not shown; the
    claim goes on without it.
    """

    class Kind(models.TextChoices):
        JPEG = "jpeg", _("photo (JPEG)")
        PNG = "png", _("picture (PNG)")
        WEBP = "webp", _("picture (WebP)")
        HEIC = "heic", _("photo (HEIC)")
        PDF = "pdf", _("PDF")
        TEXT = "text", _("text")
        EMAIL = "email", _("e-mail")

    class State(models.TextChoices):
        RECEIVED = "received", _("received, being checked")
        READY = "ready", _("safe copy made")
        REFUSED = "refused", _("not taken")
        QUARANTINED = "quarantined", _("kept, not shown")
        ERASING = "erasing", _("being erased")

    MOVES: Mapping[str, tuple[str, ...]] = {
        State.READY: (State.RECEIVED, State.QUARANTINED),
        State.QUARANTINED: (State.RECEIVED, State.QUARANTINED),
        State.ERASING: (State.RECEIVED, State.READY, State.QUARANTINED, State.ERASING),
    }

    class Scan(models.TextChoices):
        NONE = "none", _("not scanned for viruses")
        CLEAN = "clean", _("no virus found")
        INFECTED = "infected", _("virus found")

    class Reason(models.TextChoices):
        """Why a file was not taken or is not shown: what is wrong, and how to mend it."""

        EMPTY = "empty", _("This file is empty. Choose it again, or take a new photo.")
        TOO_BIG = "too_big", _("This file is too big. Send a smaller photo, or split a long PDF.")
        TOO_MANY = "too_many", _("You have sent as many files as we can take. Remove one to add this one.")
        TOO_MUCH = "too_much", _("Your files are too big together. Remove one, or send smaller photos.")
        ARCHIVE = "archive", _("This is a packed file (ZIP). Unpack it and send the files that matter one by one.")
        OFFICE = "office", _("This is an office document. Save it as PDF and send the PDF.")
        WEB_PAGE = "web_page", _("This is a web page or a drawing. Print it as PDF, or send a screenshot.")
        PROGRAM = "program", _("This is a program. Send a photo, a screenshot, a PDF, an e-mail or a text instead.")
        PICTURE = "picture", _("We cannot read this kind of picture. Save it as JPEG or PNG, or send a screenshot.")
        MEDIA = "media", _("This is a film or a sound. Send a screenshot, or tell us about it in your own words.")
        UNKNOWN = (
            "unknown",
            _("We do not know this kind of file. Send a photo, a screenshot, a PDF, an e-mail or a text."),
        )
        LOST = "lost", _("This file did not reach us whole. Add it again.")
        BROKEN = "broken", _("This file is damaged and cannot be opened. Add it again, or send a screenshot of it.")
        LOCKED = (
            "locked",
            _("Locked with a password, so nobody can open it. Save a copy without the password and add that."),
        )
        TOO_LARGE_INSIDE = (
            "too_large_inside",
            _("This file is far bigger inside than it looks. Save it as a smaller picture or PDF, or send a photo."),
        )
        TOO_MANY_PAGES = "too_many_pages", _("This PDF has too many pages. Save the pages that matter and send those.")
        TOO_SLOW = "too_slow", _("This file takes too long to open. Print it as PDF, or send a screenshot of it.")
        INFECTED = "infected", _("The virus check found something in this file, so nobody opens it. Send a screenshot.")
        UNSCANNED = (
            "unscanned",
            _("The virus check is not working at the moment. Nothing to do for you: we try again until it does."),
        )
        UNREADABLE = "unreadable", _("We can no longer open what we stored of this file. Add it again.")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Claimant, models.PROTECT, null=True, blank=True, related_name="evidence")
    registration_code = models.UUIDField(null=True, blank=True, db_index=True)
    data_key = models.CharField(max_length=120, blank=True)  # wrapped; empty where the owner's own data key seals it
    name = models.TextField()  # as given, sealed: it can hold anything
    kind = models.CharField(max_length=8, choices=Kind, blank=True)  # by content; empty where we do not take it
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # of the original; empty where it was not taken
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    scan = models.CharField(max_length=8, choices=Scan, default=Scan.NONE)
    copy_kind = models.CharField(max_length=8, choices=Kind, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)  # of the copy, in pixels
    height = models.PositiveIntegerField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)  # when somebody is to work on it; null: nothing is left to do
    lease = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False, registration_code__isnull=True)
                | models.Q(owner__isnull=True, registration_code__isnull=False),
                name="evidence_has_one_holder",
            ),
            # One file sent twice by the same person is one piece of evidence.
            models.UniqueConstraint(
                fields=["owner", "sha256"],
                condition=models.Q(owner__isnull=False) & ~models.Q(sha256=""),
                name="evidence_once_for_an_owner",
            ),
            models.UniqueConstraint(
                fields=["registration_code", "sha256"],
                condition=models.Q(registration_code__isnull=False) & ~models.Q(sha256=""),
                name="evidence_once_for_a_registration",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "ready", "refused", "quarantined", "erasing"]),
                name="evidence_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["refused", "quarantined"]) & ~models.Q(reason="")
                | models.Q(state__in=["received", "ready"], reason="")
                | models.Q(state="erasing"),
                name="evidence_reason_where_not_shown",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | (~models.Q(copy_kind="") & ~models.Q(scan="infected")),
                name="evidence_ready_is_safe",
            ),
        )
        indexes = (models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="evidence_due"),)

    def __str__(self) -> str:
        return f"evidence {self.pk}"  # never the name: it would reach logs

    @property
    def is_taken(self) -> bool:
        """Whether we keep the file, shown or not."""
        return self.state != self.State.REFUSED

    @property
    def has_copy(self) -> bool:
        """Whether there is a copy to look at."""
        return self.state == self.State.READY
