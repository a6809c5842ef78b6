from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """In the place of Django's: nobody here may do everything."""

    help = "Not offered: rights come from roles only. Use make_user and grant_role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse."""
        raise CommandError("there are no superusers; use `make_user EMAIL` and `grant_role EMAIL ACTION ROLE`")
