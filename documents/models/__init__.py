"""Models of what leaves the office; always imported from here."""

from documents.models.certificates import Certificate
from documents.models.filings import Filing, FilingFile

__all__ = ["Certificate", "Filing", "FilingFile"]
