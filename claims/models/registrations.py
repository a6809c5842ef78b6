"""Registrations: a claim on its way in, saved step by step, until it is sent."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.actions import Action, DeclarationText
from claims.models.claimants import Claimant
from claims.models.claims import Claim


class Registration(models.Model):
    """What a person has told us so far for one claim in one action.

    It belongs to whoever proved the e-mail address; nobody else ever sees it, the office neither. It is no claim: it
    is never counted, screened or filed. Once entered it only says which claim came of it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("not sent yet")
        SENT = "sent", _("sent")  # acknowledged: a worker makes its claim within seconds (claims.intake.entering)
        ENTERED = "entered", _("entered as a claim")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    language = models.CharField(max_length=5)
    data_key = models.CharField(max_length=120, blank=True)
    # What was noticed when it was started (claims.rules.suspicion); null: started before anybody looked.
    score = models.PositiveSmallIntegerField(null=True)
    reasons = models.JSONField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    checked = models.CharField(max_length=120, blank=True)  # for which answers and action all was found complete
    open_until = models.DateTimeField(null=True)  # as of that check; null: nobody knows an end
    person_key = models.CharField(max_length=32, null=True)  # noqa: DJ001  # who it is about, until there is a claimant
    sent_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=12, blank=True)  # of the claim, from the moment of sending on
    failed_at = models.DateTimeField(null=True)  # when a worker could not enter it: tried again, and told of
    warned_at = models.DateTimeField(null=True)  # when its owner was told that it is deleted soon, as it was not sent
    warning = models.PositiveBigIntegerField(null=True)  # the mail that told them; null: none can be written there
    claim = models.OneToOneField(Claim, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            # Two tabs and two devices write on one and the same; another person of the family comes after it is sent.
            models.UniqueConstraint(
                fields=["action", "user"], condition=models.Q(state="open"), name="registration_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", sent_at__isnull=True)
                | models.Q(state="sent", sent_at__isnull=False) & ~models.Q(reference="")
                | models.Q(state="entered", sent_at__isnull=False, data_key="", person_key__isnull=True),
                name="registration_sent_with_time",
            ),
            models.UniqueConstraint(
                fields=["person_key"], condition=models.Q(state="sent"), name="registration_person_once"
            ),
        )
        indexes = (
            models.Index(fields=["sent_at", "id"], condition=models.Q(state="sent"), name="registration_waiting"),
        )

    def __str__(self) -> str:
        return f"registration {self.code}"


class RegistrationValue(models.Model):
    """One value of a registration, sealed. It is written anew each time that its step is saved."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="values", db_index=False)
    name = models.CharField(max_length=60)
    sealed = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["registration", "name"], name="registration_value_once"),)

    def __str__(self) -> str:
        return self.name


class Acceptance(models.Model):
    """One declaration that one person accepted: these words, in this language, at this time.

    Never changed, but for when an optional one was taken back; given anew, it is a new row.
    """

    registration = models.ForeignKey(
        Registration, models.SET_NULL, null=True, related_name="acceptances", db_index=False
    )
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="acceptances")
    text = models.ForeignKey(DeclarationText, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)  # a consent only (claims.consents)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["registration", "text"], name="acceptance_once_per_registration"),
            models.CheckConstraint(
                condition=models.Q(registration__isnull=False) | models.Q(claim__isnull=False),
                name="acceptance_of_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"acceptance of {self.text}"


class Representation(models.Model):
    """Who acts for a claimant, and by what right. The claimant stays the person whose data were used."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", _("for a child, as the person who has custody")
        REPRESENTATIVE = "representative", _("for another adult, with a written mandate")
        HEIR = "heir", _("for a person who has died, as an heir")

    claimant = models.OneToOneField(Claimant, models.CASCADE, related_name="representation")
    kind = models.CharField(max_length=20, choices=Kind)
    given_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True)  # when the last custodian agreed, the mandate was signed, the person died

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=["guardian", "representative", "heir"]), name="representation_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of claimant {self.claimant_id}"

    @property
    def full_name(self) -> str:
        """The name of whoever acts, as far as it is known."""
        return f"{self.given_name} {self.family_name}".strip()
