"""Mails about one claim: the receipt, and word of what changed. They name the reference and nothing of the person."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from claims.base.errors import Refused
from claims.base.mails import NO_WAIT, find_language, prepare_mail, queue_mail
from claims.models import Action, Claim, Mail
from claims.terms import Term, describe_joining, describe_leaving


def send_receipt(claim: Claim) -> Mail | None:
    """Queue the receipt, in the transaction that registers the claim: there is no claim without one."""
    return send_letter(claim, "receipt")


def send_letter(
    claim: Claim, kind: str, *, to: str = "", wait: timedelta = NO_WAIT, link_to: str = "", **more: Any
) -> Mail | None:
    """Queue the mail of this kind to the claimant, in the claimant's language; nobody is written to without address.

    It leaves after `wait`. `link_to` is the path of its button instead of the page of the claim. What is given as a
    function is called where the language of the mail is active.
    """
    if not (address := to or claim.claimant.email):
        return None
    language, context = write_letter(claim, link_to=link_to, **more)
    return queue_mail(address, kind=kind, language=language, context=context, wait=wait)


def prepare_letter(claim: Claim, kind: str, *, terms: dict[str, str], **more: Any) -> Mail | None:
    """Return the mail of this kind to the claimant, rendered and not yet written; None where no mail can reach them.

    For whoever writes many: `terms` are those of `describe_terms` in the language of the claimant.
    """
    language, context = write_letter(claim, terms=terms, **more)
    with suppress(Refused):  # an address that no mail can reach keeps nobody else from being told
        return prepare_mail(claim.claimant.email, kind=kind, language=language, context=context)
    return None


def write_letter(
    claim: Claim, *, terms: dict[str, str] | None = None, link_to: str = "", **more: Any
) -> tuple[str, dict[str, Any]]:
    """Return the language of a letter to the claimant and what it says."""
    language = find_language(claim.claimant.language)
    with translation.override(language):  # what the law says is put into words here
        said = {name: value() if callable(value) else value for name, value in more.items()}
        context = describe_claim(claim) | (terms or describe_terms(claim.action)) | said
    if link_to:
        context["link"] = f"{settings.BASE_URL}{link_to}"
    return language, context


def describe_claim(claim: Claim) -> dict[str, Any]:
    """Return what a mail says of a claim, in the language that is active."""
    return {
        "reference": claim.reference,
        "action": claim.action.name,
        "is_illustration": claim.action.is_illustration,
        "contact": claim.action.facts.get("contact"),
        "link": f"{settings.BASE_URL}{reverse('claims:my-claim', args=[claim.reference])}",
    }


def describe_terms(action: Action) -> dict[str, str]:
    """Return what the law says of joining and leaving, in the language that is active: the same for all its claims."""
    return {"joining": _say_joining(describe_joining(action)), "leaving": _say_joining(describe_leaving(action))}


def _say_joining(term: Term) -> str:
    return f"{term.says} ({term.until.removesuffix('.')})" if term.until else term.says  # in the middle of a sentence
