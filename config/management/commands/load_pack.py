from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from claims.base.commands import Command as BaseCommand
from claims.packs import load_pack


class Command(BaseCommand):
    help = "Set up or renew an action from a pack (a folder of YAML files)."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder."""
        parser.add_argument("folder", type=Path)

    def run(self, **options: Any) -> dict[str, Any]:
        """Load the pack."""
        loaded = load_pack(options["folder"])
        return {
            "action": loaded.action.slug,
            "criteria_version": loaded.criteria.number,
            "criteria": len(loaded.criteria.document["criteria"]),
            "declarations": loaded.declarations,
            "scenarios": 0,
            "changed": loaded.changed,
        }
