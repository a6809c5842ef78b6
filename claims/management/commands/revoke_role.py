from argparse import ArgumentParser
from typing import Any

from claims.accounts import find_action, find_user, revoke_role
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Take the role of a user in an action away."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add who and where."""
        parser.add_argument("email")
        parser.add_argument("action")

    def run(self, **options: Any) -> dict[str, Any]:
        """Revoke the role."""
        user, action = find_user(options["email"]), find_action(options["action"])
        revoke_role(user, action)
        return {"user": user.pk, "action": action.slug, "role": None}
