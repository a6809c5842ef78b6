"""Days in filings are those of the court's time zone, as on pages and certificates."""

from datetime import UTC, date, datetime

from claims.models import Claim
from documents.filings.describing import describe_criteria
from documents.filings.registers import iterate_rows

AFTER_MIDNIGHT = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)  # 1 March, 00:30 in Vienna


def test_the_register_shows_the_day_of_the_court_not_that_of_utc(book):
    Claim.objects.filter(action=book).update(registered_at=AFTER_MIDNIGHT, joined_on=date(2026, 3, 1))
    row = next(iterate_rows(book, book.criteria_versions.latest("number"), {}))
    assert (row["registered_on"], row["joined_on"]) == ("2026-03-01", "2026-03-01")


def test_criteria_are_of_the_day_of_the_court(book):
    version = book.criteria_versions.latest("number")
    version.published_at = AFTER_MIDNIGHT
    assert describe_criteria(version)["published_at"][:10] == "2026-03-01"
