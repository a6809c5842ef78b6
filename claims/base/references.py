"""References: random, short enough to read on the phone, with a check character, and not to be guessed or counted."""

import secrets
from array import array

# Crockford's base 32: no I, L, O or U, so that nothing is misread or spells a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_TRIPLES = [a + b + c for a in ALPHABET for b in ALPHABET for c in ALPHABET]
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def make_reference() -> str:
    """Return a new reference: 11 random characters (55 bits) and one that checks them."""
    return make_references(1)[0]


def make_references(count: int) -> list[str]:
    """Return many new references; the random bits are asked for once."""
    return [_spell_reference(bits) for bits in array("Q", secrets.token_bytes(8 * count))]


def _spell_reference(bits: int) -> str:
    body = _TRIPLES[bits & 32767] + _TRIPLES[bits >> 15 & 32767] + _TRIPLES[bits >> 30 & 32767] + _PAIRS[bits >> 54]
    return body + _find_check(body)


def _find_check(body: str) -> str:
    """Return the character that finds every single wrong character and nearly every swap of two neighbours."""
    total = 0
    for symbol in body:  # the factor 3 is odd, so each place counts fully modulo 32
        total = (total * 3 + _VALUES[symbol]) & 31
    return ALPHABET[total]


def clean_reference(text: str) -> str:
    """Return what a person typed as a reference, or "" where it cannot be one (wrong length, sign or check)."""
    reference = text.upper().translate(_MISREAD)
    if len(reference) != LENGTH or any(symbol not in _VALUES for symbol in reference):
        return ""
    return reference if _find_check(reference[:-1]) == reference[-1] else ""


def show_reference(reference: str) -> str:
    """Return the reference in groups of four, as it is shown and read aloud."""
    return "-".join(reference[i : i + 4] for i in range(0, len(reference), 4))
