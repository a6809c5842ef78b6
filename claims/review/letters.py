"""The same letter about many claims: rendered once for each language, since a chunk of a job writes hundreds."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from claims.base.addresses import check_address, make_address_key
from claims.base.errors import Refused
from claims.base.mails import find_language, prepare_mail
from claims.base.references import show_reference
from claims.letters import write_letter
from claims.models import Claim, Mail


def build_letters(
    claims: Iterable[Claim], kind: str, *, find_link: Callable[[Claim], str] = lambda claim: "", **more: Any
) -> dict[int, Mail]:
    """Return a mail for each claim that mails can reach, by id and not yet written: the words differ by reference."""
    patterns: dict[str, tuple[Claim, Mail]] = {}
    letters: dict[int, Mail] = {}
    for claim in claims:
        with suppress(Refused):  # an address that is none: imports keep what came
            address = check_address(claim.claimant.email)
            spoken = find_language(claim.claimant.language)
            if spoken not in patterns:
                language, context = write_letter(claim, link_to=find_link(claim), **more)
                patterns[spoken] = (claim, prepare_mail(address, kind=kind, language=language, context=context))
            letters[claim.pk] = _readdress(*patterns[spoken], claim, address)
    return letters


def _readdress(first: Claim, pattern: Mail, claim: Claim, address: str) -> Mail:
    """Return the mail about one claim as one about another: nothing in it but the reference is of the claim."""
    mail = Mail(kind=pattern.kind, language=pattern.language, subject=pattern.subject, next_at=pattern.next_at)
    mail.to, mail.to_key = address, make_address_key(address)
    for name in ("text", "html"):
        words = getattr(pattern, name).replace(show_reference(first.reference), show_reference(claim.reference))
        setattr(mail, name, words.replace(first.reference, claim.reference))
    return mail
