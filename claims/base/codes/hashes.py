"""What of codes and tokens is stored: keyed hashes, which nobody with the database alone can try out."""

import unicodedata

from claims.base.vault import sign

DIGITS = 8
DASHES = "-\u2010\u2011\u2012\u2013"  # as phones and word processors make of one


def hash_code(code: str, *, address_key: str, purpose: str) -> str:
    """Return the keyed hash of a code as somebody typed it; for another address or purpose it is another."""
    return sign(f"{purpose}\0{address_key}\0{clean_code(code)}", purpose="one-time code", key="index")


def hash_token(token: str) -> str:
    """Return the keyed hash of the token of a link. It has 256 bits, so looking it up gives no hint by time."""
    return sign(token, purpose="one-time token", key="index")


def clean_code(text: str) -> str:
    """Return the digits that were typed, of any script, without spaces and dashes; the rest stays and is wrong."""
    return "".join(_read_digit(mark) for mark in text if not mark.isspace() and mark not in DASHES)


def _read_digit(mark: str) -> str:
    value = unicodedata.decimal(mark, None)
    return mark if value is None else str(value)


def show_code(code: str) -> str:
    """Return a code in two groups of four, as it is shown and read aloud."""
    return f"{code[:4]}-{code[4:]}"
