from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from claims.accounts import find_user
from claims.base.commands import Command as BaseCommand
from claims.base.errors import Refused
from config.factors import reckon_code


class Command(BaseCommand):
    help = "Show the code that the authenticator app of a person of the demonstration shows now."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add who."""
        parser.add_argument("email")

    def run(self, **options: Any) -> dict[str, Any]:
        """Reckon the code, on one's own machine and for invented people only."""
        if not settings.IS_OWN_MACHINE or not options["email"].endswith("@redress.example"):
            raise Refused("this is for the people of the demonstration on your own machine; others look at their app")
        code = reckon_code(find_user(options["email"]))
        if code is None:
            raise Refused("this person has no authenticator app; sign in with a code by e-mail and set one up")
        return {"code": code}
