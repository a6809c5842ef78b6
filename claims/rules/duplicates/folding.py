"""Normal forms: one way of writing for what people write in many, so that comparing begins where they really differ."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from claims.rules.names import DIAERESIS, GREEK_PAIRS, JOINING, PLAIN, hear

PARTICLES = frozenset({
    "von", "van", "vom", "zu", "zum", "zur", "und", "der", "den", "dem", "des", "de", "del", "della", "dello",
    "di", "da", "do", "dos", "das", "du", "la", "le", "les", "el", "y", "e", "i", "ter", "ten", "af", "av",
    "bin", "ibn", "al", "dr", "prof", "mag", "ing", "dipl",
})  # fmt: skip
# One sound written in many ways: "ue" for "ü", "ph" for "f". Blurs a little on both sides alike.
SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f"), ("th", "t"), ("ck", "k"))
JOINING_BUT_DOTS = {sign: None for sign in JOINING if sign != ord(".")}  # the dot ends an initial
WORDS = re.compile(r"[^\W_]+")
ROADS = frozenset({
    "str", "strasse", "straße", "gasse", "g", "weg", "allee", "platz", "ulica", "ul", "strada", "via", "calle",
    "c", "rua", "rue", "avenue", "av", "gatan", "vej", "tie", "street", "st", "road", "rd", "nr", "no", "n",
    "number", "numero", "hausnr", "bul", "odos", "leoforos",
})  # fmt: skip


class Record(NamedTuple):
    """What is known of a claimant, as written. "" is unknown; `born` is an ISO date."""

    given: str
    family: str
    born: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    country: str


class Name(NamedTuple):
    """A name in its normal form: its words in one, the words apart, and how it sounds."""

    text: str
    words: tuple[str, ...]
    sound: str
    plain: str  # before spellings are blurred, as in an e-mail address


class Folded(NamedTuple):
    """A record in its normal form."""

    given: Name
    family: Name
    born: tuple[str, str, str] | None  # year, month, day
    email: str
    local: str  # before the @, without tags and dots: a weaker sign, never an identity
    phone: str
    street: str
    number: str  # of the house, and of the flat
    postcode: str
    city: str
    country: str


def fold_record(record: Record) -> Folded:
    """Return a record in its normal form."""
    email = record.email.strip().lower()
    street, number = fold_street(record.street)
    return Folded(
        fold_name(record.given), fold_name(record.family),
        read_day(record.born),
        email, fold_local(email), fold_phone(record.phone), street, number,
        "".join(WORDS.findall(record.postcode.lower())), fold_text(record.city), record.country,
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def read_day(text: str) -> tuple[str, str, str] | None:
    """Return year, month and day of an ISO date, or None for an unknown one."""
    return tuple(text.split("-")) if text else None  # type: ignore[return-value]  # three parts of a date


@lru_cache(maxsize=100_000)
def fold_text(text: str) -> str:
    """Return a text in small Latin letters without accents; what is no letter or digit becomes a space."""
    if not text.isascii():
        # The same letters as in the search for names (claims.rules.names).
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(sign for sign in text if sign == DIAERESIS or not unicodedata.combining(sign))
        for pair, latin in GREEK_PAIRS.items():
            text = text.replace(pair, latin)
        text = text.replace(DIAERESIS, "").translate(PLAIN)
    return " ".join(WORDS.findall(text.lower()))


@lru_cache(maxsize=200_000)
def fold_name(text: str) -> Name:
    """Return a name without particles and titles, as long as anything else is left of it."""
    plain = folded = fold_text(text.translate(JOINING_BUT_DOTS))
    for spelling, sound in SPELLINGS:
        folded = folded.replace(spelling, sound)
    words = folded.split()
    words = [word for word in words if word not in PARTICLES] or words
    return Name("".join(words), tuple(words), sound_out(max(words, key=len, default="")), plain.replace(" ", ""))


def sound_out(word: str) -> str:
    """Return the first six consonants of a word as they sound; its first letter alone where it has none."""
    return hear(word)[:6] or word[:1]


@lru_cache(maxsize=50_000)
def fold_street(text: str) -> tuple[str, str]:
    """Return the name of a street without the word for street, and its numbers in the order given."""
    words = fold_text(text).split()
    numbers = [word for word in words if word[0].isdigit()]
    name = [word for word in words if not word[0].isdigit() and word not in ROADS] or [
        w for w in words if w not in numbers
    ]
    return "".join(name).replace("strasse", "str"), " ".join(numbers)


def fold_local(email: str) -> str:
    """Return what stands before the @, without a tag after + and without dots, lines and hyphens."""
    local = email.partition("@")[0].partition("+")[0]
    return local.replace(".", "").replace("_", "").replace("-", "")


def fold_phone(text: str) -> str:
    """Return the last nine digits: the country is written in too many ways. Fewer than six tell nothing."""
    digits = "".join(filter(str.isdigit, text))
    return digits[-9:] if len(digits) >= 6 else ""
