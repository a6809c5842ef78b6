"""What every page of the workspace shows around its content, whichever app the page is of."""

from typing import Any

from claims import access
from claims.counts import count_claims
from claims.models import Action, User


def build_frame(person: User, action: Action, section: str) -> dict[str, Any]:
    """Return the context of `workspace.html` for an action and the section of the menu in which the page lies."""
    return {
        "action": action,
        "section": section,
        "registered": count_claims(action),
        "is_lawyer": access.is_lawyer(person, action),
    }
