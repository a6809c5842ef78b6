"""Checks of what comes in."""

from collections.abc import Mapping, Sequence

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from documents.filings import LANGUAGES
from documents.filings.runs import DEFAULT
from documents.models import Filing


class FilingForm(forms.Form):
    """What to build. Whether it can be built now, and what does not go together, the engine says."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Filing.Kind)
    language = forms.ChoiceField(
        label=_("Language"), choices=[(code, name) for code, name in settings.LANGUAGES if code in LANGUAGES]
    )
    rendering = forms.ChoiceField(label=_("Rendering of a register"), required=False)
    scenario = forms.ChoiceField(label=_("Scenario"), required=False)

    def __init__(self, data: Mapping[str, str] | None = None, *, scenarios: Sequence[str]) -> None:
        super().__init__(data)
        renderings = [("", "–"), *((value, capfirst(name)) for value, name in Filing.Rendering.choices)]
        others = [(name, name) for name in scenarios if name != DEFAULT]
        self.set_choices("rendering", renderings)
        self.set_choices("scenario", [("", _("{name}, where it was run").format(name=DEFAULT)), *others])

    def set_choices(self, name: str, choices: list) -> None:
        """Offer these values in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # both are
        field.choices = choices
