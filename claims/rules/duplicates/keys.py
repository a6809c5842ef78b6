"""Keys under which one person is found again: two claims are compared only where they share one.

Each key leaves out what one kind of mistake changes: nine of them, so that a claim with three or four mistakes still
shares one. The text of a key is of a person: it is hashed with a secret key before it is stored.
"""

from claims.rules.duplicates.folding import Folded

KINDS = (
    "birth_first_name", "birth_last_name", "birth_initials", "email", "phone", "names_year", "names_day",
    "names_postcode", "address",
)  # fmt: skip


def list_keys(person: Folded) -> list[str]:
    """Return the text of each key in the order of KINDS; "" where something that it needs is unknown.

    Names are taken in the order of the alphabet and day and month in that of numbers, so that a swap changes nothing.
    """
    first, last = sorted((person.given.sound, person.family.sound))
    initials = "".join(sorted((person.given.text[:1], person.family.text[:1])))
    names = f"{first} {last}" if first else ""
    year, day = _read_birth(person)
    birth = f"{year} {day}" if year else ""
    place = f"{person.postcode} {person.street[:5]} {person.number}" if person.street and person.postcode else ""
    return [
        f"{birth} {first}" if birth and first else "",
        f"{birth} {last}" if birth and last else "",
        f"{birth} {initials}" if birth and initials else "",
        person.local if len(person.local) > 4 else person.email,
        person.phone,
        f"{names} {year}" if names and year else "",
        f"{names} {day}" if names and day else "",
        f"{names} {person.postcode}" if names and person.postcode else "",
        place,
    ]


def _read_birth(person: Folded) -> tuple[str, str]:
    """Return the year, and the smaller and the larger of day and month."""
    if person.born is None:
        return "", ""
    year, month, day = person.born
    return year, f"{min(month, day)}{max(month, day)}"
