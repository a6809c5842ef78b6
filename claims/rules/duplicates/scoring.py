"""Two records compared, field by field: which sign each gives, and what the signs come to."""

from collections.abc import Callable
from typing import NamedTuple

from rapidfuzz.distance import OSA

from claims.rules.duplicates.folding import Folded, Name, fold_name, read_day
from claims.rules.duplicates.weights import THRESHOLD, WEIGHTS

POINTS = {name: weight.points for name, weight in WEIGHTS.items()}
ALIKE = ("same", "similar", "part", "near")
MOST_SLIPS = 3
Rarity = Callable[[str, str], str]


def say_same(_field: str, _name: str) -> str:
    """Say of every name that it is neither common nor rare."""
    return "same"


class Reason(NamedTuple):
    """One line of an explanation: the sign and its points. Holds nothing of a person."""

    sign: str
    points: int


def score_pair(one: Folded, other: Folded, *, rarity: Rarity = say_same) -> int:
    """Return the points of a pair. `rarity` says of a name in normal form whether it is common or rare in the book."""
    return sum(POINTS[sign] for sign in list_signs(one, other, rarity))


def compare(one: Folded, other: Folded, *, rarity: Rarity = say_same) -> list[Reason]:
    """Return the signs of a pair with their points; their sum is the score."""
    return [Reason(sign, POINTS[sign]) for sign in list_signs(one, other, rarity)]


def list_signs(one: Folded, other: Folded, rarity: Rarity) -> list[str]:
    """Return the name of each sign that a pair gives."""
    given, family, is_swapped = _compare_names(one.given, one.family, other.given, other.family)
    if given == "different":
        return ["given_different"]  # outweighs all the others
    if given == "same":
        given = rarity("given", one.given.text)
    if family == "same":
        family = rarity("family", one.family.text)
    signs = [f"given_{given}"] if given else []
    if family:
        signs.append(f"family_{family}")
    if is_swapped:
        signs.append("names_swapped")
    for field, level in (
        ("birth", compare_births(one.born, other.born)),
        ("email", compare_emails(one, other)),
        ("phone", compare_phones(one.phone, other.phone)),
        ("address", compare_addresses(one, other)),
    ):
        if level:
            signs.append(f"{field}_{level}")
    return signs


Core = tuple[str, str, str]  # given and family name and birthday as written: what tells most people apart


def is_hopeless(one: Core, other: Core) -> bool:
    """Whether names and birthdays alone keep a pair below the threshold, whatever else is alike."""
    given, family, born = one
    other_given, other_family, other_born = other
    if NO_WAY_BACK and compare_births(read_day(born), read_day(other_born)) == "different":
        return True  # most of them, before any name is put in its normal form
    names = fold_name(given), fold_name(family), fold_name(other_given), fold_name(other_family)
    return _compare_names(*names)[0] == "different"


def _find_best(field: str) -> int:
    return max(points for sign, points in POINTS.items() if sign.startswith(f"{field}_"))


# Nothing makes up for another birthday, as long as the weights say so.
BEST = sum(map(_find_best, ("given", "family", "names", "email", "phone", "address")))
NO_WAY_BACK = BEST + POINTS["birth_different"] < THRESHOLD


def _compare_names(given: Name, family: Name, other_given: Name, other_family: Name) -> tuple[str, str, bool]:
    """Return how given and family names agree, straight or crosswise, whichever is better."""
    straight = compare_names(given, other_given)
    if straight in ALIKE:
        families = compare_names(family, other_family)
        if families in ALIKE:
            return straight, families, False
    across = compare_names(given, other_family)
    if across in ALIKE and (turned := compare_names(family, other_given)) in ALIKE:
        return across, turned, True
    return straight, compare_names(family, other_family), False


def compare_names(one: Name, other: Name) -> str:
    """Return "same", "similar", "part", "near" (half of the letters stand), "different", or "" while one is unknown."""
    if one.text == other.text:
        return "same" if one.text else ""
    if not one.text or not other.text:
        return ""
    liking = _liken(one.text, other.text)
    if liking != "similar" and (one.plain != one.text or other.plain != other.text):
        liking = min(liking, _liken(one.plain, other.plain), key=("similar", "near", "different").index)
    if liking == "similar":
        return liking
    return "part" if _is_part(one.words, other.words) or _is_part(other.words, one.words) else liking


def _liken(one: str, other: str) -> str:
    """Return "similar" for a slip, "near" for as much as two slips in a short word make, else "different"."""
    distance = OSA.distance(one, other, score_cutoff=MOST_SLIPS)
    length = min(len(one), len(other))
    if distance <= _allow_slips(length):
        return "similar"
    return "near" if distance <= (min(length // 2, MOST_SLIPS) if length > 2 else 1) else "different"


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by no more than a slip: one letter, or two in a long word (optimal string alignment)."""
    allowed = _allow_slips(min(len(one), len(other)))
    return allowed > 0 and OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _allow_slips(length: int) -> int:
    return 0 if length < 3 else 1 if length < 7 else 2


def _is_part(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Whether each word of `few` is one of `many`, a slip away from one, or its initial."""
    if len(few) > len(many):
        return False
    if len(many) == 1 and len(few[0]) > 1 and len(many[0]) > 1:
        return False  # two words that are no slip apart, as was seen before
    return all(any(_fits(word, whole) for whole in many) for word in few)


def _fits(word: str, whole: str) -> bool:
    return word == whole or (len(word) == 1 and whole.startswith(word)) or is_slip(word, whole)


def compare_births(one: tuple[str, str, str] | None, other: tuple[str, str, str] | None) -> str:
    """Return "same", "swapped" (day and month), "close" and "part" (two of three agree), "different" or "unknown"."""
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "same"
    (year, month, day), (other_year, other_month, other_day) = one, other
    if year != other_year and one[1:] not in ((other_month, other_day), (other_day, other_month)):
        return "different"
    if year == other_year and month == other_day and day == other_month:
        return "swapped"
    orders = (other, (other_year, other_day, other_month))
    return min((_compare_parts(one, order) for order in orders), key=("close", "part", "different").index)


def _compare_parts(one: tuple[str, str, str], other: tuple[str, str, str]) -> str:
    """Return "close" where one part differs by a slip, "part" where one differs otherwise, else "different"."""
    parts = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(parts) > 1:
        return "different"
    first, second = parts[0]
    is_close = abs(int(first) - int(second)) == 1 or OSA.distance(first, second) == 1
    return "close" if is_close else "part"


def compare_emails(one: Folded, other: Folded) -> str:
    """Return "same", "similar", "named" (alike, but made of the name that both bear), "different", or ""."""
    if not one.email or not other.email:
        return ""
    if one.email == other.email:
        return "same"
    if one.local == other.local or (len(one.local) > 5 and OSA.distance(one.local, other.local, score_cutoff=1) <= 1):
        return "named" if _is_named(one) or _is_named(other) else "similar"
    return "different"


def _is_named(person: Folded) -> bool:
    """Whether an address is made of the person's names and no more: then every namesake may have a similar one."""
    names = person.given.plain, person.family.plain
    return person.local in (names[0] + names[1], names[1] + names[0])


def compare_phones(one: str, other: str) -> str:
    """Return "same", "different", or ""."""
    if not one or not other:
        return ""
    return "same" if one == other or one.endswith(other) or other.endswith(one) else "different"


def compare_addresses(one: Folded, other: Folded) -> str:
    """Return "same", "similar", "town", "different", or ""."""
    if not one.street or not other.street:
        return ""
    is_place = one.postcode == other.postcode if one.postcode and other.postcode else one.city == other.city
    if not is_place:
        return "different"
    if one.street == other.street and one.number == other.number:
        return "same"
    is_street = one.street == other.street or is_slip(one.street, other.street)
    if is_street and (one.number == other.number or one.number.split()[:1] == other.number.split()[:1]):
        return "similar"
    return "town"
