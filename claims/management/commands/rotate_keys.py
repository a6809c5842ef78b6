from typing import Any

from claims.base.commands import Command as BaseCommand
from claims.keys import rotate_keys


class Command(BaseCommand):
    help = "Wrap every data key with the newest master key. It can be stopped and goes on where it was."

    def run(self, **options: Any) -> dict[str, Any]:
        """Rotate, and say how many keys were wrapped anew and how many a missing master key left behind."""
        return rotate_keys(say=self.say).__dict__
