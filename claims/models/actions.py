"""Matters, the actions in them, and the versioned law and texts that an action works by."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def pick_text(texts: dict[str, str] | None, language: str | None = None) -> str:
    """Return the text in the language of the reader, else in English, else in any."""
    if not texts:
        return ""
    code = (language or get_language() or "en").split("-")[0]
    return texts.get(code) or texts.get("en") or next(iter(texts.values()))


class Matter(models.Model):
    """One trader, one practice, one cause of action: the measure of "same claim" (Directive 2020/1828, Art. 9(4))."""

    slug = models.SlugField(max_length=60, unique=True)
    trader = models.CharField(max_length=200)
    practice = models.CharField(max_length=300)
    cause_of_action = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.slug


class Action(models.Model):
    """A collective action: one court under one regime. Its facts come from a pack (`claims.packs`)."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("in preparation")
        CEASE_AND_DESIST = "cease_and_desist", _("cease and desist letter sent")
        CONSULTATION = "consultation", _("consultation with the trader")
        FILED = "filed", _("filed in court")
        PENDING = "pending", _("pending in court")
        ADMISSIBLE = "admissible", _("admissible")
        HEARING_CLOSED = "hearing_closed", _("hearing closed")
        LIABILITY = "liability", _("liability decided")
        REDRESS = "redress", _("redress decided")
        SETTLEMENT_FILED = "settlement_filed", _("settlement before the court")
        APPROVED = "approved", _("settlement approved")
        DISTRIBUTION = "distribution", _("paying out")
        FINAL_ACCOUNT = "final_account", _("final account")
        CLOSED = "closed", _("closed")
        DISMISSED = "dismissed", _("dismissed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        STAYED = "stayed", _("stayed")

    ENDED = (Stage.FINAL_ACCOUNT, Stage.CLOSED, Stage.DISMISSED, Stage.WITHDRAWN)

    slug = models.SlugField(max_length=60, unique=True)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="actions")
    regime_code = models.CharField(max_length=20)
    regime_sha256 = models.CharField(max_length=64, blank=True)  # of the record that the office worked from at loading
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.DRAFT)
    is_published = models.BooleanField(default=False)
    is_illustration = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)  # action.yaml as loaded: texts per language, parties, sources
    questions = models.JSONField(default=list)  # questions.yaml as loaded
    precheck = models.JSONField(null=True, blank=True)  # which of them, and of the record, the pre-check asks
    pack_sha256 = models.CharField(max_length=64, blank=True)
    # Of the criteria in the pack that was loaded last; null: none was since versions are published in the browser too.
    pack_criteria_sha256 = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    loaded_at = models.DateTimeField(auto_now=True)

    names: dict[str, str] | None = None  # where a query reads them alone: claims.access.find_office_role

    class Meta:
        constraints = (
            # The target of the rule that a claim carries the matter of its action (migration 0002).
            models.UniqueConstraint(fields=["id", "matter"], name="action_with_its_matter"),
        )

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> str:
        """The name of the action in the language of the reader."""
        return pick_text(self.names or self.facts.get("name")) or self.slug

    @property
    def has_ended(self) -> bool:
        """Whether nobody can come in any more."""
        return self.stage in self.ENDED

    @property
    def criteria(self) -> "CriteriaVersion | None":
        """The newest published version of the criteria, without its large document: see claims.criteria.read_stored."""
        return self.criteria_versions.defer("document").order_by("-number").first()


class ActionEvent(models.Model):
    """Something that happened, or that the law waits for: then `on` is empty and `text` says what ends the waiting."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="events")
    key = models.SlugField(max_length=60)
    on = models.DateField(null=True, blank=True)
    at = models.TimeField(null=True, blank=True)  # at the court, where somebody entered it
    text = models.JSONField(default=dict)
    source = models.CharField(max_length=500)
    # The version in force where the office entered the event; empty where it is as the pack says.
    entry = models.ForeignKey("claims.EventEntry", models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["action", "key"], name="event_once_per_action"),)

    def __str__(self) -> str:
        return self.key


class CriteriaVersion(models.Model):
    """The criteria, tiers and questions of an action at one time. Never changed: findings are pinned to it."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="criteria_versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(auto_now_add=True)
    # May be null: SQLite then adds the columns in place, without making the table anew under its triggers.
    note = models.CharField(max_length=1000, null=True)  # noqa: DJ001  # why, in the words of who published it
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "number"], name="criteria_version_number_once"),)

    def __str__(self) -> str:
        return f"criteria version {self.number}"


class DeclarationText(models.Model):
    """One declaration in one language and version. Never changed: who accepted it accepted these words."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="declaration_texts")
    kind = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=5)
    prevailing_language = models.CharField(max_length=5)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=500)
    body = models.TextField()
    citation = models.CharField(max_length=500)
    # May be null: SQLite then adds the columns in place, without making the table anew under its triggers.
    accept = models.CharField(max_length=200, null=True)  # noqa: DJ001  # the words beside the box
    is_optional = models.BooleanField(null=True)  # a consent that the claim does not depend on
    sha256 = models.CharField(max_length=64)
    prevailing_text: "DeclarationText | None" = None  # of a translation, where somebody put it there (claims.mandates)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["action", "kind", "version", "language"], name="declaration_once_per_version_and_language"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} version {self.version} ({self.language})"

    @property
    def is_translation(self) -> bool:
        """Whether another language prevails."""
        return self.language != self.prevailing_language

    @property
    def signed_off_by(self) -> str:
        """The lawyer who checked these words, as the pack says now; "" while nobody has."""
        return self.action.facts.get("signed_off", {}).get(self.kind, {}).get(self.language, "")
