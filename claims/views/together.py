"""What is told to whoever saved a page on which something had been changed elsewhere meanwhile."""

from collections.abc import Iterable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from claims.base.shown import Together


def tell_changed_elsewhere(request: HttpRequest, saved: Together, form: BaseForm) -> None:
    """Name the fields that stay as they were saved elsewhere, and those on which the last save went over another."""
    if saved.kept:
        words = _(
            "Changed in another window or on another device in the meantime, and kept as it was saved there: %(fields)s"
        )
        messages.warning(request, words % {"fields": _name(form, saved.kept)})
    if saved.replaced:
        words = _(
            "Changed in another window or on another device in the meantime; what you saved now holds: %(fields)s"
        )
        messages.warning(request, words % {"fields": _name(form, saved.replaced)})


def _name(form: BaseForm, names: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(str(form.fields[name].label) for name in names))
