from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.errors import Refused
from config.synthetic import write_claims


def read_count(text: str) -> int:
    """Return a number of rows that a machine can hold."""
    if not text.isdigit() or int(text) > 100_000_000:
        raise ArgumentTypeError("must be a whole number from 0 to 100,000,000")
    return int(text)


def read_share(text: str) -> float:
    """Return a share from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ArgumentTypeError("must be a share from 0 to 1")
    return share


class Command(BaseCommand):
    help = "Write a CSV of claims of people who do not exist. The same seed gives the same bytes."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action, the number of rows, and what they are like."""
        parser.add_argument("action", help="slug of the action, for its questions")
        parser.add_argument("rows", type=read_count)
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--bad", type=read_share, default=0.0, metavar="SHARE", help="share of malformed rows")

    def run(self, **options: Any) -> dict[str, Any]:
        """Write the file."""
        version = get_action(options["action"]).criteria
        if version is None:
            raise Refused("the action has no criteria; load its pack first")
        bad = write_claims(options["out"], version.document, options["rows"], seed=options["seed"], bad=options["bad"])
        return {"rows": options["rows"], "bad": bad}
