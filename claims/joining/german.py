"""What of a German registration we know of a claim, what is missing, and the text to copy into the form."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from claims.actions import get_regime
from claims.models import Claim
from claims.rules.bfj import VALID_WITHOUT, Item, Registration, list_missing, write_block

CHANNEL = "claimant_to_bfj_register"
WORDS: Mapping[Item, str | Promise] = {
    Item.NAME: gettext_lazy("The given name or the family name is missing."),
    Item.ADDRESS: gettext_lazy("Street, postcode or town is missing."),
    Item.CAPACITY: gettext_lazy("It is not known whether the person registers as a consumer or as a small business."),
    Item.COURT: gettext_lazy("The court or its file number is missing."),
    Item.DEFENDANT: gettext_lazy("The defendant is missing."),
    Item.SUBJECT: gettext_lazy("Subject and ground of the claim are missing."),
    Item.ASSURANCE: gettext_lazy("The assurance that everything is correct and complete was not given to us."),
    Item.TITLE: gettext_lazy("The name holds a title; the form takes none. The text below leaves it out."),
    Item.TOO_LONG: gettext_lazy("A name, the street or the town has more than 36 characters; shorten it in the form."),
    Item.SUBJECT_TOO_LONG: gettext_lazy("Subject and ground have more than 6,000 characters; shorten them."),
    Item.AMOUNT: gettext_lazy("No amount is named. The registration is valid without one, but should name it."),
}


@dataclass(frozen=True)
class GermanRegistration:
    """The registration of one claim: what is missing in words, whether it would be void, and the text to copy."""

    missing: list[str]
    is_void: bool
    block: str


def describe_registration(claim: Claim) -> GermanRegistration | None:
    """Return what a registration with the Federal Office of Justice lacks; None where the law has another channel."""
    if get_regime(claim.action)["join_channel"].value != CHANNEL:
        return None
    form = build_registration(claim)
    missing = list_missing(form)
    is_void = any(item not in VALID_WITHOUT and item not in {Item.TITLE} for item, _name in missing)
    return GermanRegistration(
        list(dict.fromkeys(str(WORDS[item]) for item, _name in missing)), is_void, write_block(form)
    )


def build_registration(claim: Claim) -> Registration:
    """Return the six items from the claim and its action."""
    person, facts = claim.claimant, claim.action.facts
    parties, court = facts.get("parties", {}), facts.get("court", {})
    return Registration(
        given_name=person.given_name, family_name=person.family_name, street=person.street, postcode=person.postcode,
        city=person.city, is_consumer=_find_capacity(claim), court=_say(court.get("name")),
        file_number=court.get("file_number", ""), defendant=parties.get("trader", {}).get("name", ""),
        subject=_say(facts.get("register", {}).get("subject") or facts.get("pleading", {}).get("subject")),
        is_assured=_is_assured(claim),
    )  # fmt: skip


def _say(texts: Mapping[str, str] | None) -> str:
    return (texts or {}).get("de") or (texts or {}).get("en", "")


def _find_capacity(claim: Claim) -> bool | None:
    """Return whether the person claims as a consumer, by the question that the pack names for it."""
    question = claim.action.facts.get("register", {}).get("consumer_question", "")
    return {"yes": True, "no": False}.get(str(claim.answers.get(question, "")))


def _is_assured(claim: Claim) -> bool:
    """Whether the declaration of truth was accepted."""
    names = [q["id"] for q in claim.action.questions if q.get("declared", {}).get("kind", "").startswith("truth")]
    return any(claim.answers.get(name) == "yes" for name in names)
