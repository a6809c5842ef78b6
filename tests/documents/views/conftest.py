"""The same cast as on the pages of claims, and filings to look at."""

import pytest

from tests.claims.views.conftest import people, visit
from tests.documents.conftest import build

__all__ = ["people", "visit"]


@pytest.fixture
def sealed(book):
    """A sealed register of the small action, full."""
    return build(book, "claimant-register")
