"""The forms of opening an action, and of changing its facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from claims.base.countries import EU_STATES
from claims.base.shown import Together, make_digests, put_together
from claims.forms.fields import list_countries
from claims.forms.procedure import DayField, LineField
from claims.models import Action
from claims.models.actions import pick_text
from claims.opening import Plan
from claims.opening.changing import PLACES, SETTLED, has_registered, is_only_of_matter, list_own_events
from claims.regimes import list_regime_codes, read_regime
from claims.wording import day, get_locale

SOURCES = ("list", "people_source")
UNKNOWN_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
PLEASE_CHOOSE = ("", _("Please choose"))
# A day beyond these is a slip of the hand.
NOT_TOO_EARLY, NOT_TOO_LATE = MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2100, 12, 31))
NOT_TO_COME = MaxValueValidator(timezone.localdate)


def list_states() -> list[tuple[str, str]]:
    """Return (code, name) of the member states, which are what designates an entity."""
    return [(code, name) for code, name in list_countries(get_language() or "en") if code in EU_STATES]


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
    designated_on = DayField(
        label=_("Day of designation, where it is known"), required=False, validators=[NOT_TOO_EARLY, NOT_TO_COME]
    )
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
        for name, choices in (
            ("source", [(slug, f"{action.name} ({slug})") for slug, action in self.sources.items()]),
            ("regime", [(code, f"{pick_text(dict(read_regime(code).name))} ({code})") for code in list_regime_codes()]),
            ("state", list_states()),
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


def _find_fact(facts: Mapping[str, Any], place: Iterable[str]) -> Any:
    found: Any = facts
    for step in place:
        found = found.get(step, {})
    return found


def _join_texts(facts: Mapping[str, Any], languages: Iterable[str]) -> dict[str, str]:
    """Return who is responsible for the data, in each language, as one text."""
    said = facts.get("data_use", {}).get("controller", [])
    return {code: " ".join(" ".join(part["text"].get(code, "") for part in said).split()) for code in languages}


def _write(value: Any) -> str:
    return "" if value is None else str(value).strip()


@dataclass(frozen=True)
class Fact:
    """A fact as it is read: its name, the language of its words where it has one, and whether it names sources."""

    label: str
    hint: str
    value: str
    language: str
    is_source: bool


class FactsForm(forms.Form):
    """The facts that can change: texts, contact, one funder, the designation; until somebody registers, the parties."""

    def __init__(self, data: Mapping[str, Any] | None, *, action: Action, shows_all: bool = False) -> None:
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
        self.can_change_parties = not has_registered(action)
        if self.can_change_parties or shows_all:
            self._add_parties(facts, with_trader=shows_all or is_only_of_matter(action))
        self.fields["reason"] = LineField(label=_("Why the facts change"), max_length=500)

    def list_values(self) -> list[Fact]:
        """Return what the facts say, for whoever only reads them, in words."""
        return [self._tell(field) for field in self if field.name != "reason"]

    def _tell(self, field: forms.BoundField) -> Fact:
        value = field.value()
        if choices := getattr(field.field, "choices", None):
            said = dict(choices).get(value, value)
            value = "" if said == PLEASE_CHOOSE[1] else said
        elif isinstance(field.field, DayField):
            value = day(value)
        elif isinstance(value, int | Decimal):
            value = format_decimal(value, locale=get_locale())
        language = field.field.widget.attrs.get("lang", "")
        hint = field.help_text if language else ""  # the other hints tell whoever types
        return Fact(str(field.label), str(hint), str(value or ""), language, field.name in SOURCES)

    def _add_parties(self, facts: Mapping[str, Any], *, with_trader: bool) -> None:
        """Add who stands against whom, where, and the dates of the class."""
        parties = facts.get("parties", {})
        entity, trader = parties.get("entity", {}), parties.get("trader", {})
        self.fields["entity"] = LineField(
            label=_("Qualified entity that brings it"), max_length=200, initial=entity.get("name", "")
        )
        if with_trader:
            self.fields["trader"] = LineField(
                label=_("Trader (defendant)"), max_length=200, initial=trader.get("name", "")
            )
        self.fields["trader_state"] = forms.ChoiceField(
            label=_("State of the trader"), choices=[PLEASE_CHOOSE, *list_countries(get_language() or "en")],
            initial=trader.get("state", ""), widget=forms.Select(attrs={"class": "input"}),
        )  # fmt: skip
        for key, label, texts in (
            ("court", _("Court"), facts.get("court", {}).get("name", {})),
            ("role", _("What the entity is"), entity.get("role", {})),
            ("controller", _("Privacy notice: who is responsible"), _join_texts(facts, self.languages)),
        ):
            for code in self.languages:
                field = LineField(label=label, max_length=900, initial=texts.get(code, ""))
                field.widget.attrs |= {"lang": code}
                field.help_text = dict(settings.LANGUAGES).get(code, code)
                self.fields[f"{key}_{code}"] = field
        for event in list_own_events(facts):
            self.fields[f"day_{event['id']}"] = DayField(
                label=pick_text(event["text"]), required=False, initial=event["on"],
                validators=[NOT_TOO_EARLY, NOT_TOO_LATE],
                help_text=_("A date of the class. The rules use it once they are published anew."),
            )  # fmt: skip

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
        self.fields["state"] = forms.ChoiceField(
            label=_("State of designation"), choices=[PLEASE_CHOOSE, *list_states()],
            initial=designation.get("state", ""), widget=forms.Select(attrs={"class": "input"}),
        )  # fmt: skip
        self.fields["designated_on"] = DayField(
            label=_("Day of designation"), required=False, initial=designation.get("on"),
            validators=[NOT_TOO_EARLY, NOT_TO_COME],
        )  # fmt: skip
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
            initial=None if share is None else round(Decimal(str(share)) * 100, 2),
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

    def clean(self) -> dict[str, Any]:
        """Want a source for a number of people."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("people") and not typed.get("people_source"):
            self.add_error("people_source", _("Say where the number comes from."))
        return typed

    def initial_values(self) -> dict[str, Any]:
        """Return what the form shows before anybody types."""
        return {name: field.initial for name, field in self.fields.items()}

    def make_digests(self) -> dict[str, str]:
        """Return what the page carries of each field that it shows; the reason is typed anew for each change."""
        return make_digests(self._list_held(), place=f"facts {self.action.pk}")

    def keep_newer(self, shown: Mapping[str, str]) -> Together:
        """Leave as it is what a colleague changed since the page was shown, and who sends it did not touch."""
        held = self._list_held()
        typed = {name: _write(self.cleaned_data[name]) for name in held}
        saved = put_together(typed, held=held, shown=shown, place=f"facts {self.action.pk}")
        self.cleaned_data |= {name: self.fields[name].to_python(self.fields[name].initial) for name in saved.kept}
        return saved

    def _list_held(self) -> dict[str, str]:
        return {name: _write(value) for name, value in self.initial_values().items() if name != "reason"}

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
        if self.can_change_parties:
            new |= self._read_parties()
        kept = {**facts, "designations": entity.get("designations", [])}
        kept["file_number"] = facts.get("court", {}).get("file_number", "")
        kept |= self._list_kept_parties()
        return {key: value for key, value in new.items() if value != kept.get(key)}

    def _read_parties(self) -> dict[str, Any]:
        """Return the parties as typed, in the shape of `_list_kept_parties`."""
        typed, kept = self.cleaned_data, self._list_kept_parties()
        texts = {key: {code: typed[f"{key}_{code}"] for code in self.languages} for key in ("court", "role")}
        said = {code: typed[f"controller_{code}"] for code in self.languages}
        is_same = said == _join_texts(self.action.facts, self.languages)
        days = {key: (typed[f"day_{key}"] or None) for key in kept["days"]}
        return texts | {
            "entity": typed["entity"],
            "trader": typed.get("trader", kept["trader"]),
            "trader_state": typed["trader_state"],
            "controller": kept["controller"] if is_same else [{"text": said, "source": "the office"}],
            "days": {key: on.isoformat() if on else None for key, on in days.items()},
        }

    def _list_kept_parties(self) -> dict[str, Any]:
        facts = self.action.facts
        kept = {name: _find_fact(facts, PLACES[name]) for name in SETTLED if name in PLACES}
        return kept | {"days": {event["id"]: event["on"] for event in list_own_events(facts)}}

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
        return {"state": typed["state"], **on, **kept, "source": typed["list"]}

    def _read_funder(self) -> dict[str, Any]:
        typed = self.cleaned_data
        old = (self.action.facts.get("funding", {}).get("funders") or [{}])[0]
        said = {"yes": True, "no": False, "": None}
        share = None if typed["share"] is None else float(typed["share"] / 100)
        conflict = {name: said[typed[name]] for name in ("is_competitor", "depends_on_trader", "influences")}
        return {"name": typed["funder"], "share": share, **conflict, "source": old.get("source", "the office")}
