"""The forms of opening an action, and of changing its facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from claims.base.countries import EU_STATES, name_country
from claims.forms.procedure import DayField, LineField
from claims.models import Action
from claims.opening import Plan
from claims.regimes import list_regime_codes

UNKNOWN_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
SELECT = forms.Select(attrs={"class": "input"})


class CloneForm(forms.Form):
    """The settings of a new action; everything else is taken from the one that is cloned."""

    source = forms.ChoiceField(label=_("Clone which action"), widget=forms.Select(attrs={"class": "input"}))
    name = LineField(label=_("Name of the new action"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name for its address"), max_length=60, help_text=_("Small letters, numbers and hyphens."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    regime = forms.ChoiceField(label=_("Law (regime)"), widget=forms.Select(attrs={"class": "input"}))
    court = LineField(label=_("Court"), max_length=200)
    entity = LineField(label=_("Qualified entity that brings it"), max_length=200)
    state = forms.ChoiceField(label=_("State of designation"), widget=forms.Select(attrs={"class": "input"}))
    designated_on = DayField(label=_("Day of designation, where it is known"), required=False)
    list_url = forms.URLField(
        label=_("Official list on which it stands (address)"), max_length=400, assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    trader = LineField(
        label=_("Trader (defendant)"), max_length=200,
        help_text=_("The same trader means the same matter: nobody can then be in both actions."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=_("Those of the cloned action that the new one keeps."),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None, *, sources: Iterable[Action], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.sources = {action.slug: action for action in sources}
        here = get_language() or "en"
        states = sorted((name_country(code, here), code) for code in EU_STATES)
        for name, choices in (
            ("source", [(slug, f"{action.name} ({slug})") for slug, action in self.sources.items()]),
            ("regime", [(code, code) for code in list_regime_codes()]),
            ("state", [(code, title) for title, code in states]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # all three are
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Keep to the languages that the cloned action has."""
        cleaned = super().clean() or {}
        source = self.sources.get(cleaned.get("source", ""))
        known = source.facts.get("languages", []) if source else []
        if source and cleaned.get("languages") and not set(cleaned["languages"]) <= set(known):
            self.add_error(
                "languages", _("The cloned action has texts only in: %(codes)s.") % {"codes": ", ".join(known)}
            )
        if (slug := cleaned.get("slug")) and slug != slug.lower().replace("_", "-"):
            self.add_error("slug", _("Write it in small letters, numbers and hyphens."))
        return cleaned

    def make_plan(self) -> Plan:
        """Return the settings."""
        typed = {key: value for key, value in self.cleaned_data.items() if key != "source"}
        return Plan(**{**typed, "languages": tuple(typed["languages"])})


class PackForm(forms.Form):
    """Which pack of this machine."""

    pack = forms.ChoiceField(label=_("Pack"), widget=forms.Select(attrs={"class": "input"}))

    def __init__(self, data: Mapping[str, Any] | None, *, packs: Iterable[str]) -> None:
        super().__init__(data)
        field = self.fields["pack"]
        assert isinstance(field, forms.ChoiceField)  # it is
        field.choices = [(name, name) for name in packs]


def find_concerned(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first figure that counts people, or {}."""
    return next((figure for figure in facts.get("figures", []) if figure.get("unit") == "people"), {})


class FactsForm(forms.Form):
    """The facts that can change: texts in each language, contact, one funder, the designation."""

    def __init__(self, data: Mapping[str, Any] | None, *, action: Action) -> None:
        super().__init__(data)
        self.action, facts = action, action.facts
        self.languages = list(facts.get("languages", []))
        for code in self.languages:
            for key, label, text in (
                ("name", _("Name"), facts.get("name", {})),
                ("headline", _("Headline"), facts.get("headline", {})),
                ("lead", _("First paragraph"), facts.get("lead", {}).get("text", {})),
            ):
                field = LineField(label=label, max_length=600, initial=text.get(code, ""))
                field.widget.attrs |= {"lang": code}
                field.help_text = dict(settings.LANGUAGES).get(code, code)
                self.fields[f"{key}_{code}"] = field
        self._add_others(facts)

    def _add_others(self, facts: Mapping[str, Any]) -> None:
        designation = (facts.get("parties", {}).get("entity", {}).get("designations") or [{}])[0]
        funder = (facts.get("funding", {}).get("funders") or [{}])[0]
        self.fields["email"] = forms.EmailField(
            label=_("E-mail for questions"), required=False, initial=facts.get("contact", {}).get("email", ""),
            widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
        )  # fmt: skip
        for name, label, longest in (
            ("name", _("Who answers questions"), 200), ("postal", _("Postal address for questions"), 300),
            ("phone", _("Phone for questions"), 40),
        ):  # fmt: skip
            said = facts.get("contact", {}).get(name, "")
            self.fields[f"contact_{name}"] = LineField(label=label, required=False, max_length=longest, initial=said)
        self.fields["file_number"] = LineField(
            label=_("File number"), required=False, max_length=60, initial=facts.get("court", {}).get("file_number", "")
        )
        self.fields["state"] = LineField(
            label=_("State of designation (code)"), max_length=2, initial=designation.get("state", "")
        )
        self.fields["designated_on"] = DayField(
            label=_("Day of designation"), required=False, initial=designation.get("on")
        )
        self.fields["list"] = LineField(
            label=_("Official list: address or key of a source"), max_length=400, initial=designation.get("source", "")
        )
        self.fields["funder"] = LineField(
            label=_("Who pays for the action"), required=False, max_length=200, initial=funder.get("name", "")
        )
        share = funder.get("share")
        self.fields["share"] = forms.DecimalField(
            label=_("Promised share of what is won, in percent"), required=False, min_value=0, max_value=100,
            decimal_places=2,
            initial=None if share is None else Decimal(str(share)) * 100,
            widget=forms.NumberInput(attrs={"class": "input w-4", "step": "any"}),
        )  # fmt: skip
        for name, label in (
            ("is_competitor", _("Competes with the trader")), ("depends_on_trader", _("Depends on the trader")),
            ("influences", _("Has influence on the case")),
        ):  # fmt: skip
            said = {True: "yes", False: "no"}.get(funder.get(name), "")
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=UNKNOWN_YES_NO,
                required=False,
                initial=said,
                widget=forms.Select(attrs={"class": "input w-10"}),
            )
        concerned = find_concerned(facts)
        self.fields["people"] = forms.IntegerField(
            label=_("How many people are concerned"), required=False, min_value=1, initial=concerned.get("value"),
            widget=forms.NumberInput(attrs={"class": "input w-10"}),
        )  # fmt: skip
        self.fields["people_source"] = LineField(
            label=_("Where that number comes from"), required=False, max_length=400, initial=concerned.get("source", "")
        )
        self.fields["reason"] = LineField(label=_("Why the facts change"), max_length=500)

    def clean(self) -> dict[str, Any]:
        """Want a source for a number of people."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("people") and not typed.get("people_source"):
            self.add_error("people_source", _("Say where the number comes from."))
        return typed

    def initial_values(self) -> dict[str, Any]:
        """Return what the form shows before anybody types."""
        return {name: field.initial for name, field in self.fields.items()}

    def list_changes(self) -> dict[str, Any]:
        """Return the facts that differ, as `change_facts` takes them."""
        typed, facts = self.cleaned_data, self.action.facts
        entity = facts.get("parties", {}).get("entity", {})
        texts = {key: {code: typed[f"{key}_{code}"] for code in self.languages} for key in ("name", "headline", "lead")}
        new: dict[str, Any] = {
            "name": texts["name"],
            "headline": texts["headline"],
            "lead": {**facts.get("lead", {}), "text": texts["lead"]},
            "designations": [self._read_designation(), *(entity.get("designations") or [])[1:]],
        }
        if typed["email"]:
            others = {name: typed[f"contact_{name}"] for name in ("name", "postal", "phone")}
            new["contact"] = {"email": typed["email"], **{name: said for name, said in others.items() if said}}
        if typed["funder"]:
            more = (facts.get("funding", {}).get("funders") or [])[1:]
            new["funding"] = {"funders": [self._read_funder(), *more]}
        new["file_number"] = typed["file_number"]
        if typed["people"]:
            new["figures"] = self._read_figures()
        kept = {**facts, "designations": entity.get("designations", [])}
        kept["file_number"] = facts.get("court", {}).get("file_number", "")
        return {key: value for key, value in new.items() if value != kept.get(key)}

    def _read_figures(self) -> list[dict[str, Any]]:
        typed, figures = self.cleaned_data, self.action.facts.get("figures", [])
        old = find_concerned(self.action.facts)
        figure = {"id": "people_concerned", "label": self._label_people(), "unit": "people"} | old
        figure |= {"value": typed["people"], "source": typed["people_source"]}
        return [figure, *(other for other in figures if other["id"] != figure["id"])]

    def _label_people(self) -> dict[str, str]:
        texts = {}
        for code in self.languages:
            with override(code):
                texts[code] = gettext("People who could be concerned")
        return texts

    def _read_designation(self) -> dict[str, Any]:
        typed = self.cleaned_data
        old = (self.action.facts.get("parties", {}).get("entity", {}).get("designations") or [{}])[0]
        kept = {key: value for key, value in old.items() if key == "note"}
        on = {"on": typed["designated_on"].isoformat()} if typed["designated_on"] else {}
        return {"state": typed["state"].upper(), **on, **kept, "source": typed["list"]}

    def _read_funder(self) -> dict[str, Any]:
        typed = self.cleaned_data
        old = (self.action.facts.get("funding", {}).get("funders") or [{}])[0]
        said = {"yes": True, "no": False, "": None}
        share = None if typed["share"] is None else float(typed["share"] / 100)
        conflict = {name: said[typed[name]] for name in ("is_competitor", "depends_on_trader", "influences")}
        return {"name": typed["funder"], "share": share, **conflict, "source": old.get("source", "the office")}
