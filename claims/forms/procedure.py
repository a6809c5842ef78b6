"""The forms of the procedure: an event with its proof, joining with its proof."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.joining import ProofDraft
from claims.procedure.events import EventDraft
from claims.procedure.words import name_event
from claims.rules.events import KINDS, list_kinds
from claims.rules.regimes import Regime


class DayField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "input w-10"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)


class TimeField(forms.TimeField):
    """A time of day at the court, where it matters."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "class": "input w-10"}, format="%H:%M")
        super().__init__(required=False, widget=widget, label=_("Time at the court, where it matters"), **options)


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=True, widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}), **options)


class EventForm(forms.Form):
    """What happened, when, and where that can be read."""

    key = forms.ChoiceField(label=_("What happened"), widget=forms.Select(attrs={"class": "input"}))
    on = DayField(label=_("Day at the court"))
    at = TimeField()
    source = LineField(
        label=_("Where this can be read"), max_length=400,
        help_text=_("For example: judgment of the court with its file number, entry in the register."),
    )  # fmt: skip
    url = forms.URLField(
        label=_("Web address of it, if there is one"), required=False, max_length=500, assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    text = LineField(
        label=_("In your own words, if the name of the event does not say enough"), required=False, max_length=500,
        help_text=_("Everyone reads this on the page of the action. Name no claimant."),
    )  # fmt: skip
    reason = LineField(
        label=_("Why it is corrected"), required=False, max_length=500,
        help_text=_("Only where the event is entered already. The version before stays in the history."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, str] | None = None, *, regime: Regime, initial: dict | None = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Please choose")), *((kind.key, name_event(kind.key)) for kind in list_kinds(regime))]
        for name in ("source", "text", "reason", "url"):
            if self.fields[name].help_text:
                self.fields[name].widget.attrs["aria-describedby"] = f"id_{name}_hint"

    def clean_at(self) -> object:
        """Keep a time only of an event whose hour can matter."""
        kind = KINDS.get(self.cleaned_data.get("key", ""))
        return self.cleaned_data["at"] if kind and kind.has_time else None

    def make_draft(self) -> EventDraft:
        """Return the event of a valid form."""
        return EventDraft(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = LineField(label=_("Why is it taken back?"), max_length=500)


class ProofForm(forms.Form):
    """The proof that a claim has joined."""

    reference = LineField(label=_("Reference there"), max_length=100)
    on = DayField(label=_("Day of joining at the court"))
    at = TimeField()
    source = LineField(
        label=_("Document that shows it"), max_length=400,
        help_text=_("For example: confirmation of the register of 9 March, brief with its date of receipt."),
    )  # fmt: skip
    is_declared = forms.BooleanField(label=_("The declaration that the law wants is signed"), required=False)
    is_fee_paid = forms.BooleanField(label=_("The entry fee is paid"), required=False)

    def __init__(self, data: Mapping[str, str] | None = None, *, wants_declaration: bool) -> None:
        super().__init__(data)
        self.fields["source"].widget.attrs["aria-describedby"] = "id_source_hint"
        if not wants_declaration:
            del self.fields["is_declared"], self.fields["is_fee_paid"]

    def make_draft(self) -> ProofDraft:
        """Return the proof of a valid form."""
        return ProofDraft(**self.cleaned_data)


class JoiningFileForm(forms.Form):
    """A file of proofs."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".csv,text/csv"})
    )
    source = LineField(
        label=_("Which document this is"), max_length=400,
        help_text=_("It becomes the source of every proof in it. For example: list of the register of 9 March."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].widget.attrs["aria-describedby"] = "id_source_hint"
