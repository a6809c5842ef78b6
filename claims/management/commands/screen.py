import time
from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import run_job
from claims.base.documents import read_document
from claims.base.jobs import find_active_job
from claims.counts import count_by_outcome
from claims.criteria import check_criteria
from claims.drafting.sources import list_event_dates
from claims.dry_runs import KIND, UNSCREENED, list_moves, name_claims, start_dry_run
from claims.models import Action, Claim, DryRun
from claims.packs import build_criteria_document
from claims.screening import find_active_screening, start_screening

LISTED = 100


class Command(BaseCommand):
    help = "Apply the criteria of an action to its claims, or show what a draft of the criteria would change."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action and the draft."""
        parser.add_argument("action", help="slug of the action")
        parser.add_argument("--dry-run", type=Path, metavar="CRITERIA.yaml", help="show the moves, write nothing")

    def run(self, **options: Any) -> dict[str, Any]:
        """Screen, or run dry."""
        began = time.monotonic()
        action = get_action(options["action"])
        result = self._run_dry(action, options["dry_run"]) if options["dry_run"] else self._screen(action)
        return {**result, "seconds": round(time.monotonic() - began, 3)}

    def _screen(self, action: Action) -> dict[str, Any]:
        if left := find_active_screening(action):
            run_job(left, say=self.say)
        job = run_job(start_screening(action, by=None), say=self.say)
        counts = count_by_outcome(action)
        del counts[""]
        return {"criteria_version": job.params["criteria_number"], **counts, **job.result}

    def _run_dry(self, action: Action, file: Path) -> dict[str, Any]:
        source = read_document(file, schema="criteria")
        events = list_event_dates(action)
        check_criteria(source, action.questions, events)
        if left := find_active_job(KIND, action):
            run_job(left, say=self.say)
        found = start_dry_run(action, build_criteria_document(source, action.questions, events), by=None)
        job = run_job(found.job, say=self.say)
        self._list_moves(found, sum(job.result["moves"].values()))
        self.say("a dry run: nothing was written; the criteria version is the one in force")
        return {
            "criteria_version": action.criteria.number if action.criteria else None,
            **job.result["outcomes"],
            "changed": 0,
            **{name: job.result[name] for name in ("by_criterion", "moves", "tier_moves")},
        }

    def _list_moves(self, found: DryRun, total: int) -> None:
        moves = islice(list_moves(found), LISTED)
        for reference, move in name_claims(moves, Claim.objects.filter(action=found.action)):
            self.say(f"{reference}: {move.old or UNSCREENED} > {move.new}")
        if (more := total - LISTED) > 0:
            self.say(f"and {more:,} more")
