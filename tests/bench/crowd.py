"""A crowd of people who do not exist, with the likeness of a real one: common and rare names, families, twins, towns.

Names are put together from syllables, so that there are thousands in each state, the common ones far more often than
the rare ones (Zipf-Mandelbrot), and many differ by one letter. Written before the rules were tuned, and left alone then.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from config.synthetic.people import STATES

# consonants, vowels, ends of surnames, ends of given names, words for a street
WEST = ("b d f g h j k l m n p r s t v w br dr gr kl st sch", "a e i o u ä ö ü é è", "er mann berg stein e in ard x",
        "a e us in o ie ine y", "Straße Gasse Weg Allee Platz")  # fmt: skip
SOUTH = ("b c d f g l m n p r s t v z br cr gr tr", "a e i o u á é í ó ã ñu", "ez i o ini es etti ado eira", "a o e io ia ela",
         "Rua Via Calle Plaza Corso")  # fmt: skip
EAST = ("b c č d h j k l m n p r s š t v z ž ł cz st", "a e i o u á ě ý ó ą ę ő", "ski ová ek ić ov escu ai ys", "a o ek an ina usz",
        "ulica ul. utca Strada Trg")  # fmt: skip
NORTH = (
    "b d f g h j k l m n p r s t v sk st",
    "a e i o u å ä ö ø y",
    "sen son nen berg lund qvist",
    "a e ar i o in",
    "vej gatan tie väg",
)
GREEK = (
    "β γ δ θ κ λ μ ν π ρ σ τ φ χ στ",
    "α ε η ι ο ω ά έ ή ί ό ου",
    "όπουλος ίδης άκης άς ής",
    "ος α ης η ίνα",
    "Οδός Λεωφόρος",
)
CYRILLIC = ("б в г д ж з к л м н п р с т х ц ч ш", "а е и о у ъ я ю", "ов ев ски ова ева", "а ан ин о ка", "ул. бул.")
SOUNDS = {
    **dict.fromkeys(["AT", "BE", "DE", "FR", "IE", "LU", "NL"], WEST), **dict.fromkeys(["ES", "IT", "MT", "PT"], SOUTH),
    **dict.fromkeys(["CZ", "HR", "HU", "LT", "LV", "PL", "RO", "SI", "SK"], EAST), **dict.fromkeys(["DK", "EE", "FI", "SE"], NORTH),
    **dict.fromkeys(["CY", "GR"], GREEK), "BG": CYRILLIC,
}  # fmt: skip
FEW_SURNAMES = {"DK", "ES", "PT", "SE", "BG"}  # states where the common surnames are very common
HOUSEHOLDS = (1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5)  # claimants of one home in the book


@dataclass(frozen=True)
class Somebody:
    """One person as a row of the book would say it; "" is unknown."""

    given: str
    family: str
    born: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    state: str


class Choice:
    """A list from which the first are drawn most often, as names are."""

    def __init__(self, words: list[str], *, shift: float, power: float) -> None:
        self.words = words
        self._sums = list(accumulate(1 / (rank + shift) ** power for rank in range(1, len(words) + 1)))

    def draw(self, random: Random) -> str:
        """Return a word, the first ones most often."""
        return self.words[bisect(self._sums, random.random() * self._sums[-1])]


class Land:
    """The names, streets and towns of one state."""

    def __init__(self, state: str) -> None:
        random = Random(f"land {state}")
        consonants, vowels, surname_ends, given_ends, roads = (part.split() for part in SOUNDS[state])

        def make(syllables: tuple[int, ...], ends: list[str]) -> str:
            stem = "".join(random.choice(consonants) + random.choice(vowels) for _ in range(random.choice(syllables)))
            coda = random.choice(consonants) if random.random() < 0.6 else ""
            return (stem + coda + random.choice(ends)).capitalize()

        def make_many(count: int, syllables: tuple[int, ...], ends: list[str]) -> list[str]:
            return list(dict.fromkeys(make(syllables, ends) for _ in range(count)))

        few = state in FEW_SURNAMES
        self.state = state
        self.surnames = Choice(
            make_many(2500 if few else 9000, (1, 2, 2, 3), surname_ends), shift=8 if few else 25, power=0.95
        )
        self.given = Choice(make_many(700, (1, 1, 2), given_ends), shift=6, power=1.0)
        self.towns = Choice(make_many(900, (1, 2), ["stad", "burg", "ville", ""]), shift=10, power=0.9)
        self.roads, self.streets = roads, Choice(make_many(3000, (1, 2, 3), [""]), shift=10, power=0.7)
        self._postcodes = {town: random.randrange(1000, 98000) for town in self.towns.words}

    def draw_address(self, random: Random) -> tuple[str, str, str]:
        """Return street, postcode and town."""
        town = self.towns.draw(random)
        flat = f"/{random.randrange(1, 40)}" if random.random() < 0.25 else ""
        street = f"{random.choice(self.roads)} {self.streets.draw(random)} {random.randrange(1, 150)}{flat}"
        return street, str(self._postcodes[town] + random.randrange(6)), town


LANDS = {state: Land(state) for state in STATES}
PROVIDERS = Choice([f"mail{n}.example" for n in range(1, 40)], shift=1, power=1.2)


def make_crowd(count: int, seed: int) -> Iterator[Somebody]:
    """Yield so many people, home by home. The same arguments give the same people."""
    random = Random(seed)
    states, weights = list(STATES), [entry[1] for entry in STATES.values()]
    left = count
    while left:
        home = make_home(random, LANDS[random.choices(states, weights)[0]], min(random.choice(HOUSEHOLDS), left))
        left -= len(home)
        yield from home


def make_home(random: Random, land: Land, size: int) -> list[Somebody]:
    """Return the people of one home: parents and children, now and then twins, or a son with his father's name."""
    street, postcode, city = land.draw_address(random)
    family, phone, email = land.surnames.draw(random), make_phone(random), ""
    home: list[Somebody] = []
    for place in range(size):
        given = land.given.draw(random)
        born = make_birthday(random, 1940, 1992) if place < 2 else make_birthday(random, 1993, 2008)
        name = family if random.random() < 0.85 else land.surnames.draw(random)
        if place == 3 and random.random() < 0.1:
            born = home[-1].born  # twins
        if place == 2 and random.random() < 0.02:
            given, name = home[0].given, home[0].family
        shares = place and random.random() < 0.25
        email = email if shares and email else make_email(random, given, name, born)
        own_phone = phone if random.random() < 0.4 else make_phone(random)
        home.append(
            Somebody(given, name, born if random.random() < 0.99 else "", email,
                     own_phone if random.random() < 0.5 else "", street, postcode, city, land.state)
        )  # fmt: skip
    return home


def make_birthday(random: Random, first: int, last: int) -> str:
    """Return a date of birth; the first of January is more frequent than others, as in registers."""
    if random.random() < 0.004:
        return date(random.randint(first, last), 1, 1).isoformat()
    return (date(first, 1, 1) + timedelta(days=random.randrange(365 * (last - first + 1)))).isoformat()


def make_phone(random: Random) -> str:
    """Return a number that nobody has."""
    return f"+00 {random.randrange(100, 999)} {random.randrange(10**6, 10**7)}"


def make_email(random: Random, given: str, family: str, born: str) -> str:
    """Return an address as people choose them: from their names, often with a number, sometimes from neither."""
    parts = [fold(given), fold(family)] if random.random() < 0.8 else [fold(given)[:4] + fold(family)[:1]]
    number = random.choice(("", "", born[2:4], str(random.randrange(100))))
    if random.random() < 0.15:
        parts, number = ["".join(random.choices("abcdefghiklmnoprstuvwz", k=8))], number
    return f"{random.choice(('.', '', '_')).join(parts)}{number}@{PROVIDERS.draw(random)}"


FOLD = str.maketrans(
    "äöüéèáíóãñěýąęőåøčšžłćβγδθκλμνπρστφχςαεηιοωάέήίόυбвгджзклмнпрстхцчшаеиоуъяю",
    "aoueeaioaneyaeoaocszlcvgdtklmnprstfxsaeiiooaeeioybvgdjzklmnprsthccsaeiouayy",
)


def fold(text: str) -> str:
    """Return a name in the letters of an e-mail address, roughly."""
    folded = text.lower().translate(FOLD).encode("ascii", "ignore").decode().replace(" ", "")
    return folded or "x"


def move(random: Random, person: Somebody) -> Somebody:
    """Return the person at another address, mostly of the same state."""
    land = LANDS[person.state] if random.random() < 0.8 else LANDS[random.choice(list(LANDS))]
    street, postcode, city = land.draw_address(random)
    return replace(person, street=street, postcode=postcode, city=city, state=land.state)
