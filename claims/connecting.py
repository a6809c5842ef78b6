"""A claim that came in by a file or on paper has no account. Whoever reads its e-mail and knows the birthday opens it.

The address alone is not enough: it was typed by somebody else, and a family may share it.
"""

from datetime import date

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from claims.accounts import find_or_make_user
from claims.base import history
from claims.base.errors import Refused
from claims.base.limits import Rate
from claims.conflicts import list_worked_matters
from claims.models import Claim, Claimant, User
from claims.models.claims import ClaimQuerySet

PURPOSE = "connect"  # of the code that proves the address
TRIES = Rate(at_once=5, an_hour=5 / 24)  # birthdays are few: five tries a day


def list_unconnected(address: str) -> ClaimQuerySet:
    """Return the claims with this e-mail address that no account holds."""
    claims = Claim.objects.alias(address=Lower("claimant__email")).filter(address=address.strip().lower())
    return claims.filter(claimant__user=None, claimant__erased_at=None)


@transaction.atomic
def connect_claims(address: str, *, born_on: date) -> tuple[User, list[Claim]] | None:
    """Give the account of a proven address the claims of the person who was born on that day, and return both.

    None where there is no such claim, and then no account is made: unknown birthdays match nobody, so the office has
    to add them first. Raises Refused where more than one person is meant, as twins may be, where the account is
    closed, and where it belongs to somebody who works on the matter.
    """
    found = list_unconnected(address).filter(claimant__birth_date=born_on)
    people = Claimant.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    held = list(people.filter(pk__in=found.values("claimant"), user=None, erased_at=None))
    if not held:
        return None
    if len({person.full_name.casefold() for person in held}) > 1:
        raise Refused(_("More than one person has this address and this day of birth. Please write to the office."))
    user = find_or_make_user(address)
    if not user.is_active:
        raise Refused(_("This account is closed"))
    claims = list(Claim.objects.filter(claimant__in=held).select_related("claimant", "action").order_by("pk"))
    worked = list_worked_matters(user)
    claims = [claim for claim in claims if claim.matter_id not in worked]
    if not claims:
        raise Refused(_("You work on this matter: ask the office to keep your own claim under another address."))
    Claimant.objects.filter(pk__in={claim.claimant_id for claim in claims}).update(user=user)
    for claim in claims:
        history.record("claim connected", claim, by=user, action=claim.action)
    return user, claims
