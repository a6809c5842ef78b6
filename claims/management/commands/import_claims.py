from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.imports import import_claims
from claims.imports.complaints import ImportResult


class Command(BaseCommand):
    help = "Import claims from a CSV file. Wrong rows are listed, the rest goes in; a repeat brings nothing new."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action and the files."""
        parser.add_argument("action", help="slug of the action")
        parser.add_argument("file", type=Path, help="claims as CSV (README, Claims CSV)")
        parser.add_argument("--errors", type=Path, help="write refused rows here as line, column, reason")

    def run(self, **options: Any) -> dict[str, Any]:
        """Import the file."""
        result = import_claims(get_action(options["action"]), options["file"], errors=options["errors"])
        if not options["errors"]:
            self._show_complaints(result)
        numbers = asdict(result)
        del numbers["first_complaints"]
        return numbers | {"ok": not result.refused or bool(result.imported + result.known)}

    def _show_complaints(self, result: ImportResult) -> None:
        for line, column, reason in result.first_complaints:
            self.say(f"line {line}, {column or 'row'}: {reason}")
        if result.refused:
            self.say(f"{result.refused:,} rows are refused; --errors FILE lists every reason")
