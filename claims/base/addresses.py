"""E-mail addresses: when two are the same, and how to find rows by one."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.vault import make_blind_index

LENGTH = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


def check_address(text: str) -> str:
    """Return the address as somebody typed it, without what surrounds it. Raises Refused where it is none."""
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > LENGTH:
        raise Refused(_("This is no e-mail address. Write it like name@example.org."))
    return address


def make_address_key(address: str) -> str:
    """Return the blind index of an address: the same for all ways to write it, and nobody can try out addresses."""
    folded = unicodedata.normalize("NFKC", address).strip().lower()
    return make_blind_index(folded, purpose="e-mail address")
