"""Keys under which one person is found again: two claims are compared only where they share one.

Each key leaves out what some mistakes change: nine of them, so that a claim with three or four mistakes still shares
one. Birthday and names with the postcode were two more, and found two of 20,000 doubles that these do not. Names stand
in the order of the alphabet, day and month in that of numbers, so that a swap changes nothing. The text of a key is of
a person: it is hashed with a secret key before it is stored.
"""

from claims.rules.duplicates.folding import Folded

KINDS = (
    "birth_initials", "birth_first", "birth_last", "email", "phone", "names_year", "names_day", "address_initials",
    "address_year",
)  # fmt: skip
KNOWN_LOCAL = 5  # letters before the @ from which they tell something by themselves


def list_keys(person: Folded) -> list[str]:
    """Return the text of each key in the order of KINDS; "" where something that it needs is unknown."""
    first, last = sorted((person.given.sound, person.family.sound))
    initials = "".join(sorted((person.given.text[:1], person.family.text[:1])))
    year, day = _read_birth(person)
    birth = f"{year} {day}" if year else ""
    email = person.local if len(person.local) >= KNOWN_LOCAL else person.email
    names, country = join(first, last), person.country or "-"
    place = join(person.postcode, person.street[:5]) and f"{person.postcode} {person.street[:5]} {person.number}"
    return [
        join(birth, initials), join(birth, first, country), join(birth, last, country), email, person.phone,
        join(names, year), join(names, day), join(place, initials), join(place, year),
    ]  # fmt: skip


def join(*parts: str) -> str:
    """Return the parts as one text, or "" where one of them is unknown."""
    return " ".join(parts) if all(parts) else ""


def _read_birth(person: Folded) -> tuple[str, str]:
    """Return the year, and the smaller and the larger of day and month."""
    if person.born is None:
        return "", ""
    year, month, day = person.born
    return year, f"{min(month, day)}{max(month, day)}"
