"""What workers must know of this app."""

from documents import filings  # noqa: F401  # makes its kind of job known
