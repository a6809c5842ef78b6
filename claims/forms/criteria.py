"""The forms of the criteria: the source of a draft, and one criterion of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.drafting.editing import TEXTS, Test
from claims.sentences import name_facts
from claims.wording import name_language

LINE = {"class": "input", "autocomplete": "off"}


class DraftForm(forms.Form):
    """The source as typed, with the revision that was open and the note for the version."""

    text = forms.CharField(
        label=gettext_lazy("Source"), strip=False, required=False,
        widget=forms.Textarea(attrs={"class": "input code", "rows": 28, "spellcheck": "false"}),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class PublishForm(forms.Form):
    """Why the criteria change."""

    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=1000, required=False,
        help_text=gettext_lazy("Why the criteria change. The note stands beside the version for good. Name no person."),
        widget=forms.Textarea(attrs={"class": "input short", "rows": 3}),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)


class CriterionForm(forms.Form):
    """One criterion: its comparisons, its texts in each language, its citations."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, criterion: Mapping[str, Any], tests: list[Test],
        languages: list[str], questions: list[dict[str, Any]], revision: int,
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.criterion, self.tests, self.languages = criterion, tests, languages
        self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=revision)
        self._add_tests(name_facts(questions))
        names = {
            "title": _("Title"), "yes": _("Text where it is met"), "no": _("Text where it is not met"),
            "unknown": _("Text where it is unknown"),
        }  # fmt: skip
        for part in TEXTS:
            for language in languages:
                self._add_line(f"{part}_{language}", names[part], criterion.get(part, {}).get(language, ""), language)
        for i, citation in enumerate([*criterion.get("citations", []), {}]):
            for language in languages:
                self._add_line(
                    f"cite{i}_{language}", _("Citation"), citation.get("text", {}).get(language, ""), language
                )
            self._add_line(
                f"cite{i}_source", _("Source of the citation (keys of the catalogue)"), citation.get("source", "")
            )
        self.fields["public"] = forms.BooleanField(
            label=_("Shown to everyone on the page of the action"), required=False,
            initial=criterion.get("public", False), widget=forms.CheckboxInput(attrs={"class": "tick"}),
        )  # fmt: skip

    def _add_tests(self, names: Mapping[str, str]) -> None:
        for i, test in enumerate(self.tests):
            label = names.get(test.fact, test.fact)
            self.fields[f"operator{i}"] = forms.ChoiceField(
                label=label, choices=[(word, word) for word in test.operators], initial=test.operator,
                widget=forms.Select(attrs={"class": "input"}),
            )  # fmt: skip
            hint = _("One of: %(values)s.") % {"values": ", ".join(test.options)} if test.options else self._hint(test)
            self.fields[f"value{i}"] = forms.CharField(
                label=_("Value"), initial=test.value, required=False, help_text=hint,
                widget=forms.TextInput(attrs=LINE),
            )  # fmt: skip

    @staticmethod
    def _hint(test: Test) -> str:
        if "age_at" in test.operators:
            return _(
                "A date such as 2025-05-27 or the name of an event. For age_at: years, date. For between: two dates."
            )
        return _("Several values with commas between them.")

    def _add_line(self, name: str, label: str, initial: str, language: str = "") -> None:
        named = f"{label} ({name_language(language)})" if language else label
        attrs = {**LINE, "rows": 2, "class": "input short"} | ({"lang": language} if language else {})
        widget = forms.Textarea(attrs=attrs) if name.split("_")[0] in TEXTS[1:] else forms.TextInput(attrs=attrs)
        self.fields[name] = forms.CharField(label=named, initial=initial, required=False, widget=widget)

    def list_test_fields(self) -> list[tuple[Any, Any]]:
        """Return (operator, value) for each comparison."""
        return [(self[f"operator{i}"], self[f"value{i}"]) for i in range(len(self.tests))]

    def list_text_fields(self) -> list[Any]:
        """Return the texts for people."""
        return [self[f"{part}_{language}"] for part in TEXTS for language in self.languages]

    def list_citation_fields(self) -> list[list[Any]]:
        """Return the fields of each citation, the last one for a new one."""
        count = len(self.criterion.get("citations", [])) + 1
        return [
            [*(self[f"cite{i}_{language}"] for language in self.languages), self[f"cite{i}_source"]]
            for i in range(count)
        ]

    def list_changes(self) -> dict[str, Any]:
        """Return what `change_criterion` takes."""
        typed = self.cleaned_data
        citations = [
            {
                "text": {code: typed[f"cite{i}_{code}"] for code in self.languages if typed[f"cite{i}_{code}"]},
                "source": typed[f"cite{i}_source"],
            }
            for i in range(len(self.criterion.get("citations", [])) + 1)
        ]
        return {
            "tests": [(typed[f"operator{i}"], typed[f"value{i}"]) for i in range(len(self.tests))],
            "texts": {part: {code: typed[f"{part}_{code}"] for code in self.languages} for part in TEXTS},
            "citations": [citation for citation in citations if citation["text"] or citation["source"]],
            "is_public": typed["public"],
        }
