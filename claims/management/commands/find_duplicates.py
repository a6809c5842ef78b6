import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import OwnWorker, run_job
from claims.duplicates import find_active_search, start_search
from claims.models import Action, Job


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
            done = search_to_end(action, say=self.say, worker=worker)
        return {**done.result, "seconds": round(time.monotonic() - began, 3)}


def search_to_end(action: Action, *, say: Callable[[str], None], worker: OwnWorker) -> Job:
    """Search with both jobs, going on with a search that was left; return the last of them."""
    job = find_active_search(action) or start_search(action, by=None)
    done = run_job(job, say=say, worker=worker)
    pk = done.result.get("search")  # the first job started the second
    return run_job(Job.objects.get(pk=pk), say=say, worker=worker) if pk else done
