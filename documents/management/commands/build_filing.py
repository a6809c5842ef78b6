import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import run_job
from claims.base.errors import Refused
from documents.filings import LANGUAGES, copy_filing, find_replaced, start_filing
from documents.filings.runs import find_run
from documents.models import Filing


class Command(BaseCommand):
    help = "Build a filing of an action as PDF from a frozen snapshot, with a manifest; check and seal it."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action, the kind and where the files go."""
        parser.add_argument("action", help="slug of the action")
        parser.add_argument("kind", choices=Filing.Kind.values)
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the filing (default: en)")
        parser.add_argument(
            "--rendering", choices=Filing.Rendering.values, default="", help="of a register (default: full)"
        )
        parser.add_argument("--scenario", metavar="NAME", default="", help="whose newest run is used (default: base)")
        parser.add_argument("--replaces", type=UUID, metavar="CODE", help="the sealed filing that this one corrects")
        parser.add_argument("--out", type=Path, metavar="DIR", help="copy the files to this new or empty folder")
        parser.add_argument("--sign", type=Path, metavar="KEY.p12", help="not yet: signing comes with a later release")

    def run(self, **options: Any) -> dict[str, Any]:
        """Build, wait, copy."""
        began = time.monotonic()
        if options["sign"]:
            raise Refused("filings cannot be signed yet; leave --sign out and sign the files with your own tool")
        action, kind = get_action(options["action"]), options["kind"]
        filing = start_filing(
            action, kind, language=options["language"], rendering=options["rendering"],
            run=find_run(action, kind, options["scenario"]), replaces=find_replaced(action, options["replaces"]),
        )  # fmt: skip
        if not filing.is_sealed and filing.job:
            run_job(filing.job, say=self.say)
            filing.refresh_from_db()
        if options["out"]:
            copy_filing(filing, options["out"])
        return describe(filing, options["out"] or filing.folder) | {"seconds": round(time.monotonic() - began, 3)}


def describe(filing: Filing, folder: Path) -> dict[str, Any]:
    """Return what the command prints."""
    keys = ("name", "sha256", "bytes", "pages", "rows")
    return {
        "filing": str(filing.code),
        "kind": filing.kind,
        "language": filing.language,
        "rendering": filing.rendering,
        "files": [{key: file[key] for key in keys} for file in filing.manifest["files"]],
        "rows": filing.rows,
        "snapshot_sha256": filing.snapshot_sha256,
        "manifest_sha256": filing.manifest_sha256,
        "folder": str(folder),
    }
