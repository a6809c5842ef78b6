from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from claims.base.commands import Command as BaseCommand
from claims.base.errors import Refused
from claims.replaying import replay_erasures


class Command(BaseCommand):
    help = "After a backup was restored: erase again whom the log of erasures names."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add where the log lies."""
        parser.add_argument("--log", default=settings.ERASURES_LOG, help="a copy of the log kept elsewhere")

    def run(self, **options: Any) -> dict[str, Any]:
        """Erase, and return what came of the lines. Exit status 1 where some are held or damaged."""
        path = Path(options["log"])
        if not path.exists():
            raise Refused(f"there is no file {path}; give a copy of the log of erasures with --log")
        done = replay_erasures(path, say=self.say)
        return asdict(done) | {"ok": not (done.held or done.damaged)}
