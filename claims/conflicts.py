"""Nobody decides about the own claim, and nobody with a claim in a matter is given a role in it.

A claim that came in by a file is the own one by its address, until an account holds it.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.models import Action, Claim, Claimant, Role, User


def is_own(claim: Claim, person: User | None) -> bool:
    """Whether a claim is of this person as a claimant."""
    if person is None or person.pk is None:
        return False
    claimant = claim.claimant
    return claimant.user_id == person.pk if claimant.user_id else claimant.email.lower() == person.email.lower()


def check_not_own(*claims: Claim, by: User | None) -> None:
    """Raise Refused where somebody would decide about the own claim, uncover it or merge it."""
    if any(is_own(claim, by) for claim in claims):
        raise Refused(_("This is your own claim: somebody else has to look at it and decide."))


def list_own_ids(claims: Iterable[Claim], person: User) -> set[int]:
    """Return which of many claims are of this person, in one query."""
    own = set(_list_own_claimants(person).values_list("pk", flat=True))
    return {claim.pk for claim in claims if claim.claimant_id in own}


def _list_own_claimants(person: User) -> QuerySet[Claimant]:
    people = Claimant.objects.alias(address=Lower("email"))
    return people.filter(Q(user=person) | Q(user=None, address=person.email.lower()))


def list_worked_matters(user: User) -> set[int]:
    """Return the matters on which somebody works now: there is no claim of their own in them."""
    return set(Role.objects.current().filter(user=user).values_list("action__matter_id", flat=True))


class HasClaim(Refused):
    """Somebody has a claim in the matter. The words are for who runs the server: administrators see no claim."""


def check_has_no_claim(user: User, action: Action) -> None:
    """Raise HasClaim where somebody who is to work in an action has a claim in its matter that was not withdrawn."""
    claims = Claim.objects.filter(claimant__in=_list_own_claimants(user), matter=action.matter_id)
    if claims.exclude(status=Claim.Status.WITHDRAWN).exists():
        raise HasClaim(_("this person has a claim in this matter, and nobody works on a matter and claims in it"))
