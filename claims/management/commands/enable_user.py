from argparse import ArgumentParser
from typing import Any

from claims.accounts import enable_user, find_user
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Open a closed account again."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add who."""
        parser.add_argument("email")

    def run(self, **options: Any) -> dict[str, Any]:
        """Do it."""
        user = find_user(options["email"])
        enable_user(user)
        return {"user": user.pk, "is_active": user.is_active}
