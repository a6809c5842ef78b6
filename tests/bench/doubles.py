"""People who register a second time, a little differently. Two makers: one to tune with, one with other errors to check.

`make_double` errs as the goal says: typos, accents, swapped names and dates, moves, other e-mail and telephone, 1 to 4
each. `make_other_double` errs in ways that the rules were not tuned on: other scripts and spellings, initials, second
names, misread letters, years, missing parts, forms of addresses and numbers, 1 to 3 each.
"""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from random import Random

from tests.bench.crowd import LANDS, Somebody, fold, make_email, make_phone, move

Change = Callable[[Random, Somebody], Somebody]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misspell(random: Random, text: str, letters: str = LETTERS) -> str:
    """Return a text with one slip: a letter more, less, wrong, or two changed over."""
    if len(text) < 3:
        return text + random.choice(letters)
    place = random.randrange(len(text) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return text[:place] + random.choice(letters) + text[place:]
    if kind == 1:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + random.choice(letters) + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def misspell_name(random: Random, person: Somebody) -> Somebody:
    name = random.choice(("given", "family"))
    own = sorted(set(getattr(person, name).lower()))
    return replace(person, **{name: misspell(random, getattr(person, name), "".join(own) + LETTERS[:8])})


def drop_accents(_random: Random, person: Somebody) -> Somebody:
    def plain(text: str) -> str:
        return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))

    return replace(person, given=plain(person.given), family=plain(person.family), street=plain(person.street))


def swap_names(_random: Random, person: Somebody) -> Somebody:
    return replace(person, given=person.family, family=person.given)


def swap_day_and_month(_random: Random, person: Somebody) -> Somebody:
    year, month, day = person.born.split("-") if person.born else ("", "", "99")
    return replace(person, born=f"{year}-{day}-{month}") if int(day) <= 12 else person


def mistype_date(random: Random, person: Somebody) -> Somebody:
    """Get one of year, month and day wrong; what comes out is a day of the calendar."""
    if not person.born:
        return person
    year, month, day = map(int, person.born.split("-"))
    wrong = [
        (year + random.choice((-10, -1, 1, 10)), month, day),
        (year, month % 12 + 1, day),
        (year, month, day % 28 + 1),
    ]
    with suppress(ValueError):
        return replace(person, born=date(*random.choice(wrong)).isoformat())
    return replace(person, born=date(year, month, day % 28 + 1).isoformat())


def take_other_email(random: Random, person: Somebody) -> Somebody:
    return replace(person, email=make_email(random, person.given, person.family, person.born or "1970"))


def take_other_phone(random: Random, person: Somebody) -> Somebody:
    return replace(person, phone=random.choice(("", make_phone(random))))


CHANGES: tuple[Change, ...] = (
    misspell_name, misspell_name, drop_accents, take_other_email, swap_day_and_month, mistype_date, move,
    take_other_phone, swap_names,
)  # fmt: skip


def make_double(random: Random, person: Somebody) -> Somebody:
    """Return the person with 1 to 4 changes; each really changes something."""
    return _change(random, person, CHANGES, random.randint(1, 4))


def _change(random: Random, person: Somebody, changes: tuple[Change, ...], wanted: int) -> Somebody:
    double, done = person, 0
    for change in random.sample(changes, len(changes)):
        changed = change(random, double)
        done += changed != double
        double = changed
        if done == wanted:
            break
    return double


# Other errors, never tuned on -------------------------------------------------------------------------------

LATIN = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "ł": "l",
    "θ": "th", "χ": "ch", "φ": "ph", "ου": "ou", "η": "i", "ω": "o", "ψ": "ps", "β": "v", "γ": "g",
    "ж": "zh", "ч": "ch", "ш": "sh", "ц": "ts", "ю": "yu", "я": "ya", "х": "h", "ъ": "a",
}  # fmt: skip
MISREAD = (("rn", "m"), ("m", "rn"), ("l", "i"), ("i", "l"), ("e", "c"), ("u", "v"), ("h", "b"), ("cl", "d"))
NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "o": "p", "u": "i", "n": "m", "r": "t", "s": "d", "t": "z", "l": "k"}


def write_in_latin(_random: Random, person: Somebody) -> Somebody:
    def turn(text: str) -> str:
        lower = text.lower()
        for sign, latin in LATIN.items():
            lower = lower.replace(sign, latin)
        return fold(lower).capitalize()

    given, family = turn(person.given), turn(person.family)
    return person if (given, family) == (person.given, person.family) else replace(person, given=given, family=family)


def give_initial(_random: Random, person: Somebody) -> Somebody:
    return replace(person, given=person.given[0] + ".")


def add_second_name(random: Random, person: Somebody) -> Somebody:
    return replace(person, given=f"{person.given} {LANDS[person.state].given.draw(random)}")


def add_second_surname(random: Random, person: Somebody) -> Somebody:
    other = LANDS[person.state].surnames.draw(random)
    return replace(person, family=random.choice((f"{person.family}-{other}", f"{other} {person.family}")))


def misread_name(random: Random, person: Somebody) -> Somebody:
    name = random.choice(("given", "family"))
    text = getattr(person, name)
    for old, new in random.sample(MISREAD, len(MISREAD)):
        if old in text[1:]:
            return replace(person, **{name: text[0] + text[1:].replace(old, new, 1)})
    return person


def hit_neighbour_keys(random: Random, person: Somebody) -> Somebody:
    def slip(text: str) -> str:
        places = [place for place, sign in enumerate(text) if sign in NEIGHBOURS]
        if not places:
            return text
        place = random.choice(places)
        return text[:place] + NEIGHBOURS[text[place]] + text[place + 1 :]

    return replace(person, given=slip(person.given), family=slip(person.family))


def leave_out_birthday(_random: Random, person: Somebody) -> Somebody:
    return replace(person, born="")


def mistake_year(random: Random, person: Somebody) -> Somebody:
    if not person.born:
        return person
    year, day = person.born[:4], person.born[4:].replace("-02-29", "-02-28")  # the other year has no such day
    wrong = year[:2] + year[3] + year[2] if random.random() < 0.5 else f"{int(year) + random.choice((-2, 2))}"
    return replace(person, born=wrong + day)


def write_street_otherwise(_random: Random, person: Somebody) -> Somebody:
    words = person.street.replace("Straße", "Str.").replace("ulica", "ul").replace("Calle", "C/").split()
    return replace(person, street=" ".join([*words[1:-1], words[0].upper(), "Nr.", words[-1]]))


def write_email_otherwise(random: Random, person: Somebody) -> Somebody:
    local, _, domain = person.email.partition("@")
    return replace(
        person,
        email=random.choice((f"{local}+redress@{domain}", f"{local.upper()}@{domain}", f"{local}@other.example")),
    )


def write_phone_otherwise(_random: Random, person: Somebody) -> Somebody:
    return replace(person, phone=person.phone.replace("+00 ", "0").replace(" ", "/"))


def shout(_random: Random, person: Somebody) -> Somebody:
    return replace(person, given=person.given.upper(), family=f" {person.family.upper()}")


OTHER_CHANGES: tuple[Change, ...] = (
    write_in_latin, give_initial, add_second_name, add_second_surname, misread_name, hit_neighbour_keys,
    leave_out_birthday, mistake_year, write_street_otherwise, write_email_otherwise, write_phone_otherwise, shout,
    move, take_other_email,
)  # fmt: skip


def make_other_double(random: Random, person: Somebody) -> Somebody:
    """Return the person with 1 to 3 changes of other kinds."""
    return _change(random, person, OTHER_CHANGES, random.randint(1, 3))
