from argparse import ArgumentParser
from typing import Any

from claims.accounts import find_action, find_user, grant_role
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Let a user work in an action, as a lawyer or on the staff. Each has one role in an action."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add who, where and what."""
        parser.add_argument("email")
        parser.add_argument("action")
        parser.add_argument("role", help="lawyer or staff")

    def run(self, **options: Any) -> dict[str, Any]:
        """Grant the role."""
        user, action = find_user(options["email"]), find_action(options["action"])
        role = grant_role(user, action, options["role"])
        return {"user": user.pk, "action": action.slug, "role": role.name}
