"""The people in the book."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from claims.models.actions import Action


class Claimant(models.Model):
    """A natural person who is represented in one matter. Not a party to the suit.

    A person in two matters is two claimants: nothing told for one case reaches the other, or those who work on it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="claimants")
    given_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=5, blank=True)
    data_key = models.CharField(max_length=120, blank=True)  # wrapped; forgetting it erases what it seals
    # A blind index of matter, name, date of birth and e-mail; null while one is unknown: unknown is never "the same".
    person_key = models.CharField(max_length=32, null=True, blank=True)  # noqa: DJ001

    restricted_at = models.DateTimeField(null=True, blank=True)  # Article 18 GDPR: from then on for the action alone
    erased_at = models.DateTimeField(null=True, blank=True)  # nothing of the person is left; the row holds its claims

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person_key"], condition=models.Q(person_key__isnull=False), name="claimant_person_once"
            ),
        )
        indexes = (models.Index(Lower("email"), name="claimant_by_email"),)

    def __str__(self) -> str:
        return f"claimant {self.pk}"  # never the name: it would reach logs

    def find_action(self) -> Action | None:
        """Return the action of the newest claim: where the office reads what was done with the data of this person."""
        claim = self.claims.select_related("action").order_by("-pk").first()
        return claim.action if claim else None

    @property
    def full_name(self) -> str:
        """Given and family name; one of them may be missing."""
        return f"{self.given_name} {self.family_name}".strip()
