"""The signs of a pair and the fields of its two claims, said in words for whoever decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Acceptance, Claim, DuplicatePair, Evidence
from claims.wording import country, day, name_language

SIGNS: Mapping[str, str | Promise] = {
    "given_same": gettext_lazy("The given name is the same"),
    "given_common": gettext_lazy("The given name is the same, and common in this book"),
    "given_rare": gettext_lazy("The given name is the same, and rare in this book"),
    "given_similar": gettext_lazy("The given name differs by a letter or two"),
    "given_part": gettext_lazy("One given name of several, or its initial"),
    "given_near": gettext_lazy("The given name differs, though half of its letters are the same"),
    "given_different": gettext_lazy("The given name is another one"),
    "family_same": gettext_lazy("The family name is the same"),
    "family_common": gettext_lazy("The family name is the same, and common in this book"),
    "family_rare": gettext_lazy("The family name is the same, and rare in this book"),
    "family_similar": gettext_lazy("The family name differs by a letter or two"),
    "family_part": gettext_lazy("One family name of two"),
    "family_near": gettext_lazy("The family name differs, though half of its letters are the same"),
    "family_different": gettext_lazy("The family name is another one"),
    "names_swapped": gettext_lazy("Given and family name have changed places"),
    "birth_same": gettext_lazy("The date of birth is the same"),
    "birth_swapped": gettext_lazy("Day and month of birth have changed places"),
    "birth_close": gettext_lazy("Year, month or day of birth is a slip away"),
    "birth_part": gettext_lazy("Two of year, month and day of birth are the same"),
    "birth_different": gettext_lazy("The date of birth is another one"),
    "birth_unknown": gettext_lazy("A date of birth is missing"),
    "email_same": gettext_lazy("The e-mail address is the same; families share them"),
    "email_similar": gettext_lazy("The e-mail address is almost the same"),
    "email_named": gettext_lazy("The e-mail address is alike, but made of the name alone"),
    "email_different": gettext_lazy("The e-mail address is another one"),
    "phone_same": gettext_lazy("The telephone number is the same; families share them"),
    "phone_different": gettext_lazy("The telephone number is another one"),
    "address_same": gettext_lazy("The address is the same; families share them"),
    "address_similar": gettext_lazy("The address is written a little differently"),
    "address_town": gettext_lazy("The postcode is the same, the street another one"),
    "address_different": gettext_lazy("The address is another one"),
}
SAME, DIFFERS, MISSING = gettext_lazy("the same"), gettext_lazy("differs"), gettext_lazy("known of one only")


@dataclass(frozen=True)
class Line:
    """One field of both claims, and in a word how they compare."""

    title: str
    first: str
    second: str
    word: str
    mark: str


@dataclass(frozen=True)
class Said:
    """One sign in words with its points; `mark` is for or against."""

    text: str
    points: int
    mark: str


def say_signs(pair: DuplicatePair) -> list[Said]:
    """Return the signs of a pair in words, what speaks most for one person first."""
    signs = sorted(pair.signs, key=lambda sign: -sign[1])
    return [Said(str(SIGNS.get(name, name)), points, "yes" if points > 0 else "no") for name, points in signs]


def list_lines(pair: DuplicatePair) -> list[Line]:
    """Return the fields of both claims side by side."""
    first, second = pair.first, pair.second
    rows = [
        (title, _read(first, name), _read(second, name))
        for title, name in (
            (_("Given name"), "given_name"), (_("Family name"), "family_name"), (_("Born"), "birth_date"),
            (_("E-mail"), "email"), (_("Telephone"), "phone"), (_("Street"), "street"), (_("Postcode"), "postcode"),
            (_("Town"), "city"), (_("Country"), "country"), (_("Language"), "language"),
        )
    ]  # fmt: skip
    rows += [
        (_("Lives in"), country(first.habitual_residence), country(second.habitual_residence)),
        (_("Registered"), day(first.registered_at), day(second.registered_at)),
        (_("Files"), str(count_files(first)), str(count_files(second))),
        (_("Declarations"), str(count_declarations(first)), str(count_declarations(second))),
    ]
    return [Line(title, one, other, *_compare(one, other)) for title, one, other in rows]


def _read(claim: Claim, name: str) -> str:
    value = getattr(claim.claimant, name)
    if name == "language":
        return name_language(value)
    if name == "country":
        return country(value) if value else ""
    return day(value) if isinstance(value, date) else str(value or "")


def _compare(one: str, other: str) -> tuple[str, str]:
    if one == other:
        return (str(SAME), "yes") if one else ("", "")
    return (str(DIFFERS), "no") if one and other else (str(MISSING), "unk")


def say_accounts(pair: DuplicatePair) -> str:
    """Return in a sentence whose accounts the two claims are in."""
    users = [pair.first.claimant.user_id, pair.second.claimant.user_id]
    if None in users:
        return _("At least one of them has no account: it came in by import.")
    if users[0] == users[1]:
        return _("Both are in one account. Families share accounts too.")
    return _("They are in two accounts. Neither will see anything of the other, also after a merge.")


def count_files(claim: Claim) -> int:
    """Return how many files a claimant has sent that we keep."""
    gone = (Evidence.State.REFUSED, Evidence.State.ERASING)
    return Evidence.objects.filter(owner=claim.claimant_id).exclude(state__in=gone).count()


def count_declarations(claim: Claim) -> int:
    """Return how many declarations were accepted with a claim."""
    return Acceptance.objects.filter(claim=claim, taken_back_at=None).count()
