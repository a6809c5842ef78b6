"""What the frame of every page needs to know, and footnotes."""

from django import template
from django.conf import settings
from django.template import Context

from claims import access
from claims.actions import list_sources
from claims.answers import Former, list_former
from claims.expiring import count_days_kept
from claims.models import Action, Claim, Quarantine, User
from claims.quarantine import say_reasons
from claims.rules.sources import Source, find_source, split_sources
from claims.views.footnotes import Footnotes

register = template.Library()


@register.simple_tag
def is_any_illustration() -> bool:
    """Whether an action that everyone sees does not really exist."""
    return access.list_published_actions().filter(is_illustration=True).exists()


@register.simple_tag
def works_in_office(user: User) -> bool:
    """Whether this person has a role in any action."""
    return access.list_workplaces(user).exists()


@register.simple_tag
def shows_mails() -> bool:
    """Whether the demonstration shows the mails that it sent."""
    return settings.SHOWS_MAILS


@register.inclusion_tag("claims/_note.html", takes_context=True)
def note(context: Context, source: str) -> dict[str, list[int]]:
    """Show the numbers of the sources of a statement as links to the list at the end of the page."""
    footnotes: Footnotes = context["footnotes"]
    return {"numbers": footnotes.number(source)}


@register.inclusion_tag("claims/_cite.html", takes_context=True)
def cite(context: Context, source: str) -> dict[str, list[Source]]:
    """Show the titles of the sources of a statement, on a page without a list of sources."""
    catalogue = list_sources(context["action"])
    return {"sources": [find_source(key, catalogue) for key in split_sources(source)]}


@register.filter
def days_kept(action: Action) -> int:
    """Return for how many days a registration is kept that is not sent."""
    return count_days_kept(action)


@register.filter
def held_reasons(held: Quarantine) -> list[str]:
    """Return in words why a claim is held."""
    return say_reasons(held.reasons)


@register.inclusion_tag("claims/_former_answers.html")
def former_answers(claim: Claim) -> dict[str, list[Former]]:
    """Show what the answers of a claim were before the person corrected them."""
    return {"former": list_former(claim)}
