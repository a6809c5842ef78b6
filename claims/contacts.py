"""How a claimant is reached: address, phone and language at once, an e-mail address once it is proven."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims.base import codes, history, mails
from claims.base.addresses import check_address, make_address_key
from claims.base.errors import Refused
from claims.base.shown import Together, make_digests, put_together
from claims.base.vault import make_blind_index
from claims.models import Claim, Claimant, FormerAddress, Mail, Registration, Representation, User
from claims.rules.claimrows import fold_person

CONTACT = ("street", "postcode", "city", "country", "phone", "language")
REASON = gettext_lazy("Somebody wants to use this e-mail address for a claim from now on.")
SAME_PERSON = gettext_lazy("the same person is registered already, with this name, date of birth and e-mail")


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
        raise Refused(str(SAME_PERSON)) from None
    claimant.person_key = key


def renew_missing_keys() -> dict[str, int]:
    """Give people of one name the index that they did not get in the past; return how many have one now.

    `twice` are those whom somebody in the matter already is: they stay as they are, and the search for duplicates
    finds them.
    """
    one_name = Q(given_name="", family_name__gt="") | Q(given_name__gt="", family_name="")
    people = Claimant.objects.filter(one_name, person_key=None, birth_date__isnull=False, email__gt="")
    matters = dict(people.values_list("pk", "claims__matter"))  # a claimant is in one matter
    done = {"renewed": 0, "twice": 0}
    for claimant in list(people):
        if (matter := matters.get(claimant.pk)) is None:
            continue
        try:
            renew_person_key(claimant, matter)
            done["renewed"] += 1
        except Refused:
            done["twice"] += 1
    return done


def find_representation(claimant: Claimant) -> Representation | None:
    """Return who acts for a claimant; None where people act for themselves."""
    return Representation.objects.filter(claimant=claimant).first()


def list_contact_digests(claimant: Claimant) -> dict[str, str]:
    """Return field -> digest of what is kept, for the page of the contact data to carry."""
    return make_digests(_list_contact(claimant), place=_name_page(claimant))


@transaction.atomic
def change_contact(
    claimant: Claimant, texts: Mapping[str, str], *, by: User, shown: Mapping[str, str] | None = None
) -> Together:
    """Save what changed of address, phone and language.

    What was not touched on the page, by what it had `shown`, keeps what another tab saved. The history gets the names
    of the fields, never a value. Name and date of birth are changed by the office, on proof.
    """
    held = Claimant.objects.select_for_update(of=("self",), no_key=True).get(pk=claimant.pk)
    wanted, kept = {name: texts[name] for name in CONTACT if name in texts}, _list_contact(held)
    together = put_together(wanted, held=kept, shown=shown or {}, place=_name_page(held))
    changed = {name: text for name, text in together.texts.items() if text != kept[name]}
    if changed:
        Claimant.objects.filter(pk=held.pk).update(**changed)
        history.record("contact changed", held, by=by, action=held.find_action(), fields=list(changed))
    return together


def _list_contact(claimant: Claimant) -> dict[str, str]:
    return {name: getattr(claimant, name) for name in CONTACT}


def _name_page(claimant: Claimant) -> str:
    return f"contact of claimant {claimant.pk}"


def send_address_code(user: User, address: str) -> None:
    """Send a code to the address that a user wants from now on. Nothing changes yet. Raises codes.TooManyCodes."""
    codes.send_code(
        address, purpose=name_purpose(user), language=get_language() or "en", reason=REASON,
        find_path=lambda token: reverse("claims:my-email-link", args=[token]),
    )  # fmt: skip


def name_purpose(user: User) -> str:
    """Return what such a code is for: it works for the account that asked for it and no other."""
    return f"change e-mail of {user.pk}"


def _tell_contact(held: list[Claimant]) -> dict[str, Any]:
    """Return where a person of the office can be reached, for a mail that is about no single claim."""
    claims = Claim.objects.filter(claimant__in=held).select_related("action").order_by("-registered_at")
    found = (claim.action.facts.get("contact") for claim in claims)
    return {"contact": next((contact for contact in found if contact), None)}


@transaction.atomic
def change_email(user: User, address: str) -> None:
    """Take a proven address for the account and for all claims that it holds; the old address gets a notice.

    Raises Refused where another account has it, or the same person is registered with it already.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    old, new = user.email, check_address(address).lower()
    if new == old:
        return
    if User.objects.filter(email=new).exclude(pk=user.pk).exists():
        raise Refused(_("There is an account with this address already. Sign in with it, or choose another address."))
    User.objects.filter(pk=user.pk).update(email=new)
    # What was checked under the old address holds no more: the address is a part of who a registration is about.
    Registration.objects.filter(user=user, state=Registration.State.OPEN).update(checked="")
    held = list(Claimant.objects.select_for_update(of=("self",), no_key=True).filter(user=user).order_by("pk"))
    for claimant in held:
        _move_address(claimant, new)
    mails.queue_mail(
        old, kind="moved", language=held[0].language if held else get_language() or "en", context=_tell_contact(held)
    )
    FormerAddress.objects.update_or_create(
        user=user, address_key=make_address_key(old), defaults={"until": timezone.now()}
    )
    for claimant in held:
        history.record("e-mail changed", claimant, by=user, fields=["email"])
    history.record("e-mail changed", user, by=user, fields=["email"])


def _move_address(claimant: Claimant, new: str) -> None:
    claimant.email = new
    Claimant.objects.filter(pk=claimant.pk).update(email=new)
    matter = Claim.objects.filter(claimant=claimant).values_list("matter_id", flat=True).first()
    if matter:
        renew_person_key(claimant, matter)


def list_own_mails(user: User | None, addresses: Iterable[str]) -> QuerySet[Mail]:
    """Return the mails to a person: to these addresses, and to former ones as long as they were this person's.

    An address may have been somebody else's account before; what went there then is not this person's.
    """
    mine = Q(pk=None)
    for key in {make_address_key(address) for address in addresses if address}:
        others = FormerAddress.objects.filter(address_key=key).exclude(user=user)
        taken_over = others.aggregate(until=Max("until"))["until"]
        mine |= Q(to_key=key, made_at__gt=taken_over) if taken_over else Q(to_key=key)
    for former in FormerAddress.objects.filter(user=user) if user else ():
        mine |= Q(to_key=former.address_key, made_at__lte=former.until)
    return Mail.objects.filter(mine)
