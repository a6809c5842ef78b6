import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.base.commands import run_job
from claims.base.errors import Refused
from claims.base.jobs import find_active_job
from claims.models import Action
from redress.counts import hide_small
from redress.drafts import read_draft
from redress.loading import find_scenario, list_documents
from redress.models import ScenarioRun
from redress.scenarios import KIND, Basis, run_inline, start_run
from redress.wording import list_lines

PRINTED = ("draws", "digest", "lines", "exact", "chance_nothing_paid", "chance_costs_covered")


class Command(BaseCommand):
    help = "Run a scenario of an action, or one in a file, and print the result."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the action, the scenario, and how to run it."""
        parser.add_argument("action", help="slug of the action")
        parser.add_argument("scenario", help="name of a scenario of the pack, or a YAML or JSON file")
        parser.add_argument("--draws", type=read_number, help="instead of the document's")
        parser.add_argument("--seed", type=read_number, help="instead of the document's")
        parser.add_argument("--chunks", type=read_chunks, help="in how many parts to draw; the result is the same")
        parser.add_argument("--inline", action="store_true", help="compute in this process, without a worker")

    def run(self, **options: Any) -> dict[str, Any]:
        """Run the scenario."""
        began = time.monotonic()
        action = get_action(options["action"])
        basis = find_basis(action, options["scenario"])
        chosen = {key: options[key] for key in ("draws", "seed", "chunks")}
        if options["inline"]:
            run = run_inline(action, basis, by=None, **chosen)
        else:
            if left := find_active_job(KIND, action, basis.name):
                run_job(left, say=self.say)
            run = start_run(action, basis, by=None, **chosen)
            assert run.job is not None  # start_run gives one
            run_job(run.job, say=self.say)
            run.refresh_from_db()
        for warning in run.result["warnings"]:
            self.say(f"warning: {warning}")
        return {**build_result(run), "seconds": round(time.monotonic() - began, 3)}

    def show(self, result: dict[str, Any]) -> str:
        """Return the lines as a table."""
        keys = ("mean", "p05", "p50", "p95")
        rows = ["".join((f"{'euros':14}", *(f"{key:>20}" for key in keys)))]
        for name, line in result["lines"].items():
            values = (line[key] if key in line else int(line[f"{key}_cents"]) / 100 for key in keys)
            rows.append("".join((f"{name:14}", *(f"{value:20,.2f}" for value in values))))
        rows.append(f"chance that nothing is paid: {result['chance_nothing_paid']:.1%}")
        rows.append(f"digest {result['digest']}, {result['draws']:,} draws in {result['seconds']} s")
        return "\n".join(rows)


def find_basis(action: Action, name_or_file: str) -> Basis:
    """Return the scenario of the action with this name, else the one in the file. Raises Refused."""
    if stored := find_scenario(action, name_or_file):
        return Basis(stored.name, stored.document, stored)
    documents = list_documents(action)
    if not name_or_file.endswith((".yaml", ".yml", ".json")):
        known = ", ".join(documents) or "none; load a pack that has some"
        raise Refused(
            f"there is no scenario `{name_or_file}` in {action.slug}; known are: {known}; or give a YAML file"
        )
    draft = read_draft(Path(name_or_file), documents)
    return Basis(draft.name, draft.document)


def build_result(run: ScenarioRun) -> dict[str, Any]:
    """Return what the command promises to print, without the time that it took."""
    states, hidden = hide_small(run.result["by_state"])
    return {
        "run": str(run.code),
        "scenario": run.scenario_name,
        "illustration": run.is_illustration,
        "scenario_id": run.scenario_id,
        "engine": run.engine,
        "numpy": run.numpy,
        "seed": run.seed,
        **{key: run.result[key] for key in PRINTED},
        "lines": dict(list_lines(run.result)),
        "by_state": states,
        "states_hidden": hidden,
        "warnings": run.result["warnings"],
    }


def read_number(text: str) -> int:
    """Return a whole number; whether it can be is for the scenario to say."""
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a whole number") from None


def read_chunks(text: str) -> int:
    """Return a number of chunks, at least one."""
    if (number := read_number(text)) < 1:
        raise ArgumentTypeError("at least 1")
    return number
