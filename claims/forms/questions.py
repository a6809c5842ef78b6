"""A form made of questions: those of a pack, and those that every claim answers."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from claims.dates import ToldDays
from claims.forms.fields import (
    UNKNOWN,
    AnswerField,
    CountryField,
    DayField,
    NumberField,
    OptionField,
    TextField,
    YesNoField,
)
from claims.questions import Question
from claims.rules.claimrows import ANSWER
from claims.rules.eligibility import Kind

FIELDS: dict[Kind, type[AnswerField]] = {
    Kind.YES_NO: YesNoField,
    Kind.CHOICE: OptionField,
    Kind.COUNTRY: CountryField,
    Kind.DATE: DayField,
    Kind.NUMBER: NumberField,
    Kind.TEXT: TextField,
}


def make_question_field(question: Question, *, must_answer: bool = False) -> AnswerField:
    """Return the field of a question, by its kind."""
    return FIELDS[Kind(question["kind"])](question, must_answer=must_answer)


class QuestionForm(forms.Form):
    """Questions to answer. Their fields are sent as `answer.<id>`, the columns of a claims file; days in three parts.

    `initial` maps an id to a kept text, or to UNKNOWN; `told` holds the days that new ones have to fit.
    Template: `{% include field.template_name %}` for each field,
    with `heading` (h1 where a page asks one thing).
    """

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        questions: Iterable[Question],
        initial: Mapping[str, Any] | None = None,
        must_answer: bool = False,
        told: ToldDays | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.told = told or ToldDays()
        for question in questions:
            self.fields[question["id"]] = make_question_field(question, must_answer=must_answer)

    def add_prefix(self, field_name: str) -> str:
        """Return the name under which a field is sent."""
        return ANSWER + field_name

    def clean(self) -> dict[str, Any]:
        """Hold each day against the others, here and told before; what cannot be right is said beside it."""
        cleaned = super().clean() or {}
        fields = {name: field for name, field in self.fields.items() if isinstance(field, DayField)}
        days = {name: date.fromisoformat(cleaned[name]) for name in fields if cleaned.get(name)}
        told = self.told.add(days, [field.question for field in fields.values()])
        for name, day in days.items():
            if problem := told.explain_clash(name, day):
                self.add_error(name, fields[name].complain(problem, "year"))
        return cleaned

    def list_texts(self) -> dict[str, str]:
        """Return id -> answer as a draft or a claims file keeps it; "" is unknown. Only of a valid form."""
        return dict(self.cleaned_data)

    def list_typed(self) -> dict[str, Any]:
        """Return id -> what was typed, good or not: as `initial` it is shown again without complaints."""
        return {bound.name: bound.data for bound in self}

    def list_carried(self) -> list[tuple[str, str]]:
        """Return (name, value) of hidden fields that carry the answers to the next form."""
        return [(self.add_prefix(name), text or self._say_unknown(name)) for name, text in self.list_texts().items()]

    def _say_unknown(self, name: str) -> str:
        return "" if isinstance(self.fields[name], NumberField | TextField) else UNKNOWN
