"""What each sign counts, in points: a versioned record. With a new VERSION all is compared anew.

One point is about a factor of two in the odds that both claims are of one person (Fellegi and Sunter, A theory for
record linkage, JASA 64, 1969).
"""

from typing import NamedTuple

VERSION = 1


class Weight(NamedTuple):
    """The points of a sign, and why so many."""

    points: int
    why: str


WEIGHTS: dict[str, Weight] = {
    "given_same": Weight(7, "one in 200 people shares a given name by chance"),
    "given_similar": Weight(4, "one or two letters: a slip, or another name"),
    "given_part": Weight(3, "one given name of several, or its initial"),
    "given_common": Weight(5, "the same, and a common name in this book"),
    "given_rare": Weight(9, "hardly anybody else in this book is called so"),
    "given_near": Weight(-9, "half of the letters: two slips, or the other twin"),
    "given_different": Weight(-40, "twins, partners and parents share all else: outweighs everything a family shares"),
    "family_rare": Weight(12, "hardly anybody else in this book is called so"),
    "family_same": Weight(9, "one in a thousand"),
    "family_common": Weight(6, "the same, and a common name in this book"),
    "family_similar": Weight(8, "one or two letters"),
    "family_part": Weight(5, "one of two names: marriage, hyphens"),
    "family_near": Weight(-2, "half of the letters"),
    "family_different": Weight(-8, "people change their name when they marry, seldom otherwise"),
    "names_swapped": Weight(1, "given and family name change places in forms"),
    "birth_same": Weight(14, "one day of 25,000"),
    "birth_swapped": Weight(13, "day and month in the other order"),
    "birth_close": Weight(8, "two of year, month and day agree, the third is a slip away"),
    "birth_part": Weight(2, "two of year, month and day agree"),
    "birth_unknown": Weight(-4, "a father and a son can share a name and a home"),
    "birth_different": Weight(-30, "a father and a son can share a name and a home, never a birthday"),
    "email_same": Weight(10, "families share addresses, strangers do not"),
    "email_similar": Weight(4, "same with a tag, dots or at another provider, or a letter off: a sign, no identity"),
    "email_named": Weight(0, "alike, but made of the names alone: namesakes have that too"),
    "email_different": Weight(-1, "people have several"),
    "phone_same": Weight(8, "families share numbers"),
    "phone_different": Weight(-1, "people have several"),
    "address_same": Weight(8, "families share homes"),
    "address_similar": Weight(5, "street or number written otherwise"),
    "address_town": Weight(0, "the same postcode"),
    "address_different": Weight(-1, "people move"),
}  # fmt: skip
THRESHOLD = 20  # from here on a person looks at a pair
