"""A person is forgotten, or the use of their data restricted: what the law lets go at once, and what it holds.

Erased means: the data key is forgotten, so that what it sealed opens nowhere, in no backup either; columns are blank,
files, mails and codes are gone. The history stays whole, since it never held anything of the person. The claim stays
as a withdrawn row with its reference, so that numbers which were reported still add up.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims import evidence
from claims.base import codes, history, mails
from claims.base.addresses import make_address_key
from claims.base.errors import Refused
from claims.contacts import list_own_mails
from claims.duplicates import (
    find_joining_day,
    forget_claims,
    hold_family,
    leave,
    list_family,
    list_same_people,
    tell_released,
)
from claims.erasures import CLAIMANT, REGISTRATION, note_erasures
from claims.evidence import Holder
from claims.imports.erased import note_erased_rows
from claims.models import (
    Acceptance,
    Claim,
    Claimant,
    Evidence,
    FormerAddress,
    FormerAnswer,
    JoiningProof,
    Mail,
    Registration,
    Representation,
    User,
)
from claims.names import forget_names
from claims.review.forgetting import forget_review

REASON = gettext_lazy("Somebody who is signed in wants to erase a claim and all data about it. This cannot be undone.")
# What apps to the right keep of claims, they erase themselves: each is called with the ids, inside the transaction.
ERASERS: list[Callable[[Sequence[int]], None]] = []
NAMES = ("given_name", "family_name", "email", "phone", "street", "postcode", "city", "country", "language", "data_key")
NOTHING_OF_A_CLAIM: dict[str, Any] = {
    "answers": {}, "habitual_residence": "", "resident_since": None, "external_ref": "", "content_key": "",
    "criteria_version": None, "findings": "", "outcome": "", "tier": "", "screened_at": None,
}  # fmt: skip


def is_held(claimant: Claimant) -> bool:
    """Whether a court action that has not ended needs the data (Article 17(3)(e) GDPR): then they are restricted."""
    claims = Claim.objects.filter(claimant=claimant).select_related("action")
    return any(not claim.action.has_ended and find_joining_day(claim) for claim in claims)


def send_erasure_code(user: User, claim: Claim) -> None:
    """Send the code without which nothing is erased. Raises codes.TooManyCodes."""
    codes.send_code(
        user.email, purpose=name_purpose(claim.claimant), language=get_language() or "en", reason=REASON,
        find_path=lambda token: reverse("claims:my-erase-link", args=[claim.reference, token]),
    )  # fmt: skip


def name_purpose(claimant: Claimant) -> str:
    """Return what such a code is for: this claimant and no other."""
    return f"erase claimant {claimant.pk}"


@transaction.atomic
def restrict_claimant(claimant: Claimant, *, by: User) -> None:
    """Restrict the use of the data to the court action (Article 18 GDPR). Done again, it changes nothing.

    Mails are about the claim alone and numbers name nobody, so both go on. The office sees that it is so.
    """
    fresh = Claimant.objects.filter(pk=claimant.pk, restricted_at=None)
    if fresh.update(restricted_at=timezone.now()) == 1:
        history.record("use restricted", claimant, by=by, action=claimant.find_action())


@transaction.atomic
def erase_claimant(claimant: Claimant, *, by: User | None) -> None:
    """Forget a person in one matter, with all claims, files, mails, codes and registrations not sent.

    A claim that stands is withdrawn with it; claims of others that were merged into it stand again. Raises Refused
    while a court action holds the data.
    """
    _hold_all(claimant)
    claims = list(Claim.objects.filter(claimant=claimant).order_by("pk"))
    held = Claimant.objects.get(pk=claimant.pk)
    if is_held(held):
        raise Refused(_("You have joined the court action, and it needs your data until it has ended."))
    user, ids = held.user, [claim.pk for claim in claims]
    released = [row for claim in claims if claim.status != Claim.Status.WITHDRAWN for row in leave(claim)]
    forget_review(ids)
    for erase in ERASERS:
        erase(ids)
    for person in list_same_people(ids, user):  # claims that were merged into these
        erase_claimant(person, by=by)
    forget_claims(ids)
    evidence.erase_evidence(_list_files(held), by=by)
    _erase_registrations(Registration.objects.filter(claim__in=ids), by=by)
    if user:
        _erase_registrations(_list_unfinished(user, held, {claim.action_id for claim in claims}), by=by)
    Acceptance.objects.filter(claim__in=ids).delete()
    FormerAnswer.objects.filter(claim__in=ids).delete()
    JoiningProof.objects.filter(claim__in=ids).delete()  # the register knows the person by its reference
    Representation.objects.filter(claimant=held).delete()
    forget_names(ids)
    note_erased_rows(claims)
    Claim.objects.filter(pk__in=ids).update(**NOTHING_OF_A_CLAIM)
    address = held.email
    _blank(held)
    _erase_post(user, [address], [claim.reference for claim in claims])
    if user:
        forget_account(user)
    tell_released(released, by=by)
    history.record(CLAIMANT, held, by=by, action=held.find_action(), claims=ids)
    transaction.on_commit(note_erasures)


def _hold_all(claimant: Claimant) -> None:
    """Lock all that is touched, of all people who may go with this one, in the order in which everybody does.

    First what was sent, as a worker does that enters it: none becomes a claim that is not seen here.
    """
    ids = list(claimant.claims.values_list("pk", flat=True))
    family = list_family(ids, with_people=True)
    people = Claimant.objects.filter(Q(pk=claimant.pk) | Q(claims__in=family)).distinct().order_by("pk")
    _hold_sent(people)
    held = hold_family(ids, with_people=True)
    rows = Claimant.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(rows.filter(pk__in={claimant.pk, *(claim.claimant_id for claim in held.values())}))


def _hold_sent(people: Iterable[Claimant]) -> None:
    """Wait for workers that make a claim of these people, and keep others from beginning."""
    own = Q(pk=None)
    for person in people:
        own |= Q(person_key=person.person_key) if person.person_key else Q(pk=None)
        own |= Q(user=person.user_id) if person.user_id else Q(pk=None)
    rows = Registration.objects.select_for_update().filter(own, state=Registration.State.SENT)
    list(rows.order_by("pk").values_list("pk"))


def _list_unfinished(user: User, person: Claimant, actions: Iterable[int]) -> QuerySet[Registration]:
    """Return what the account has not sent, and what it has sent for this person; of another one it is a claim."""
    own = Q(state=Registration.State.SENT, person_key=person.person_key) if person.person_key else Q(pk=None)
    return Registration.objects.filter(Q(state=Registration.State.OPEN) | own, user=user, action__in=list(actions))


def _list_files(claimant: Claimant) -> list[Evidence]:
    return list(evidence.list_evidence(Holder(owner=claimant)))


@transaction.atomic
def erase_registration(registration: Registration, *, by: User | None) -> None:
    """Forget a registration that is no claim yet: nothing holds it. A person can ask for it until it is sent.

    Raises Refused where it was sent meanwhile, in another tab: what was acknowledged stays.
    """
    held = Registration.objects.select_for_update(of=("self",)).select_related("action").filter(pk=registration.pk)
    draft = held.first()
    if draft and by is not None and draft.state != Registration.State.OPEN:
        raise Refused(_("this registration has been sent in the meantime"))
    if draft and draft.state != Registration.State.ENTERED:
        _erase_registrations([draft], by=by)
    forget_account(registration.user)
    transaction.on_commit(note_erasures)


def _erase_registrations(registrations: Iterable[Registration], *, by: User | None) -> None:
    for registration in registrations:
        files = list(evidence.list_evidence(Holder(registration_code=registration.code)))
        evidence.erase_evidence(files, by=by)
        Acceptance.objects.filter(registration=registration, claim=None).delete()
        history.record(REGISTRATION, registration, by=by, action=registration.action, code=str(registration.code))
        registration.delete()


def _blank(held: Claimant) -> None:
    blank = dict.fromkeys(NAMES, "")
    Claimant.objects.filter(pk=held.pk).update(
        **blank, birth_date=None, person_key=None, user=None, restricted_at=None, erased_at=timezone.now()
    )


def _erase_post(user: User | None, addresses: Iterable[str], references: Iterable[str]) -> None:
    """Delete mails and codes; where others or other claims are under an address, only the mails about these."""
    known = {address for address in (*addresses, user.email if user else "") if address}
    own = list_own_mails(user, known)
    keys = {make_address_key(address) for address in known}
    if user:
        keys |= set(user.former_addresses.values_list("address_key", flat=True))
    shared = keys if user and _has_anything(user) else _list_shared(known, own)
    about = Q(pk=None)
    for reference in references:
        about |= Q(text__contains=reference) | Q(html__contains=reference)
    own.filter(about | ~Q(to_key__in=shared)).delete()
    for key in keys - shared:
        codes.erase_codes_by_key(key)
        transaction.on_commit(partial(mails.erase_mail_files, key))


def _list_shared(addresses: Iterable[str], own: QuerySet[Mail]) -> set[str]:
    """Return the keys of those addresses under which somebody else is registered, as in a family.

    A former address may be another account's by now, whose mails are not among these: there, only who has none counts.
    """
    now, ever = ([text.lower() for text in texts] for texts in (addresses, own.values_list("to", flat=True)))
    people = Claimant.objects.alias(address=Lower("email")).filter(erased_at=None)
    found = people.filter(Q(address__in=now) | Q(address__in=ever, user=None))
    return {make_address_key(address) for address in found.values_list("email", flat=True)}


def _has_anything(user: User) -> bool:
    """Whether the account is needed for something else: another claim, a registration not sent, work in the office."""
    drafts = Registration.objects.filter(user=user)
    return user.claimants.exists() or drafts.exists() or user.roles.exists()


def forget_account(user: User) -> None:
    """Close the account and blank it, unless something else needs it. The row stays: the history names its id."""
    if _has_anything(user):
        return
    _erase_post(user, [], [])
    EmailAddress.objects.filter(user_id=user.pk).delete()
    FormerAddress.objects.filter(user=user).delete()
    user.email, user.name, user.is_active, user.last_login = f"erased-{user.pk}@erased.invalid", "", False, None
    user.set_unusable_password()
    user.save()
