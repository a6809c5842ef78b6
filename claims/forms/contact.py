"""The forms for how somebody is reached."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from claims.contacts import CONTACT
from claims.forms.registration import StepForm
from claims.intake.questions import list_person_questions
from claims.rules.steps import SELF


class ContactForm(StepForm):
    """Address, phone and language on one page, each asked as the registration asks it."""

    def __init__(self, data: Mapping[str, str] | None = None, *, initial: Mapping[str, str]) -> None:
        known = list_person_questions(SELF) | {"language": _ask_language()}
        super().__init__(data, questions=[known[name] for name in CONTACT], initial=initial)


class BirthdayForm(StepForm):
    """The day of birth of the person whose claim it is, who may be a child of the reader."""

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        known, here = list_person_questions(SELF)["birth_date"], (get_language() or "en").split("-")[0]
        label = {here: _("When was the person born whose claim it is?")}
        question = {name: known[name] for name in known if name not in ("why", "hint")} | {"label": label}
        super().__init__(data, questions=[question | {"must_answer": True, "is_certain": True}])


def _ask_language() -> dict[str, Any]:
    here = (get_language() or "en").split("-")[0]
    options = [{"id": code, "label": {code: _name(code)}} for code, _label in settings.LANGUAGES]
    return {
        "id": "language", "kind": "choice", "label": {here: _("In which language do we write to you?")},
        "options": options, "must_answer": True, "is_certain": True,
    }  # fmt: skip


def _name(code: str) -> str:
    return str(get_language_info(code)["name_local"]).capitalize()
