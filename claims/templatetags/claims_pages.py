"""What the frame of every page needs to know, and footnotes."""

from django import template
from django.template import Context

from claims import access
from claims.models import User
from claims.views.footnotes import Footnotes

register = template.Library()


@register.simple_tag
def is_any_illustration() -> bool:
    """Whether an action that everyone sees does not really exist."""
    return access.list_published_actions().filter(is_illustration=True).exists()


@register.simple_tag
def works_in_office(user: User) -> bool:
    """Whether this person has a role in any action."""
    return access.list_office_actions(user).exists()


@register.inclusion_tag("claims/_note.html", takes_context=True)
def note(context: Context, source: str) -> dict[str, int]:
    """Show the number of a source as a link to the list of sources at the end of the page."""
    footnotes: Footnotes = context["footnotes"]
    return {"number": footnotes.number(source)}
