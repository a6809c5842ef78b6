from typing import Any

from claims.base.commands import Command as BaseCommand
from claims.base.history import verify_history


class Command(BaseCommand):
    help = "Check that no event of the history was changed, removed, added or reordered."

    def run(self, **options: Any) -> dict[str, Any]:
        """Walk the chain; name the first event that is wrong."""
        events, bad = verify_history()
        if bad is not None:
            self.say(f"the history is broken at event {bad}: it or the tail after it was changed or removed")
        return {"events": events, "ok": bad is None}
