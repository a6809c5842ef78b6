"""Actions: find one, and tell people about it."""

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
