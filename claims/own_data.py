"""All that we hold about a person, for that person: Articles 15 and 20 GDPR. Files and pages show it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import evidence
from claims.answers import list_answers, list_former, read_text_answer
from claims.base import history, vault
from claims.connecting import list_unconnected
from claims.contacts import find_representation, list_own_mails
from claims.criteria import list_findings
from claims.evidence import Holder
from claims.intake import read_values
from claims.intake.questions import list_person_questions
from claims.mandates import list_acceptances
from claims.models import Acceptance, Action, Claim, Claimant, Mail, Registration, User
from claims.models.actions import pick_text
from claims.review.periods import EVIDENCE
from claims.review.telling import find_told_status, list_told, list_untold_mails
from claims.rules.steps import SELF
from claims.sentences import name_facts
from claims.timeline import list_happenings

SCHEMA = "own-data/1"
SHARED = 50  # claims of others under the same address, as in a family, whose mails are left out
# What each key of the file means; `[]` stands for each item of a list. Keys are never renamed within a version.
KEYS = {
    "schema": "name and version of this format",
    "made_at": "when the file was made (ISO 8601, with zone); all times are of that form, all days are YYYY-MM-DD",
    "keys": "this list",
    "account.email": "the address with which you sign in",
    "account.name": "the name of the account, where there is one",
    "account.joined_at": "when the account was made",
    "account.last_login": "when somebody last signed in with it",
    "people[].given_name": "given names of the person whose claim it is",
    "people[].family_name": "family name",
    "people[].birth_date": "date of birth",
    "people[].email": "e-mail address",
    "people[].phone": "telephone",
    "people[].street": "street and number",
    "people[].postcode": "postcode",
    "people[].city": "town",
    "people[].country": "country of the address (ISO 3166-1 alpha-2, as everywhere)",
    "people[].language": "the language in which we write",
    "people[].restricted_at": "since when the data are used for the court action alone (Article 18)",
    "people[].representation": "who acts for the person: `kind`, names, and `since` when; null where nobody does",
    "people[].files": "evidence: name, kind, size, SHA-256 of the original, when received, how it stands",
    "people[].claims[].reference": "the reference of the claim",
    "people[].claims[].action": "the name of the court action",
    "people[].claims[].about": "the page that says who answers for the data, what for, by what right and how long",
    "people[].claims[].status": "`submitted` (registered), `accepted`, `refused`, `withdrawn` or `merged`",
    "people[].claims[].channel": "`web` or `import`: how it came in",
    "people[].claims[].external_ref": "the reference of whoever sent it in, for imports",
    "people[].claims[].registered_at": "when it was registered with us",
    "people[].claims[].joined_on": "the day of joining in court; null: not joined",
    "people[].claims[].habitual_residence": "the country where the person lived",
    "people[].claims[].resident_since": "since when",
    "people[].claims[].answers": "each question with its id, the answer as it is kept, and the answer in words",
    "people[].claims[].former_answers": "answers that were corrected: the question, what it was, and until when",
    "people[].claims[].outcome": "what the criteria found: `eligible`, `ineligible`, `needs_info`, empty: not checked",
    "people[].claims[].tier": "the group for damages",
    "people[].claims[].tier_title": "the name of that group",
    "people[].claims[].criteria_version": "the version of the criteria that was used",
    "people[].claims[].screened_at": "when they were applied last",
    "people[].claims[].findings": "each criterion with `y` (met), `n` (not met) or `u` (unknown), and the reason",
    "people[].claims[].declarations": "what was accepted: full text, version, language, hash, when, when taken back",
    "people[].claims[].decisions": "what people decided: kind, when, why, what we told you, and what you wrote back",
    "people[].claims[].history": "what happened, when, who did it by role, and which fields changed",
    "drafts": "registrations that were not sent: all values, what each asks, declarations and files",
    "mails": "every mail that we hold: to whom, what about, its text unless it held a code, when, and whether it left",
}


@transaction.atomic
def export_own_data(user: User) -> dict[str, Any]:
    """Return all that we hold about a person, and keep in the history that it was taken."""
    data = collect_own_data(user)
    people = list(_list_people(user))
    for claimant in people:
        history.record("data exported", claimant, by=user)
    if not people:
        history.record("data exported", user, by=user)
    return data


def collect_own_data(user: User) -> dict[str, Any]:
    """Return all that we hold about a person, as values that JSON has. `keys` says what each means."""
    return {
        "schema": SCHEMA,
        "made_at": _write(timezone.now()),
        "keys": KEYS,
        "account": _pick(user, ("email", "name", "joined_at", "last_login")),
        "people": [_describe_person(claimant, user) for claimant in _list_people(user)],
        "drafts": [_describe_draft(draft) for draft in _list_drafts(user)],
        "mails": [_describe_mail(mail) for mail in _list_mails(user)],
    }


def _list_people(user: User) -> QuerySet[Claimant]:
    return Claimant.objects.filter(user=user).order_by("pk")


def _list_drafts(user: User) -> QuerySet[Registration]:
    unentered = Registration.objects.filter(user=user).exclude(state=Registration.State.ENTERED)
    return unentered.select_related("action").order_by("pk")


def _list_mails(user: User) -> QuerySet[Mail]:
    addresses = {user.email, *_list_people(user).values_list("email", flat=True)}
    untold = list_untold_mails(Claim.objects.filter(claimant__user=user))
    own, about_others = list_own_mails(user, addresses).exclude(pk__in=untold), Q(pk=None)
    for address in set(own.values_list("to", flat=True)):  # former ones too
        for reference in list_unconnected(address).values_list("reference", flat=True)[:SHARED]:
            about_others |= Q(text__contains=reference)
    return own.exclude(about_others).order_by("pk")


def _write(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _pick(row: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: _write(getattr(row, name)) for name in names}


PERSON = ("given_name", "family_name", "birth_date", "email", "phone", "street", "postcode", "city", "country")


def _describe_person(claimant: Claimant, user: User) -> dict[str, Any]:
    representation = find_representation(claimant)
    claims = claimant.claims.select_related("action", "claimant", "criteria_version").order_by("pk")
    kept = ("kind", "given_name", "family_name", "since")
    return _pick(claimant, (*PERSON, "language", "restricted_at")) | {
        "representation": _pick(representation, kept) if representation else None,
        "claims": [_describe_claim(claim, user) for claim in claims],
        "files": _describe_files(Holder(owner=claimant)),
    }


CLAIM = ("reference", "status", "channel", "external_ref", "registered_at", "joined_on", "habitual_residence")


def _describe_claim(claim: Claim, user: User) -> dict[str, Any]:
    version, names = claim.criteria_version, _name_fields(claim)
    return _pick(claim, (*CLAIM, "resident_since", "outcome", "tier", "screened_at")) | {
        "status": find_told_status(claim),
        "action": claim.action.name,
        "about": f"{settings.BASE_URL}{reverse('claims:action', args=[claim.action.slug])}",
        "tier_title": _name_tier(claim),
        "criteria_version": version.number if version else None,
        "answers": list(_describe_answers(claim)),
        "former_answers": [
            {"id": it.question, "question": it.title, "words": it.words, "until": _write(it.until)}
            for it in list_former(claim)
        ],
        "findings": [
            {
                "criterion": pick_text(dict(finding.criterion.title)),
                "finding": finding.verdict.value,
                "reason": pick_text(dict(finding.reason)),
            }
            for finding in list_findings(claim)
        ],
        "declarations": [_describe_acceptance(acceptance) for acceptance in list_acceptances(claim)],
        "decisions": list_told(claim),
        "history": [
            {
                "at": _write(it.at),
                "event": it.verb,
                "what": it.what,
                "who": it.who,
                "fields": list(it.fields),
                "names": [names.get(field, field) for field in it.fields],
            }
            for it in list_happenings(claim, reader=user)
        ],
    }


def _name_tier(claim: Claim) -> str:
    tiers = claim.criteria_version.document["tiers"] if claim.criteria_version else []
    return next((pick_text(tier["title"]) for tier in tiers if tier["id"] == claim.tier), claim.tier)


def _name_fields(claim: Claim) -> dict[str, str]:
    """Return what the fields that the history names are called: of a person, answers, and criteria."""
    criteria = claim.criteria_version.document["criteria"] if claim.criteria_version else []
    return _name_questions(claim.action) | {it["id"]: pick_text(it["title"]) for it in criteria}


def _name_questions(action: Action) -> dict[str, str]:
    person = {name: pick_text(question["label"]) for name, question in list_person_questions(SELF).items()}
    return person | {"email": _("E-mail"), EVIDENCE: _("A file that shows it")} | name_facts(action.questions)


def _describe_answers(claim: Claim) -> Iterable[dict[str, Any]]:
    """Yield each answer, then those to questions that are asked no more."""
    asked, names = list_answers(claim), _name_questions(claim.action)
    for name, (question, words) in asked.items():
        yield {"id": name, "question": question, "answer": _read_plain(claim, name), "words": words}
    for name in sorted(claim.answers.keys() - asked.keys()):
        yield {"id": name, "question": names.get(name, name), "answer": _read_plain(claim, name), "words": ""}


def _read_plain(claim: Claim, name: str) -> Any:
    """Return an answer as it is kept, one in own words opened."""
    kept = claim.answers.get(name)
    if isinstance(kept, str):
        try:
            return read_text_answer(claim, name) or kept
        except vault.Unreadable:  # it was never sealed
            return kept
    return kept


def _describe_acceptance(acceptance: Acceptance) -> dict[str, Any]:
    text = acceptance.text
    said = _pick(text, ("kind", "title", "body", "version", "language", "sha256"))
    return said | _pick(acceptance, ("accepted_at", "taken_back_at"))


FILE = ("kind", "size_bytes", "sha256", "state", "received_at", "scan")


def _describe_files(holder: Holder) -> list[dict[str, Any]]:
    return [
        {"name": evidence.read_name(file), **_pick(file, FILE), "verdict": evidence.explain(file)}
        for file in evidence.list_evidence(holder)
    ]


def _describe_draft(draft: Registration) -> dict[str, Any]:
    names = _name_questions(draft.action)
    return {
        "action": draft.action.name,
        **_pick(draft, ("started_at", "saved_at", "warned_at", "language")),
        "values": (values := read_values(draft)),
        "names": {name: names.get(name, name) for name in values},
        "declarations": [_describe_acceptance(it) for it in draft.acceptances.select_related("text")],
        "files": _describe_files(Holder(registration_code=draft.code)),
    }


def _describe_mail(mail: Mail) -> dict[str, Any]:
    return _pick(mail, ("kind", "to", "language", "subject", "text", "state", "made_at", "sent_at"))


def list_paths(data: Mapping[str, Any]) -> set[str]:
    """Return the keys of an export as KEYS names them: down to the fields of people and claims."""
    found = {name for name in data if name not in {"account", "people"}}
    found |= {f"account.{name}" for name in data["account"]}
    for person in data["people"]:
        found |= {f"people[].{name}" for name in person if name != "claims"}
        found |= {f"people[].claims[].{name}" for claim in person["claims"] for name in claim}
    return found
