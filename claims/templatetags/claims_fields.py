"""Form fields as the style sheet wants them."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

register = template.Library()
WIDTHS = {"code": "w-10"}
# Said by libraries on our forms; named here so that our translations of them win: theirs call people by first name.
SAID_BY_LIBRARIES = (
    gettext_noop("Enter a valid email address."),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("You have signed out."),
    gettext_noop("A sign-in code has been sent to %(recipient)s."),
)


@register.filter
def problems(field: BoundField) -> list[str]:
    """Return what is wrong with a field; the words name the field, so that they help in the summary too."""
    missing = gettext("Please fill in “%(label)s”.") % {"label": field.label}
    errors = field.form.errors.as_data().get(field.name, [])
    return [missing if error.code == "required" else text for error in errors for text in error.messages]


@register.filter
def as_input(field: BoundField) -> SafeString:
    """Return the control of a field, without a placeholder: a label is a label."""
    field.field.widget.attrs.pop("placeholder", None)
    attrs: dict[str, str | bool] = {"class": f"input {WIDTHS.get(field.name, 'w-20')}"}
    described_by = [
        f"{field.auto_id}_{part}"
        for part, is_there in (("helptext", field.help_text), ("error", field.errors))
        if is_there
    ]
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    return field.as_widget(attrs=attrs)
