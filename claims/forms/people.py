"""The form with which an administrator lets somebody work in an action."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Role


class InviteForm(forms.Form):
    """Who, in which role, until when."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.Name.choices)
    until = forms.DateField(
        label=gettext_lazy("Last day (for experts; empty: no end)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_until(self) -> date | None:
        """Refuse a day that is over."""
        until: date | None = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later day, or leave it empty."))
        return until
