"""The certificate of registration: what a person did, what is still to come, and how anyone can check the paper."""

import base64
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override

from claims import erasing
from claims.actions import get_regime
from claims.base import history
from claims.contacts import find_representation
from claims.models import Claim, User
from claims.models.actions import pick_text
from claims.representing import date_right, say_right
from claims.review.telling import find_told_status
from documents.filings.registers import DECLARATIONS
from documents.models import Certificate
from documents.models.certificates import ALPHABET, CODE_LENGTH
from documents.pdf import find_unprintable, render_html
from documents.rules.texts import prepare_text, show_invisible
from documents.rules.typesetting import glue_html

MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


@transaction.atomic
def issue_certificate(claim: Claim, *, by: User | None, language: str = "") -> Certificate:
    """Return the certificate of a claim as it stands now: a new one, or the old one while nothing has changed."""
    claim = (
        Claim.objects.select_for_update(of=("self",), no_key=True)
        .select_related("action__matter", "claimant")
        .get(pk=claim.pk)
    )
    contents = build_contents(claim, language or pick_language())
    certificate, is_new = Certificate.objects.get_or_create(
        claim=claim,
        language=contents["language"],
        sha256=compute_hash(contents),
        defaults={"contents": contents, "issued_at": timezone.now(), "issued_by": by},
    )
    if is_new:
        history.record("certificate issued", claim, by=by, action=claim.action, language=certificate.language)
    return certificate


def find_certificate(claim: Claim) -> tuple[Certificate | None, bool]:
    """Return the certificate to show for a claim in the reader's language, and whether it says how things stand now.

    That of today's contents, else the last that was issued in any language.
    """
    digest = compute_hash(build_contents(claim, pick_language()))
    issued = Certificate.objects.filter(claim=claim).order_by("-issued_at", "-pk")
    if current := issued.filter(sha256=digest).first():
        return current, True
    return issued.first(), False


def erase_certificates(claims: Sequence[int]) -> None:
    """Delete the certificates of claims whose person is forgotten; a paper can then no longer be checked."""
    Certificate.objects.filter(claim__in=claims).delete()


erasing.ERASERS.append(erase_certificates)


def find_by_code(typed: str) -> Certificate | None:
    """Return the certificate with this code, as a person typed it, or None."""
    code = typed.upper().translate(MISREAD)
    if len(code) != CODE_LENGTH or any(sign not in ALPHABET for sign in code):
        return None
    return Certificate.objects.select_related("claim__action").filter(code=code).first()


def pick_language() -> str:
    """Return the language of the reader, where there are certificates in it."""
    language = (get_language() or "en").split("-")[0]
    return language if language in dict(settings.LANGUAGES) else "en"


def show_code(code: str) -> str:
    """Return a code in groups of four, as it is printed and read aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def build_contents(claim: Claim, language: str) -> dict[str, Any]:
    """Return all that a certificate says of a claim, as values; what is unknown is empty."""
    person, action = claim.claimant, claim.action
    leaving = get_regime(action).rules.get("withdrawal_allowed")
    with override(language):
        facts = {
            "action": action.name,
            "entity": action.facts.get("parties", {}).get("entity", {}).get("name", ""),
            "trader": action.matter.trader,
            "regime": pick_text(dict(get_regime(action).name)),
            "declared": list_declared(claim),
            "accepted": list_accepted(claim),
            "illustration": pick_text(action.facts.get("illustration_note")) if action.is_illustration else "",
        }
    if contact := action.facts.get("contact"):
        facts["contact"] = ", ".join(contact[name] for name in ("name", "postal", "email", "phone") if name in contact)
    version = claim.criteria_version
    return (
        facts
        | describe_acting(claim)
        | {
            "language": language,
            "person_language": person.language,
            "reference": claim.reference,
            "name": person.full_name,
            "birth_date": _write(person.birth_date),
            "address": ", ".join(part for part in (person.street, f"{person.postcode} {person.city}".strip()) if part),
            "country": person.country,
            "residence": claim.habitual_residence,
            "resident_since": _write(claim.resident_since),
            "status": find_told_status(claim),  # a decision that can still be undone stands on no paper
            "registered_at": claim.registered_at.astimezone(UTC).isoformat(),
            "joined_on": _write(claim.joined_on),
            "outcome": claim.outcome,
            "criteria": version.number if version else None,
            "leaving": leaving.value if leaving and isinstance(leaving.value, str) else "",
        }
    )


def describe_acting(claim: Claim) -> dict[str, Any]:
    """Return who acts for the person; nothing where people act for themselves."""
    acting = find_representation(claim.claimant)
    if acting is None:
        return {}
    return {"acting": {"kind": acting.kind, "name": acting.full_name, "since": _write(acting.since)}}


def list_declared(claim: Claim) -> list[list[str]]:
    """Return the questions by which this person declared something, with the answer: yes or no."""
    asked = {question["id"]: question for question in claim.action.questions}
    return [
        [pick_text(asked[name]["label"]), answer]
        for _, name, answer in DECLARATIONS
        if name in asked and claim.answers.get(name) == answer
    ]


def list_accepted(claim: Claim) -> list[list[str | int]]:
    """Return the declarations that were accepted online and hold: title, version, language of the words, moment."""
    accepted = claim.acceptances.filter(taken_back_at=None).select_related("text")
    return [
        [it.text.title, it.text.version, it.text.language, it.accepted_at.astimezone(UTC).isoformat()]
        for it in accepted.order_by("accepted_at", "text__kind")
    ]


def _write(value: Any) -> str:
    return value.isoformat() if value else ""


def compute_hash(contents: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the contents (canonical JSON, UTF-8)."""
    text = json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def describe_certificate(certificate: Certificate, prepare: Callable[[str], str] = show_invisible) -> dict[str, Any]:
    """Return the context of its page, and of its PDF where `prepare` makes texts fit for paper."""
    contents = certificate.contents
    shown = {key: prepare(value) if isinstance(value, str) else value for key, value in contents.items()}
    if acting := contents.get("acting"):
        said = {"right": say_right(acting["kind"]), "dated": date_right(acting["kind"], acting["since"])}
        shown["acting"] = said | {"name": prepare(acting["name"])}
    return {
        "certificate": certificate,
        "it": shown | {"registered_at": datetime.fromisoformat(contents["registered_at"])},
        "accepted": [
            {"title": prepare(title), "version": version, "language": language, "at": datetime.fromisoformat(at)}
            for title, version, language, at in contents.get("accepted", [])
        ],
        "is_withdrawn": contents["status"] == Claim.Status.WITHDRAWN,
        "code": show_code(certificate.code),
        "address": settings.BASE_URL.split("://", 1)[-1] + "/verify/",
    }


def _make_printable(text: str) -> str:
    """A sign that no font has is shown as its code point: a paper with a gap in a name is better than no paper."""
    for sign in find_unprintable(text):
        text = text.replace(sign, f"[U+{ord(sign):04X}]")
    return prepare_text(text, longest=400)


def render_certificate(certificate: Certificate) -> bytes:
    """Return the certificate as an accessible PDF (built for PDF/UA-1); the same certificate gives the same bytes."""
    with override(certificate.language):
        context = describe_certificate(certificate, _make_printable) | {"qr": draw_qr(certificate)}
        html = render_to_string("documents/pdf/certificate.html", context)
    return render_html(glue_html(html), variant="pdf/ua-1", identifier=f"certificate {certificate.code}")


def draw_qr(certificate: Certificate) -> str:
    """Return a picture of the address under which the paper can be checked, as a data: URI."""
    import segno  # only those who draw need it

    out = io.BytesIO()
    code = segno.make(f"{settings.BASE_URL}/verify/{show_code(certificate.code)}/", error="m", micro=False)
    code.save(out, kind="svg", border=4, dark="#141414", light=None, xmldecl=False)
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"
