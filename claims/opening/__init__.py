"""Opening an action in the browser: from a pack or a clone, with a checklist that blocks publication until complete."""

from claims.opening.changing import change_facts
from claims.opening.checks import Check, find_open_checks, list_checks
from claims.opening.making import FOLLOWERS, Plan, clone_action, list_packs, open_pack
from claims.opening.publishing import confirm_check, publish_action, take_off_action

__all__ = [
    "FOLLOWERS",
    "Check",
    "Plan",
    "change_facts",
    "clone_action",
    "confirm_check",
    "find_open_checks",
    "list_checks",
    "list_packs",
    "open_pack",
    "publish_action",
    "take_off_action",
]
