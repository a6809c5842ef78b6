import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import run_job
from claims.base.documents import read_document
from claims.counts import count_by_outcome
from claims.criteria import check_criteria
from claims.models import Action
from claims.screening import dry_run, find_active_screening, start_screening


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
        document = read_document(file, schema="criteria")
        events = {event.key: event.on.isoformat() for event in action.events.all() if event.on}
        found = dry_run(action, check_criteria(document, action.questions, events))
        for reference, old, new in found.moving:
            self.say(f"{reference}: {old or 'unscreened'} > {new}")
        if (more := sum(found.moves.values()) - len(found.moving)) > 0:
            self.say(f"and {more:,} more")
        self.say("a dry run: nothing was written; the criteria version is the one in force")
        return {
            "criteria_version": action.criteria.number if action.criteria else None,
            **found.outcomes,
            "changed": 0,
            "by_criterion": found.by_criterion,
            "moves": found.moves,
            "tier_moves": found.tier_moves,
        }
