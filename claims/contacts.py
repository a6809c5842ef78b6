"""How a claimant is reached: changed by the person, and who a person is in a matter follows."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.vault import make_blind_index
from claims.models import Claimant
from claims.rules.claimrows import fold_person


def make_person_key(matter_id: int, *, given_name: str, family_name: str, email: str, birth_date: str) -> str | None:
    """Return the blind index by which a person is found again in a matter; None while a part is unknown."""
    person = fold_person(given_name, family_name, email, birth_date)
    return make_blind_index(person, purpose=f"person of matter {matter_id}") if person else None


def renew_person_key(claimant: Claimant, matter_id: int) -> None:
    """Write the index anew after a part of it changed. Raises Refused where that person is in the matter already."""
    key = make_person_key(
        matter_id, given_name=claimant.given_name, family_name=claimant.family_name, email=claimant.email,
        birth_date=claimant.birth_date.isoformat() if claimant.birth_date else "",
    )  # fmt: skip
    try:
        with transaction.atomic():
            Claimant.objects.filter(pk=claimant.pk).update(person_key=key)
    except IntegrityError:
        raise Refused(_("the same person is registered already, with this name, date of birth and e-mail")) from None
    claimant.person_key = key
