"""Actions: find one, and tell people about it."""

from typing import Any

from claims import regimes
from claims.base.errors import Refused
from claims.models import Action, ActionEvent
from claims.rules.regimes import Regime


def get_action(slug: str) -> Action:
    """Return the action with this slug, for commands. Raises Refused with the slugs that there are."""
    action = Action.objects.select_related("matter").filter(slug=slug).first()
    if action is None:
        known = ", ".join(Action.objects.order_by("slug").values_list("slug", flat=True)) or "none; run load_pack first"
        raise Refused(f"there is no action `{slug}`; known are: {known}")
    return action


def get_regime(action: Action) -> Regime:
    """Return the record of the law under which an action is brought."""
    return regimes.read_regime(action.regime_code)


def list_events(action: Action) -> list[ActionEvent]:
    """Return the events in order: what happened by date, then what the law still waits for."""
    return sorted(action.events.all(), key=lambda event: (event.on is None, event.on or "", event.position))


def list_sources(action: Action) -> list[str]:
    """Return every source that the facts of an action name, each once, in the order of reading."""
    return list(dict.fromkeys(_walk_sources(action.facts)))


def _walk_sources(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [text for key, text in value.items() if key.endswith("source") and isinstance(text, str)]
        return own + [source for child in value.values() for source in _walk_sources(child)]
    if isinstance(value, list):
        return [source for child in value for source in _walk_sources(child)]
    return []
