from argparse import ArgumentParser
from typing import Any

from claims.accounts import disable_user, find_user
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Close an account: nobody can sign in with it, and all its sessions end."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add who."""
        parser.add_argument("email")

    def run(self, **options: Any) -> dict[str, Any]:
        """Do it."""
        user = find_user(options["email"])
        disable_user(user)
        return {"user": user.pk, "is_active": user.is_active}
