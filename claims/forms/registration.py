"""The forms of a registration: e-mail and code, one step, the declarations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base.addresses import check_address
from claims.base.errors import Refused
from claims.dates import ToldDays
from claims.forms.fields import UNKNOWN, AnswerField, is_control
from claims.forms.questions import QuestionForm, make_question_field
from claims.models import DeclarationText
from claims.questions import Question
from claims.rules.cells import BadValue, make_text_reader, read_phone
from claims.rules.claimrows import ANSWER
from claims.rules.steps import NAMES
from claims.starts import Sent

MOST_SENT = 400  # characters; ours have fewer


class LineField(AnswerField):
    """One line of text: a name, a street. It may stay empty."""

    shown_by = "forms/answer_line.html"

    def prepare_value(self, value: Any) -> str:
        """Return what was typed, without the signs that cannot be kept."""
        text = "" if value == UNKNOWN else str(value or "")
        return "".join(sign for sign in text[: 2 * self.most] if not is_control(sign))

    @property
    def most(self) -> int:
        """How many characters fit."""
        return self.question.get("most", 200)

    def clean(self, value: Any) -> str:
        """Return the line with single spaces."""
        text = " ".join(str(value or "").split())
        try:
            make_text_reader(self.most)(text)
            return read_phone(text) if self.question.get("form") == "phone" else text
        except BadValue as problem:
            raise self.complain(_say_problem(problem, text, self.most)) from None


def _say_problem(problem: BadValue, text: str, most: int) -> str:
    if len(text) > most:
        return _("At most %(most)d characters fit") % {"most": most}
    if "phone" in str(problem):
        return _("Please use digits, spaces and + ( ) / . - only")
    return _("There is a character that cannot be shown. Please type it again")


class StepForm(QuestionForm):
    """One step: its questions."""

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        questions: Iterable[Question],
        initial: Mapping[str, str] | None = None,
        told: ToldDays | None = None,
    ) -> None:
        super().__init__(data, questions=(), initial=initial, told=told)
        for question in questions:
            must_answer = question.get("must_answer", False)
            is_line = question["kind"] == "line" or question.get("one_line")
            make = LineField if is_line else make_question_field
            self.fields[question["id"]] = make(question, must_answer=must_answer)

    @property
    def has_said_anything(self) -> bool:
        """Whether anything was chosen or typed."""
        return any(value.strip() for name, value in self.data.items() if name.startswith(ANSWER))

    def clean(self) -> dict[str, Any]:
        """Refuse a page of names on which there is none."""
        cleaned = super().clean()
        for names in NAMES.values():
            if all(name in self.fields and name not in self.errors and not cleaned.get(name) for name in names):
                self.add_error(names[0], _("Please give at least one name."))
        return cleaned


class StartForm(forms.Form):
    """The e-mail address that a code is sent to. What else comes with it is judged and never refused: `read_sent`."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"), max_length=254, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input w-20", "spellcheck": "false"}),
        help_text=gettext_lazy("We send you a code. Nothing is public, and no password is needed."),
    )  # fmt: skip

    def clean_email(self) -> str:
        """Return the address."""
        try:
            return check_address(self.cleaned_data["email"])
        except Refused as problem:
            raise forms.ValidationError(str(problem)) from None


def read_sent(data: Mapping[str, str]) -> Sent:
    """Return the parts of a start form that people do not type, whatever they hold."""
    puzzle, answer, trap = (data.get(name, "")[:MOST_SENT] for name in ("puzzle", "answer", "website"))
    return Sent(puzzle, answer, trap.strip())


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input w-10"}),
        help_text=gettext_lazy("Eight digits, for example 0123-4567."),
    )  # fmt: skip


class DeclarationsForm(forms.Form):
    """Each declaration on its own. One may be left open for now; a claim is sent once all of them are accepted."""

    def __init__(self, data: Mapping[str, str] | None, *, texts: Iterable[DeclarationText], held: set[str]) -> None:
        super().__init__(data, initial={text.kind: text.kind in held for text in texts})
        self.texts = {text.kind: text for text in texts}
        for text in texts:
            self.fields[text.kind] = forms.BooleanField(required=False, label=text.title)

    def list_chosen(self) -> list[DeclarationText]:
        """Return the declarations that are ticked."""
        return [text for kind, text in self.texts.items() if self.cleaned_data.get(kind)]
