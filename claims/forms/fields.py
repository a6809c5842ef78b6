"""Fields for answers: each reads one kind of question and shows itself by a template of its own.

A clean answer is a text as a draft or a claims file keeps it: yes, an option, AT, 1990-05-02, 12; "" is unknown.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.base.countries import COUNTRY_CODES, EU_STATES, fold_name, name_country
from claims.forms.days import LONGEST, TypedDay, read_day, split_day
from claims.models.actions import pick_text
from claims.questions import Question
from claims.rules.claimrows import MAX_TEXT
from claims.wording import count

UNKNOWN = "unknown"  # what the choice “I do not know” sends; a claims file may say the same
MAX_DIGITS = 15
KEPT = "\n\t"  # control characters that belong to a text


class Answer(BoundField):
    """A field in its form: what its template needs to show what was answered, and what is wrong with it."""

    field: "AnswerField"

    @property
    def question(self) -> Question:
        """Label, hint and why, as texts per language."""
        return self.field.question

    @property
    def auto_id(self) -> str:
        """The id of the first control: a plain word, whatever the name that is sent."""
        return f"id_{self.name}"

    @property
    def focus_id(self) -> str:
        """The id of the control that is to be mended."""
        errors = self.form.errors.as_data().get(self.name, [])
        parts = [error.code for error in errors if error.code in {"month", "year"}]
        return f"{self.auto_id}_{parts[0]}" if parts else self.auto_id

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, where there are any."""
        parts = (("hint", "hint" in self.question), ("error", bool(self.errors)))
        return " ".join(f"{self.auto_id}_{part}" for part, is_there in parts if is_there)

    @property
    def options(self) -> list[dict[str, Any]]:
        """What can be chosen, each with its id and whether it is chosen. The first has the id of the field."""
        assert isinstance(self.field, OptionField)
        ids = [self.auto_id, *(f"{self.auto_id}_{i}" for i in range(1, len(self.field.choices)))]
        chosen = self.value()
        return [
            {"id": id, "value": value, "label": label, "chosen": value == chosen}
            for id, (value, label) in zip(ids, self.field.choices, strict=True)
        ]


class AnswerField(forms.Field):
    """The field of a question. With `must_answer`, “I do not know” has to be chosen, not left to be understood."""

    shown_by: str  # the template of this kind of field
    widget = forms.Widget  # reads what was sent under the name of the field; templates show it

    def __init__(self, question: Question, *, must_answer: bool = False) -> None:
        super().__init__(label=pick_text(question["label"]), required=False, template_name=self.shown_by)
        self.question, self.must_answer = question, must_answer

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Answer:
        """Return the field in its form."""
        return Answer(form, self, field_name)

    def complain(self, problem: str, code: str = "invalid") -> ValidationError:
        """Return the error for what is wrong: with the question, so that it helps in the summary too."""
        words = _("%(problem)s: %(question)s") % {"problem": problem, "question": self.label}
        return ValidationError(words, code=code)

    def leave_open(self) -> str:
        """Return "" for a question without an answer, or complain where one is needed."""
        if self.must_answer:
            raise self.complain(_("Please answer"), "unanswered")
        return ""


class OptionField(AnswerField):
    """One of a few answers. “I do not know” is among them: unknown is an answer, and never "no"."""

    shown_by = "forms/answer_options.html"

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(question, **options)
        self.choices = self.list_choices()
        if UNKNOWN not in dict(self.choices) and not question.get("is_certain"):
            self.choices.append((UNKNOWN, _("I do not know")))

    def list_choices(self) -> list[tuple[str, str]]:
        """Return the answers of the question."""
        return [(option["id"], pick_text(option["label"])) for option in self.question["options"]]

    def clean(self, value: Any) -> str:
        """Return the answer."""
        if not value:
            return self.leave_open()
        if value not in dict(self.choices):
            raise self.complain(_("Please choose one of the answers shown"))
        return "" if value == UNKNOWN and UNKNOWN not in dict(self.list_choices()) else value


class YesNoField(OptionField):
    """Yes, no, or “I do not know”."""

    def list_choices(self) -> list[tuple[str, str]]:
        """Return yes and no."""
        return [("yes", _("Yes")), ("no", _("No"))]


class CountryField(OptionField):
    """A country from a list, member states of the Union first."""

    shown_by = "forms/answer_country.html"

    def list_choices(self) -> list[tuple[str, str]]:
        """Return the countries by name."""
        return [*list_countries((get_language() or "en").split("-")[0])]


@cache
def list_countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name): the member states, then all others, each by name; Österreich stands at O."""
    named = [(code, name_country(code, language)) for code in COUNTRY_CODES]
    return tuple(sorted(named, key=lambda item: (item[0] not in EU_STATES, fold_name(item[1]))))


class DayWidget(forms.Widget):
    """Reads a day from its three parts, or from one text under the name of the field."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> TypedDay:
        """Return what was typed, long nonsense cut."""
        whole = data.get(name, "")
        if whole and whole != UNKNOWN:
            return split_day(clean_line(whole))
        day, month, year = (clean_line(data.get(f"{name}.{part}", "")) for part in ("day", "month", "year"))
        return TypedDay(day, month, year, is_unknown=UNKNOWN in (whole, data.get(f"{name}.unknown")))


class DayField(AnswerField):
    """A day, as day, month and year."""

    shown_by = "forms/answer_day.html"
    widget = DayWidget

    def prepare_value(self, value: Any) -> TypedDay:
        """Return the parts of a kept text, and what was typed as it is."""
        if isinstance(value, TypedDay):
            return value
        return TypedDay(is_unknown=True) if value == UNKNOWN else split_day(value or "")

    def clean(self, value: Any) -> str:
        """Return the day as ISO text."""
        typed = self.prepare_value(value)
        if typed.is_empty:
            is_open = typed.is_unknown and not self.question.get("is_certain")
            return "" if is_open else self.leave_open()
        if typed.is_unknown:
            raise self.complain(_("Give a date or choose “I do not know”, not both"), "day")
        try:
            day = read_day(typed)
        except ValidationError as error:
            raise self.complain(str(error.message), error.code or "day") from None
        if not self.question.get("may_come") and day > timezone.localdate():
            raise self.complain(_("This day is still to come"), "year")
        return day.isoformat()


class NumberField(AnswerField):
    """A whole number of 0 or more. It may stay empty."""

    shown_by = "forms/answer_number.html"

    def prepare_value(self, value: Any) -> str:
        """Return what was typed, long nonsense cut."""
        return "" if value == UNKNOWN else clean_line(value or "")

    def clean(self, value: Any) -> str:
        """Return the digits."""
        digits = "".join(clean_line(value or "").split())
        if digits in {"", UNKNOWN}:
            return ""
        if not digits.isdecimal():
            raise self.complain(_("Please write a whole number, for example 3"))
        if len(digits) > MAX_DIGITS:
            raise self.complain(_("This number is too large"))
        return str(int(digits))


class TextField(AnswerField):
    """An answer in own words. It may stay empty."""

    shown_by = "forms/answer_text.html"

    def prepare_value(self, value: Any) -> str:
        """Return what was typed, without the signs that cannot be kept."""
        return "" if value == UNKNOWN else "".join(sign for sign in join_lines(value) if not is_control(sign))

    def clean(self, value: Any) -> str:
        """Return the text, its lines ended alike."""
        text = join_lines(value).strip()
        if len(text) > MAX_TEXT:
            numbers = {"n": count(len(text)), "most": count(MAX_TEXT)}
            raise self.complain(_("Please shorten your text: it has %(n)s characters, and %(most)s fit") % numbers)
        if any(is_control(sign) for sign in text):
            raise self.complain(_("We took out characters that cannot be kept. Please look at your text again"))
        return text


def join_lines(value: Any) -> str:
    """Return a text with all its lines ended alike."""
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n")


def is_control(sign: str) -> bool:
    """Whether a sign is a control character or half of one: no page, file or database shows it."""
    return sign not in KEPT and unicodedata.category(sign) in {"Cc", "Cs"}


def clean_line(text: Any) -> str:
    """Return a short line as it can be shown again: without control characters, cut where it is nonsense."""
    return "".join(sign for sign in str(text)[:LONGEST] if not is_control(sign)).strip()
