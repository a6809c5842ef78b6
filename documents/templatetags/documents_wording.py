"""How filings are called on pages."""

from django import template

from documents.wording import name_filing, say_warning

register = template.Library()
register.filter(name_filing)
register.filter(say_warning)
