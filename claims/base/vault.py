"""Keys that are not in the database: blind indexes, so that equal values are found without being readable."""

import hmac

from django.conf import settings


def make_blind_index(value: str, *, purpose: str) -> str:
    """Return 32 hex characters that are equal for equal values; without the key nobody can try out values.

    `purpose` keeps the indexes of different fields apart. HMAC-SHA-256 (RFC 2104), cut to 128 bits.
    """
    key = settings.FIELD_KEYS["index"]
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()[:32]


def sign(text: str, *, purpose: str, key: str) -> str:
    """Return the HMAC-SHA-256 of a text under one of FIELD_KEYS. Raises KeyError where the key is not there."""
    return hmac.digest(settings.FIELD_KEYS[key], f"{purpose}\0{text}".encode(), "sha256").hex()
