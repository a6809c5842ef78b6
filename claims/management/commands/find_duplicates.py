import time
from argparse import ArgumentParser
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import OwnWorker, run_job
from claims.duplicates import find_active_search, start_search
from claims.models import Job


class Command(BaseCommand):
    help = "Search the book of an action for claims that may be of one person. Nothing is merged: people look at it."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action."""
        parser.add_argument("action", help="slug of the action")

    def run(self, **options: Any) -> dict[str, Any]:
        """Search to the end, after a search that was left by a command that was killed."""
        began = time.monotonic()
        action = get_action(options["action"])
        with OwnWorker() as worker:
            job = find_active_search(action) or start_search(action, by=None)
            done = run_job(job, say=self.say, worker=worker)
            if pk := done.result.get("search"):
                done = run_job(Job.objects.get(pk=pk), say=self.say, worker=worker)
        return {**done.result, "seconds": round(time.monotonic() - began, 3)}
