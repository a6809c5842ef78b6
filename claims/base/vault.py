"""Keys that are not in the database: blind indexes, signatures, and sealed fields.

What a person writes and uploads is sealed with a data key of that person, which a master key wraps. Whoever takes the
database cannot open it, and forgetting the data key erases what it sealed, in every backup too.
"""

import base64
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

MASTER = "master"  # ids of master keys begin with this; the last one of FIELD_KEYS wraps what is new
NONCE = 12  # bytes; random, so one data key must not seal 2^32 values (NIST SP 800-38D, section 8.3)


class Unreadable(ValueError):
    """A sealed value that no key here opens: its key was erased, or it was changed or moved."""


def make_blind_index(value: str, *, purpose: str) -> str:
    """Return 32 hex characters that are equal for equal values; without the key nobody can try out values.

    `purpose` keeps the indexes of different fields apart. HMAC-SHA-256 (RFC 2104), cut to 128 bits.
    """
    return sign(value, purpose=purpose, key="index")[:32]


def sign(text: str, *, purpose: str, key: str) -> str:
    """Return the HMAC-SHA-256 of a text under one of FIELD_KEYS. Raises KeyError where the key is not there."""
    return hmac.digest(settings.FIELD_KEYS[key], f"{purpose}\0{text}".encode(), "sha256").hex()


def make_data_key() -> str:
    """Return a new data key, wrapped: the id of its master key and what that makes of it."""
    return _wrap(AESGCM.generate_key(256))


def rewrap(data_key: str) -> str:
    """Return the same data key under the newest master key. Raises Unreadable."""
    return _wrap(_unwrap(data_key))


def is_current(data_key: str) -> bool:
    """Whether the newest master key wraps this data key."""
    return data_key.startswith(f"{find_master()}:")


def is_same_key(data_key: str, other: str) -> bool:
    """Whether two wrapped keys are one, under whichever master keys. Raises Unreadable."""
    return bool(data_key and other) and hmac.compare_digest(_unwrap(data_key), _unwrap(other))


def find_master() -> str:
    """Return the id of the newest master key."""
    return [name for name in settings.FIELD_KEYS if name.startswith(MASTER)][-1]


def seal(data_key: str, plain: bytes, *, place: str) -> bytes:
    """Return the bytes sealed by AES-256-GCM. Only the same key opens them, and only for the same `place`.

    `place` names table, row and field, so that a value which somebody moves elsewhere does not open.
    """
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_unwrap(data_key)).encrypt(nonce, plain, place.encode())


def open_sealed(data_key: str, sealed: bytes, *, place: str) -> bytes:
    """Return what was sealed. Raises Unreadable."""
    try:
        return AESGCM(_unwrap(data_key)).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"what is sealed at {place} does not open") from None


def seal_text(data_key: str, text: str, *, place: str) -> str:
    """Return a text sealed, as text."""
    return base64.b64encode(seal(data_key, text.encode(), place=place)).decode()


def open_text(data_key: str, sealed: str, *, place: str) -> str:
    """Return the text that was sealed. Raises Unreadable."""
    try:
        return open_sealed(data_key, base64.b64decode(sealed, validate=True), place=place).decode()
    except ValueError:
        raise Unreadable(f"what is sealed at {place} does not open") from None


def _wrap(key: bytes) -> str:
    name, nonce = find_master(), os.urandom(NONCE)
    wrapped = nonce + AESGCM(settings.FIELD_KEYS[name]).encrypt(nonce, key, name.encode())
    return f"{name}:{base64.b64encode(wrapped).decode()}"


def _unwrap(data_key: str) -> bytes:
    name, _, wrapped = data_key.partition(":")
    try:
        sealed = base64.b64decode(wrapped, validate=True)
        return AESGCM(settings.FIELD_KEYS[name]).decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
    except (KeyError, InvalidTag, ValueError):
        raise Unreadable("the data key does not open; is its master key in FIELD_KEYS?") from None
