import csv
import time
from argparse import ArgumentParser
from itertools import chain, islice
from pathlib import Path
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import run_job
from claims.base.errors import Refused
from claims.joining import drop_file, list_doubts, list_faults, receive_file
from claims.models import JoiningFile

SHOWN = 20
COUNTED = ("read", "joined", "known", "refused", "unknown", "joined_before")  # the last two of a dry run


class Command(BaseCommand):
    help = (
        "Record proofs of joining from a CSV file. Wrong lines are listed, the rest is done; a repeat changes nothing."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action and the files."""
        parser.add_argument("action", help="slug of the action")
        parser.add_argument("file", type=Path, help="proofs as CSV (README, Proofs of joining)")
        parser.add_argument("--source", default="", help="which document the file is; its name if not given")
        parser.add_argument("--dry-run", action="store_true", help="only say what would come of it")
        parser.add_argument("--errors", type=Path, help="write lines that are not taken here as line, column, reason")

    def run(self, **options: Any) -> dict[str, Any]:
        """Take the file in, wait for the job, and list what was not taken."""
        began, path = time.monotonic(), options["file"]
        action = get_action(options["action"])
        try:
            stream = path.open("rb")
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror}") from None
        is_dry, source = options["dry_run"], options["source"] or path.name
        with stream:
            job = receive_file(action, stream, name=path.name, source=source, by=None, is_looked_at=is_dry)
        job = run_job(job, say=self.say)
        file = JoiningFile.objects.get(job=job)
        self._list_faults(file, options["errors"])
        if is_dry:
            drop_file(file, by=None)
        numbers = {name: job.result[name] for name in COUNTED if name in job.result}
        seconds = round(time.monotonic() - began, 3)
        return numbers | {"seconds": seconds, "ok": not numbers["refused"] or numbers["joined"] + numbers["known"] > 0}

    def _list_faults(self, file: JoiningFile, errors: Path | None) -> None:
        faults = chain(list_faults(file), list_doubts(file))
        if errors is None:
            for line, column, reason in islice(faults, SHOWN):
                self.say(f"line {line}, {column or 'row'}: {reason}")
            return
        with errors.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["line", "column", "reason"])
            writer.writerows(faults)
