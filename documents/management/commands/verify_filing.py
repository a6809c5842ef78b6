from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from claims.base.commands import Command as BaseCommand
from documents.filings import verify_folder


class Command(BaseCommand):
    help = "Verify the files of a filing by its manifest. Needs no database and no network."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the folder."""
        parser.add_argument("folder", type=Path, metavar="DIR")

    def run(self, **options: Any) -> dict[str, Any]:
        """Return what was found; the first difference is named."""
        found = verify_folder(options["folder"])
        if not found.ok:
            self.say(found.difference)
        result: dict[str, Any] = {"ok": found.ok, "files": found.files, "rows": found.rows, "signed": False}
        return result if found.ok else {**result, "difference": found.difference}
