from typing import Any

from claims.base.commands import Command as BaseCommand
from claims.contacts import renew_missing_keys


class Command(BaseCommand):
    help = (
        "Make the index anew by which people of one name are found again; they had none until now. Run it once after "
        "the update, and find_duplicates after it. It can be stopped and run again."
    )

    def run(self, **options: Any) -> dict[str, Any]:
        """Return how many people are found again from now on, and how many are in their matter twice."""
        return renew_missing_keys()
