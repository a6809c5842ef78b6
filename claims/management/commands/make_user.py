from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from claims.accounts import make_user
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Make an account. Its owner signs in with a code by e-mail and can set a password then."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the address and the name."""
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="as the office shows it")

    def run(self, **options: Any) -> dict[str, Any]:
        """Make the account."""
        user = make_user(options["email"], name=options["name"])
        return {"user": user.pk, "sign_in": f"{settings.BASE_URL}/accounts/login/code/"}
