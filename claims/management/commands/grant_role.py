from argparse import ArgumentParser
from datetime import date
from typing import Any

from claims.accounts import find_action, find_user, grant_role
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Let a user work in an action, in one role, and if you say so until a day."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add who, where and what."""
        parser.add_argument("email")
        parser.add_argument("action")
        parser.add_argument("role", help="lawyer, staff, finance, auditor or administrator")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="the last day, like 2027-03-31")

    def run(self, **options: Any) -> dict[str, Any]:
        """Grant the role."""
        user, action = find_user(options["email"]), find_action(options["action"])
        role = grant_role(user, action, options["role"], until=options["until"])
        ends_at = role.ends_at.isoformat() if role.ends_at else None
        return {"user": user.pk, "action": action.slug, "role": role.name, "ends_at": ends_at}
