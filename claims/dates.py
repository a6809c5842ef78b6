"""What a person has told of days, so that a new one is held against it and a sentence says what does not fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from claims.models.actions import pick_text
from claims.questions import Question
from claims.rules.dates import Order
from claims.rules.eligibility import Kind
from claims.wording import day as say_day


@dataclass(frozen=True)
class ToldDays:
    """Question -> day, with the questions themselves: they say what cannot come before what."""

    days: Mapping[str, date] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)

    @cached_property
    def _order(self) -> Order:
        return Order({name: question.get("not_before", ()) for name, question in self.questions.items()})

    def explain_clash(self, name: str, day: date) -> str:
        """Return the sentence about a day that cannot be right together with what was told; "" where it can."""
        clash = self._order.find_clash(name, day, self.days)
        if clash is None:
            return ""
        words = {"question": pick_text(self.questions[clash.other]["label"]), "day": say_day(clash.day)}
        if clash.is_before:
            return (
                _("This day is before your answer to “%(question)s” (%(day)s). One of the two cannot be right") % words
            )
        return _("This day is after your answer to “%(question)s” (%(day)s). One of the two cannot be right") % words

    def add(self, days: Mapping[str, date], questions: Iterable[Question]) -> "ToldDays":
        """Return these days with others, which hold where a question is answered anew."""
        return ToldDays(
            {**self.days, **days}, {**self.questions, **{question["id"]: question for question in questions}}
        )


def read_days(texts: Mapping[str, str], questions: Iterable[Question]) -> ToldDays:
    """Return the days among kept answers to these questions."""
    known = {question["id"]: question for question in questions if question["kind"] == Kind.DATE}
    return ToldDays({name: date.fromisoformat(texts[name]) for name in known if texts.get(name)}, known)
