"""How a filing says figures, numbers its paragraphs and names its sources."""

import base64
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from claims.base.countries import fold_name
from claims.models.actions import pick_text
from claims.rules.sources import split_sources
from claims.wording import country
from documents.filings.figures import Figures, say_moment
from redress.wording import name_line, name_step, name_unit

register = template.Library()
register.filter("moment_in_court", say_moment)


@register.filter
def fig(figures: Figures, key: str) -> str:
    """Return a figure of the snapshot as text, and note that it is shown. There is no other way to a figure."""
    return figures.take(key)


@register.filter
def has(figures: Figures, key: str) -> bool:
    """Whether the snapshot has a figure."""
    return figures.has(key)


@register.simple_tag(takes_context=True)
def no(context: Context, name: str = "") -> SafeString:
    """Begin a numbered paragraph: the number is text, so that it can be searched for and cited."""
    return format_html('<span class="no">{} </span>', context["numbers"].begin(name))


@register.simple_tag(takes_context=True)
def ref(context: Context, name: str) -> SafeString:
    """Refer to a numbered paragraph."""
    return format_html('<a class="pref" href="#n-{}">{}</a>', name, context["numbers"].refer(name))


@register.simple_tag(takes_context=True)
def table_no(context: Context, name: str) -> int:
    """Return the number of the table whose caption this is."""
    return context["numbers"].begin_table(name)


@register.simple_tag(takes_context=True)
def table_ref(context: Context, name: str) -> int:
    """Return the number of a table that a text refers to."""
    return context["numbers"].refer_table(name)


@register.simple_tag(takes_context=True)
def cite(context: Context, sources: str) -> SafeString:
    """Name the sources of a statement by their numbers in the list at the end."""
    numbers = sorted((context["numbers"].cite(key),) for key in split_sources(sources))
    return format_html('<span class="cite">[{}]</span>', format_html_join(", ", "{}", numbers))


@register.simple_tag(takes_context=True)
def cited_sources(context: Context) -> list[dict[str, Any]]:
    """Return the sources named so far, in the order of their numbers."""
    catalogue = context["sources"]
    return [
        {"number": number, "title": pick_text(catalogue[key]["title"]), "url": catalogue[key]["url"]}
        for key, number in context["numbers"].sources.items()
    ]


@register.filter
def state_name(code: str) -> str:
    """Return the name of a state."""
    return country(code)


@register.filter
def by_state(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a table in the order of the names of their states, merged ones last."""
    return sorted(rows, key=lambda row: (len(row["keys"]) > 1, fold_name(country(row["keys"][0]))))


@register.filter
def at_place(lines: list[dict[str, Any]], place: str | int) -> dict[str, Any]:
    """Return the criterion at a place, counted from 0."""
    return lines[int(place)]


@register.simple_tag(takes_context=True)
def annex_figure(context: Context, place: int, key: str) -> str:
    """Return a figure of an annex by its place."""
    figures: Figures = context["figures"]
    return figures.take(f"annex.{place}.{key}")


@register.filter
def tier_title(tiers: list[dict[str, Any]], tier_id: str) -> str:
    """Return the title of a tier; "" is for those whose tier is not known."""
    titles = {tier["id"]: pick_text(tier["title"]) for tier in tiers}
    return titles.get(tier_id) or gettext("Not yet known")


@register.simple_tag(takes_context=True)
def picture(context: Context, name: str) -> str:
    """Return a frozen picture as an address that holds it."""
    pictures = context["charts"][name]
    svg = pictures.get(context["language"]) or pictures["en"]
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


register.filter("line_name", name_line)
register.filter("step_name", name_step)
register.filter("unit_name", name_unit)
