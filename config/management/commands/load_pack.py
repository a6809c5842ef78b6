from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from claims.base.commands import Command as BaseCommand
from redress.loading import load_pack


class Command(BaseCommand):
    help = "Set up or renew an action from a pack (a folder of YAML files)."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="lose the facts that were changed in the browser since the last load",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        """Load the pack."""
        loaded = load_pack(options["folder"], overwrites=options["overwrite"])
        for warning in loaded.pack.warnings:
            self.say(f"warning: {warning}")
        criteria = loaded.pack.criteria
        return {
            "action": loaded.pack.action.slug,
            "criteria_version": criteria.number,
            "criteria": len(criteria.document["criteria"]),
            "declarations": loaded.pack.declarations,
            "scenarios": loaded.scenarios,
            "changed": loaded.changed,
        }
