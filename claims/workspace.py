"""What every page of the workspace shows around its content, whichever app the page is of."""

from typing import Any

from claims import access
from claims.counts import count_claims
from claims.models import Action, User
from claims.rules.rights import Right


def build_frame(person: User, action: Action, section: str) -> dict[str, Any]:
    """Return the context of `workspace.html` for an action and the section of the menu in which the page lies."""
    rights = access.list_rights(person, action)
    return {
        "action": action,
        "section": section,
        "registered": count_claims(action),
        "can": {right.value: True for right in rights},  # in templates: {% if can.decide %}
        "is_lawyer": Right.DECIDE in rights,
    }
