from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from claims.base.checkpoints import compare_checkpoints
from claims.base.commands import Command as BaseCommand
from claims.base.history import verify_history


class Command(BaseCommand):
    help = "Check the chain of the history, and compare it with the checkpoints outside the database."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add a copy of the checkpoints."""
        parser.add_argument("--checkpoints", type=Path, help="a copy that was kept elsewhere, or lines of the log")

    def run(self, **options: Any) -> dict[str, Any]:
        """Walk the chain; name the first event that is wrong, and what the checkpoints say is missing."""
        events, bad = verify_history()
        if bad is not None:
            self.say(f"the history is broken at event {bad}: it or the tail after it was changed or removed")
        checkpoints, faults = compare_checkpoints(options["checkpoints"])
        for fault in faults[:20]:
            self.say(fault)
        if not checkpoints:
            self.say("no checkpoints found: a cut tail or a history written anew would not show")
        return {"events": events, "checkpoints": checkpoints, "faults": len(faults), "ok": bad is None and not faults}
