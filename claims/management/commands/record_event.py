from argparse import ArgumentParser
from datetime import date, time
from typing import Any

from claims.actions import get_action
from claims.base.commands import Command as BaseCommand
from claims.procedure.events import EventDraft, record_event, refuse_obstacles
from claims.procedure.preview import preview_event


class Command(BaseCommand):
    help = "Enter an event of the procedure, or correct one with --reason; all dates that follow are counted anew."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the event."""
        parser.add_argument("action", help="slug of the action")
        parser.add_argument("event", help="for example action-filed, order-published, hearing-closed")
        parser.add_argument("on", type=date.fromisoformat, help="day at the court, as 2027-05-03")
        parser.add_argument("--at", type=time.fromisoformat, help="time at the court, as 14:30")
        parser.add_argument("--source", required=True, help="where this can be read")
        parser.add_argument("--url", default="", help="web address of it")
        parser.add_argument("--text", default="", help="in own words; everyone reads it")
        parser.add_argument("--reason", default="", help="why an event that is there already is corrected")
        parser.add_argument("--dry-run", action="store_true", help="only say what would move")

    def run(self, **options: Any) -> dict[str, Any]:
        """Enter the event and say what moved."""
        action = get_action(options["action"])
        names = ("on", "at", "source", "url", "text", "reason")
        draft = EventDraft(options["event"], **{name: options[name] for name in names})
        moves = [
            {"deadline": move.after.title, "before": move.before.says, "after": move.after.says}
            for move in preview_event(action, draft)
        ]
        refuse_obstacles(action, draft)
        version = 0 if options["dry_run"] else record_event(action, draft, by=None).version
        return {
            "action": action.slug, "event": draft.key, "on": draft.on.isoformat(), "version": version,
            "stage": action.stage, "moves": moves,
        }  # fmt: skip

    def show(self, result: dict[str, Any]) -> str:
        """Say what moved, a line each."""
        lines = [f"{move['deadline']}: {move['before']} -> {move['after']}" for move in result["moves"]]
        return "\n".join([f"{result['event']} on {result['on']}, stage {result['stage']}", *lines])
