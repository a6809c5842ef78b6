"""What makes the book of claims quick to read: kept numbers, names as words, and the views that people save."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.actions import Action
from claims.models.claims import Claim


class ClaimTally(models.Model):
    """How many claims of an action have a status, came in or joined on a day, or stand with a mandate.

    Kept by `claims.tallies` in the transaction that changes the claims, so that no page counts the book.
    """

    class Kind(models.TextChoices):
        STATUS = "status", _("by status")
        REGISTERED = "registered", _("registered by day")  # days of UTC, whatever became of the claim
        JOINED = "joined", _("joined by day")
        MANDATE = "mandate", _("standing with a mandate")

    action = models.ForeignKey(Action, models.CASCADE, related_name="tallies", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=12, blank=True)
    claims = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["action", "kind", "value"], name="claim_tally_once"),
            models.CheckConstraint(condition=models.Q(claims__gte=0), name="claim_tally_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}: {self.claims}"


class NameWord(models.Model):
    """A word that occurs in names of an action, folded by `claims.rules.names`, and how it sounds.

    Only words of people who are in the book: `claims.names` removes one with the last person who had it.
    """

    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(max_length=40)
    sound = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "text"], name="name_word_once"),)
        indexes = (
            # "begins with" needs the order of bytes, which no language's collation has.
            models.Index(
                fields=["action", "text"], opclasses=["int8_ops", "varchar_pattern_ops"], name="name_word_begins"
            ),
            models.Index(fields=["action", "sound"], name="name_word_sounds"),
        )

    def __str__(self) -> str:
        return f"word {self.pk}"  # never the name: it would reach logs


class NameLink(models.Model):
    """A claim under a word of the names of its person."""

    # Written by COPY in bulk: a check of both keys for each row would cost more than the row.
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    word = models.ForeignKey(NameWord, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    pk = models.CompositePrimaryKey("claim", "word")

    class Meta:
        indexes = (models.Index(fields=["word", "claim"], name="name_link_by_word"),)

    def __str__(self) -> str:
        return f"claim {self.claim_id} under word {self.word_id}"


class SavedView(models.Model):
    """A filter of the book that somebody keeps under a name; a shared one is there for all who work in the action."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="saved_views", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared with all who work in this action"), default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "user", "name"], name="saved_view_once"),)

    def __str__(self) -> str:
        return self.name


class KeptSearch(models.Model):
    """What somebody typed into the search of a book, sealed: addresses hold its code. For a day and for that person."""

    code = models.CharField(max_length=40, unique=True)
    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    data_key = models.CharField(max_length=120)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"kept search {self.pk}"  # never the words: they would reach logs
