"""What to show of the book."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.base.countries import name_country
from claims.criteria import Rulebook
from claims.forms.fields import UNKNOWN
from claims.models import Claim
from claims.models.actions import pick_text


class ClaimFilterForm(forms.Form):
    """What to show of the book. A value that nobody offered is an error: the page names it and shows no rows."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    state = forms.ChoiceField(label=_("Lives in"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)

    def __init__(self, data: Mapping[str, str], *, book: Rulebook | None, states: Iterable[str]) -> None:
        super().__init__(data)
        language = get_language() or "en"
        named = sorted((name_country(code, language), code) for code in states if code)
        tiers = [(tier.id, pick_text(dict(tier.title))) for tier in (book.tiers if book else ())]
        unknown, everything = (UNKNOWN, _("Not yet known")), ("", _("Any"))
        self.set_choices("outcome", [everything, *Claim.OUTCOMES, (UNKNOWN, _("Not yet screened"))])
        self.set_choices("state", [everything, unknown, *((code, name) for name, code in named)])
        self.set_choices("tier", [everything, unknown, *tiers])

    def set_choices(self, name: str, choices: list) -> None:
        """Offer these values in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # all of them are
        field.choices = choices
        field.error_messages["invalid_choice"] = _("There is no “%(value)s” to choose here.")

    def list_filters(self) -> dict[str, str]:
        """Return column -> value for the filters that are set and known; "" in the book is unknown."""
        self.is_valid()
        columns = {"outcome": "outcome", "state": "habitual_residence", "tier": "tier"}
        chosen = {column: self.cleaned_data.get(name, "") for name, column in columns.items()}
        return {column: "" if value == UNKNOWN else value for column, value in chosen.items() if value}

    def list_counted(self) -> dict[str, str]:
        """Return the same filters as the kept counts name them."""
        return {column.replace("habitual_residence", "state"): value for column, value in self.list_filters().items()}

    def list_chosen(self) -> dict[str, str]:
        """Return the filters as they stand in the address."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
