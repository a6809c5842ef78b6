"""A registration that was sent becomes a claim, once, and whole: by a worker, within seconds."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims import mandates
from claims.answers import seal_answers
from claims.base import history
from claims.counts import add_counts
from claims.criteria import assess_claim, read_stored
from claims.duplicates import write_certain_pair
from claims.evidence import Holder, list_evidence, move_evidence
from claims.intake.drafts import Draft, open_draft
from claims.intake.sending import find_standing, make_key
from claims.letters import send_receipt
from claims.models import Claim, Claimant, CriteriaVersion, Registration, Representation
from claims.names import renew_names
from claims.quarantine import hold_suspect
from claims.rules.eligibility import Fact, Kind
from claims.rules.steps import SELF
from claims.rules.suspicion import STANDS_ELSEWHERE
from claims.tallies import add_new_claim

PERSON = ("given_name", "family_name", "phone", "street", "postcode", "city", "country")
AGAIN_AFTER = timedelta(minutes=1)  # what could not be entered is tried again, and the office sees how many wait
BATCH = 200
logger = logging.getLogger(__name__)


def enter_registrations() -> int:
    """Make the claims of all registrations that were sent, and return how many. Can run twice, and at once with itself.

    One that cannot be entered keeps no other waiting: it stays, with its time, and is tried again.
    """
    entered = 0
    last: tuple[datetime | None, int] = (datetime.min.replace(tzinfo=UTC), 0)
    while waiting := list(_list_waiting(*last)):
        entered += sum(_enter_safely(pk) for _at, pk in waiting)
        last = waiting[-1]
    return entered


def _list_waiting(sent_at: datetime | None, pk: int) -> QuerySet[Registration, tuple[datetime | None, int]]:
    """Return when the next registrations after this one were sent, and their ids, in the order of sending."""
    later = Q(sent_at__gt=sent_at) | Q(sent_at=sent_at, pk__gt=pk)
    due = Q(failed_at=None) | Q(failed_at__lt=timezone.now() - AGAIN_AFTER)
    rows = Registration.objects.filter(later, due, state=Registration.State.SENT).order_by("sent_at", "pk")
    return rows.values_list("sent_at", "pk")[:BATCH]


def _enter_safely(pk: int) -> bool:
    try:
        return enter_registration(pk) is not None
    except Exception:  # whatever it is: what was acknowledged stays
        logger.exception("registration %s could not be entered", pk)
        Registration.objects.filter(pk=pk).update(failed_at=timezone.now())
        return False


@transaction.atomic
def enter_registration(pk: int) -> Claim | None:
    """Make the claim of a registration that was sent, and return it; None where another worker does or did.

    One transaction: claimant, claim with its first findings, acceptances, counts, receipt and history are all there,
    or nothing is. Where the person came into the matter on another way since (an import), the claim is made all the
    same, since it was acknowledged, and put before the office.
    """
    rows = Registration.objects.select_for_update(of=("self",), skip_locked=True).select_related("action", "user")
    held = rows.filter(pk=pk, state=Registration.State.SENT).first()
    if held is None:
        return None
    draft = open_draft(held)
    standing = find_standing(make_key(draft, held.user), held.action)
    claim = _create_claim(draft, is_second=standing is not None)
    _close_registration(held, claim)
    send_receipt(claim)
    # Last, with the history: these rows are the same for everybody, so whoever holds them makes all others wait.
    add_counts(claim.action_id, {(claim.habitual_residence, claim.tier, claim.outcome): 1})
    add_new_claim(claim)
    history.record(
        "claim registered", claim, by=held.user, action=held.action,
        declarations=list(claim.acceptances.order_by("pk").values_list("text_id", flat=True)),
    )  # fmt: skip
    is_elsewhere = standing is not None and standing.action_id != claim.action_id
    hold_suspect(held, claim, also=[STANDS_ELSEWHERE] if is_elsewhere else [])
    if standing and not is_elsewhere:
        write_certain_pair(standing, claim)
    return claim


@dataclass(frozen=True)
class Answers:
    """The answers of a draft as a claim keeps them: own words apart, since they are sealed."""

    plain: Mapping[str, Any]
    texts: Mapping[str, str]


def sort_answers(draft: Draft) -> Answers:
    """Return the answers to the questions that were asked and those given by declaring.

    An answer to a question that later fell away is left out: it was said of something else.
    """
    asked = {name for step in draft.steps if step.is_question for name in step.fields}
    texts, plain = {}, dict[str, Any]()
    for name in sorted(asked & draft.texts.keys()):
        fact, text = draft.facts[name], draft.texts[name]
        if fact.kind == Kind.TEXT:
            texts[name] = text
        elif draft.values[name] is not None:
            plain[name] = _keep_plain(fact, text)
    return Answers(
        {**plain, **draft.represented, **mandates.answer_by_declaring(draft.registration.action, draft.accepted)}, texts
    )


def _read_day(draft: Draft, name: str) -> date | None:
    return date.fromisoformat(draft.texts[name]) if draft.texts.get(name) else None


def _keep_plain(fact: Fact, text: str) -> str | int:
    return int(text) if fact.kind == Kind.NUMBER else text


def _create_claim(draft: Draft, *, is_second: bool) -> Claim:
    registration, action = draft.registration, draft.registration.action
    assert registration.sent_at is not None  # only what was sent comes here
    claimant, answers = _find_or_create_claimant(draft, is_second=is_second), sort_answers(draft)
    claim = Claim(
        action=action, matter_id=action.matter_id, claimant=claimant, reference=registration.reference,
        channel=Claim.Channel.WEB, registered_at=registration.sent_at,
        habitual_residence=draft.texts.get("habitual_residence", ""), resident_since=_read_day(draft, "resident_since"),
        answers={**answers.plain, **seal_answers(claimant.data_key, registration.reference, answers.texts)},
    )  # fmt: skip
    _screen_claim(claim, draft.criteria)
    claim.save(force_insert=True)
    renew_names(claimant)
    registration.acceptances.exclude(text__kind__in=draft.accepted).delete()  # an answer contradicts it by now
    registration.acceptances.update(claim=claim)
    if list_evidence(Holder(registration_code=registration.code)).exists():
        move_evidence(registration.code, to=claimant, by=registration.user)
    return claim


def _screen_claim(claim: Claim, version: CriteriaVersion | None) -> None:
    """Note what the criteria find, as the screening of the whole book does."""
    if version is None:
        return
    claim.findings, claim.outcome, claim.tier = assess_claim(claim, read_stored(version))
    claim.criteria_version, claim.screened_at = version, timezone.now()


def _find_or_create_claimant(draft: Draft, *, is_second: bool) -> Claimant:
    """Return the claimant; one who withdrew before and comes again is the same, with the newer contact data.

    A second one of a person who stands is somebody of whom nothing is said (no key) until the office has looked.
    """
    registration = draft.registration
    key = None if is_second else make_key(draft, registration.user)  # the address may have changed since
    known = Claimant.objects.select_for_update(no_key=True).filter(person_key=key).first() if key else None
    claimant = known or Claimant(data_key=registration.data_key, person_key=key)
    for name in PERSON:
        setattr(claimant, name, draft.texts.get(name, ""))
    claimant.user, claimant.email, claimant.language = registration.user, registration.user.email, registration.language
    claimant.birth_date = _read_day(draft, "birth_date")
    claimant.data_key = claimant.data_key or registration.data_key
    claimant.save()
    if known:
        Representation.objects.filter(claimant=known).delete()
    _keep_representation(claimant, draft)
    return claimant


def _keep_representation(claimant: Claimant, draft: Draft) -> None:
    kind = draft.texts.get("capacity", SELF)
    if kind != SELF:
        Representation.objects.create(
            claimant=claimant, kind=kind, given_name=draft.texts.get("rep_given_name", ""),
            family_name=draft.texts.get("rep_family_name", ""), since=_read_day(draft, "rep_since"),
        )  # fmt: skip


def _close_registration(registration: Registration, claim: Claim) -> None:
    """Forget the draft: the claim holds what was said, and no second copy stays behind."""
    registration.values.all().delete()
    registration.state, registration.claim = Registration.State.ENTERED, claim
    registration.data_key, registration.person_key, registration.checked = "", None, ""
    registration.save(update_fields=["state", "claim", "data_key", "person_key", "checked"])
