"""Who may see what of documents. Rows reach pages and the API through these functions only."""

from claims.models import Claim
from documents.certificates import find_by_code, find_certificate
from documents.models import Certificate


def get_certificate(claim: Claim) -> tuple[Certificate | None, bool]:
    """Return the certificate of a claim that was already found for this person, and whether it is of today."""
    return find_certificate(claim)


def get_genuine(code: str) -> Certificate | None:
    """Return the certificate with this code: whoever holds the paper may ask."""
    return find_by_code(code)
