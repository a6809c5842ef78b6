from argparse import ArgumentParser
from typing import Any

from claims.base.commands import Command as BaseCommand
from claims.expiring import delete_drafts


class Command(BaseCommand):
    help = "Delete registrations that were never sent and whose time is over; tell people before. Beat does it hourly."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the way to look first."""
        parser.add_argument("--dry-run", action="store_true", help="count only, and change nothing")

    def run(self, **options: Any) -> dict[str, Any]:
        """Return how many people are told, and how many registrations are deleted."""
        return delete_drafts(is_trial=options["dry_run"]).__dict__
