"""The last step: a registration becomes a claim, once, and whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import mandates
from claims.answers import seal_answers
from claims.base import history
from claims.base.errors import Refused
from claims.base.references import make_reference, show_reference
from claims.contacts import make_person_key
from claims.counts import add_counts
from claims.criteria import assess_claim, read_stored
from claims.evidence import move_evidence
from claims.intake.days import list_clashing_steps
from claims.intake.drafts import Draft, open_draft
from claims.letters import send_receipt
from claims.models import Action, Claim, Claimant, CriteriaVersion, Registration, Representation, User
from claims.names import renew_names
from claims.quarantine import hold_suspect
from claims.rules.eligibility import Fact, Kind
from claims.rules.steps import SELF, Step, list_missing
from claims.tallies import add_new_claim

PERSON = ("given_name", "family_name", "phone", "street", "postcode", "city", "country")


class NotComplete(Refused):
    """Something is missing without which a claim cannot be sent; `steps` are the pages where it is asked."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__(_("something is still missing"))
        self.steps = steps


def send_registration(registration: Registration, *, by: User, language: str | None = None) -> Claim:
    """Make the claim of a registration and return it; sent a second time, return the same claim.

    `language` is the one that the person reads when sending, where it is not the one of the start: we write in it.
    One transaction: claimant, claim with its first findings, acceptances, counts, receipt and history are all there,
    or nothing is.
    Raises NotComplete, or Refused where this person stands in the matter already (Directive 2020/1828, Art. 9(4)).
    """
    with transaction.atomic():
        held = Registration.objects.select_for_update().get(pk=registration.pk)
        if held.claim is not None:
            return held.claim
        held.action = registration.action  # with its long documents, which are not fetched again
        held.language = language or held.language
        draft = open_draft(held)
        check_complete(draft)
        claim = _create_claim(draft, by=by)
        _close_registration(held, claim)
        send_receipt(claim)
        # Last, with the history: these rows are the same for everybody, so whoever holds them makes all others wait.
        add_counts(claim.action_id, {(claim.habitual_residence, claim.tier, claim.outcome): 1})
        add_new_claim(claim)
        history.record(
            "claim registered", claim, by=by, action=held.action,
            declarations=list(registration.acceptances.values_list("text_id", flat=True)),
        )  # fmt: skip
        hold_suspect(held, claim)
    return claim


def check_complete(draft: Draft) -> None:
    """Raise NotComplete with the steps that lack something, or tell of days that cannot both be right."""
    missing = list_missing(draft.steps, draft.texts)
    missing += [step for step in list_clashing_steps(draft) if step not in missing]
    wanted = mandates.list_wanted(draft.registration.action, draft.values, draft.registration.language)
    accepted = mandates.list_accepted_kinds(draft.registration)
    if any(text.kind not in accepted for text in wanted):
        missing += [step for step in draft.steps if step.name == "declarations"]
    if missing:
        raise NotComplete(missing)


@dataclass(frozen=True)
class Answers:
    """The answers of a draft as a claim keeps them: own words apart, since they are sealed."""

    plain: Mapping[str, Any]
    texts: Mapping[str, str]


def sort_answers(draft: Draft) -> Answers:
    """Return the answers to the questions that were asked and those given by declaring.

    An answer to a question that later fell away is left out: it was said of something else.
    """
    asked = {step.name for step in draft.steps if step.is_question}
    texts, plain = {}, dict[str, Any]()
    for name in sorted(asked & draft.texts.keys()):
        fact, text = draft.facts[name], draft.texts[name]
        if fact.kind == Kind.TEXT:
            texts[name] = text
        elif draft.values[name] is not None:
            plain[name] = _keep_plain(fact, text)
    accepted = mandates.list_accepted_kinds(draft.registration)
    return Answers({**plain, **mandates.answer_by_declaring(draft.registration.action, accepted)}, texts)


def _read_day(draft: Draft, name: str) -> date | None:
    return date.fromisoformat(draft.texts[name]) if draft.texts.get(name) else None


def _keep_plain(fact: Fact, text: str) -> str | int:
    return int(text) if fact.kind == Kind.NUMBER else text


def _create_claim(draft: Draft, *, by: User) -> Claim:
    registration, action = draft.registration, draft.registration.action
    claimant = _find_or_create_claimant(draft, by=by)
    reference, answers = make_reference(), sort_answers(draft)
    claim = Claim(
        action=action, matter_id=action.matter_id, claimant=claimant, reference=reference, channel=Claim.Channel.WEB,
        registered_at=timezone.now(), habitual_residence=draft.texts.get("habitual_residence", ""),
        resident_since=_read_day(draft, "resident_since"),
        answers={**answers.plain, **seal_answers(claimant.data_key, reference, answers.texts)},
    )  # fmt: skip
    _screen_claim(claim, draft.criteria)
    claim.save()
    renew_names(claimant)
    registration.acceptances.update(claim=claim)
    move_evidence(registration.code, to=claimant, by=by)
    return claim


def _screen_claim(claim: Claim, version: CriteriaVersion | None) -> None:
    """Note what the criteria find, as the screening of the whole book does."""
    if version is None:
        return
    claim.findings, claim.outcome, claim.tier = assess_claim(claim, read_stored(version))
    claim.criteria_version, claim.screened_at = version, timezone.now()


def _find_or_create_claimant(draft: Draft, *, by: User) -> Claimant:
    """Return the claimant; one who withdrew before and comes again is the same, with the newer contact data."""
    registration, person_key = draft.registration, _make_person_key(draft, by)
    known = Claimant.objects.select_for_update().filter(person_key=person_key).first() if person_key else None
    if known:
        _refuse_standing(known, registration.action)
    claimant = known or Claimant(data_key=registration.data_key, person_key=person_key)
    for name in PERSON:
        setattr(claimant, name, draft.texts.get(name, ""))
    claimant.user, claimant.email, claimant.language = by, by.email, registration.language
    claimant.birth_date = _read_day(draft, "birth_date")
    claimant.data_key = claimant.data_key or registration.data_key
    claimant.save()
    _keep_representation(claimant, draft)
    return claimant


def _refuse_standing(claimant: Claimant, action: Action) -> None:
    standing = claimant.claims.filter(matter=action.matter_id).exclude(status=Claim.Status.WITHDRAWN).first()
    if standing and standing.action_id == action.pk:
        raise Refused(
            _("this person is registered already, under the reference {reference}").format(
                reference=show_reference(standing.reference)
            )
        )
    if standing:
        raise Refused(
            _("this person already stands in another action of this matter, {action}; the law allows one").format(
                action=standing.action.name
            )
        )


def _make_person_key(draft: Draft, by: User) -> str | None:
    parts = {name: draft.texts.get(name, "") for name in ("given_name", "family_name", "birth_date")}
    return make_person_key(draft.registration.action.matter_id, email=by.email, **parts)


def _keep_representation(claimant: Claimant, draft: Draft) -> None:
    kind = draft.texts.get("capacity", SELF)
    Representation.objects.filter(claimant=claimant).delete()
    if kind != SELF:
        Representation.objects.create(
            claimant=claimant, kind=kind, given_name=draft.texts.get("rep_given_name", ""),
            family_name=draft.texts.get("rep_family_name", ""), since=_read_day(draft, "rep_since"),
        )  # fmt: skip


def _close_registration(registration: Registration, claim: Claim) -> None:
    """Forget the draft: the claim holds what was said, and no second copy stays behind."""
    registration.values.all().delete()
    registration.state, registration.claim = Registration.State.SENT, claim
    registration.sent_at, registration.data_key = claim.registered_at, ""
    registration.save(update_fields=["state", "claim", "sent_at", "data_key", "language"])
