"""How filings are called on pages."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from documents.wording import name_filing, say_warning

register = template.Library()
register.filter(name_filing)
register.filter(say_warning)


@register.filter
def in_groups(digest: str) -> SafeString:
    """Return a hash that breaks after sixteen signs where a line is short; copied, it is as it was."""
    return format_html_join("", "{}<wbr>", ((digest[start : start + 16],) for start in range(0, len(digest), 16)))
