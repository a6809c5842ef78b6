"""The lines of the list of claims: the claims with all that a line shows, and those that an address names."""

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from claims.models import Action, Claim, Deficiency

SHOWN = (
    "reference", "status", "outcome", "findings", "tier", "habitual_residence", "registered_at", "joined_on",
    "claimant__given_name", "claimant__family_name", "claimant__erased_at", "quarantine__released_at",
    "assignment__user__name",
)  # fmt: skip


def fetch_claims(ids: Sequence[int]) -> list[Claim]:
    """Return these claims with all that a line of the list shows, in this order."""
    asked = Deficiency.objects.filter(claim=OuterRef("pk"), closed_at__isnull=True)  # a claim has one at most
    claims = Claim.objects.filter(pk__in=ids).select_related("claimant", "quarantine", "assignment__user")
    claims = claims.only(*SHOWN).annotate(asked_until=Subquery(asked.values("until")[:1]))
    found = {claim.pk: claim for claim in claims}
    return [found[pk] for pk in ids if pk in found]


def list_all(action: Action) -> QuerySet[Claim]:
    """Return all claims of an action that was found for the reader."""
    return Claim.objects.filter(action=action)


def name_claim(pk: int | None) -> str:
    """Return the reference of the claim at which a long look stopped; "" where it did not."""
    return Claim.objects.values_list("reference", flat=True).get(pk=pk) if pk else ""
