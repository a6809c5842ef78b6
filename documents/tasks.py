"""What workers must know of this app."""

from documents import (
    certificates,  # noqa: F401  # makes known how they are erased
    filings,  # noqa: F401  # makes its kind of job known
)
