from typing import Any

from claims.base.checkpoints import make_checkpoint
from claims.base.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Note outside the database how far the history has come. Beat does it each minute."

    def run(self, **options: Any) -> dict[str, Any]:
        """Make a checkpoint where something has happened since the last one."""
        return {"checkpoint": make_checkpoint()}
