"""What each step of a registration asks: about the person in our words, about the case in those of the pack."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.models import Action, Registration, Representation
from claims.questions import Question, list_record_questions, word_question
from claims.rules.steps import SELF, Step


def list_step_questions(registration: Registration, step: Step, *, capacity: str) -> list[Question]:
    """Return the questions of a step, in order."""
    known = _list_known(registration.action, capacity)
    return [known[name] for name in step.fields]


def list_all_questions(
    registration: Registration, steps: Iterable[Step], *, capacity: str
) -> list[tuple[Step, Question]]:
    """Return the questions of all these steps, each with its step; put into words once."""
    known = _list_known(registration.action, capacity)
    return [(step, known[name]) for step in steps for name in step.fields]


def _list_known(action: Action, capacity: str) -> dict[str, Question]:
    """Return every question by id; the day of whoever acts has the order that the pack gives to this right."""
    person = list_person_questions(capacity)
    pack = {name: word_question(it, capacity=capacity) for name, it in list_pack_questions(action).items()}
    person["rep_since"] = {**person["rep_since"], "not_before": list_days_before(pack.values(), capacity)}
    return person | pack


def list_days_before(questions: Iterable[Question], capacity: str) -> list[str]:
    """Return the days that the day of whoever acts cannot come before: nobody opened an account after their death."""
    return [name for it in questions if it.get("represented") == capacity for name in it.get("not_before", ())]


def list_pack_questions(action: Action) -> dict[str, Question]:
    """Return the questions of the pack by id."""
    return {question["id"]: question for question in action.questions}


def list_person_questions(capacity: str) -> dict[str, Question]:
    """Return the questions about people by id. Whoever acts for another is asked about that other person."""
    questions = [*_ask_who(), *_ask_name(capacity), *_ask_representative(capacity), *_ask_contact()]
    record = list_record_questions()
    certain = {"must_answer": True, "is_certain": True}  # without them there is no claim
    known = record | {name: {**record[name], **certain} for name in ("birth_date", "habitual_residence")}
    known["habitual_residence"] = {**known["habitual_residence"], "group": _here(_ask_residence(capacity))}
    for name, texts in _ask_about_another(capacity).items():
        known[name] = {**known[name], "autofill": "", **{part: _here(text) for part, text in texts.items()}}
    return known | {question["id"]: question for question in questions}


def _ask_residence(capacity: str) -> str:
    if capacity == SELF:
        return _("Where do you live?")
    return _("Where did the person live?") if capacity == "heir" else _("Where does the person live?")


def _ask_about_another(capacity: str) -> dict[str, dict[str, str]]:
    """Return what reads otherwise in the questions about the record where somebody acts for the person."""
    if capacity == SELF:
        return {}
    is_past = capacity == "heir"
    country = _("In which country did the person live?") if is_past else _("In which country does the person live?")
    since = (
        _("Since when had the person lived in that country?")
        if is_past
        else _("Since when has the person lived in that country?")
    )
    hint = _("The country of the real home, not the one of the passport.")
    return {
        "birth_date": {"label": _("When was the person born?")},
        "habitual_residence": {"label": country, "hint": hint},
        "resident_since": {"label": since},
    }


def _ask_who() -> Iterable[Question]:
    options = [(SELF, _("for myself"))] + [(kind.value, str(kind.label)) for kind in Representation.Kind]
    yield _ask(
        "capacity", "choice", label=_("Who do you register for?"),
        why=_("The claim belongs to the person whose data were used. Somebody else may act for that person, but has to"
              " say by what right."),
        options=[{"id": name, "label": _here(str(label))} for name, label in options],
        must_answer=True, is_certain=True,
    )  # fmt: skip


def _ask_name(capacity: str) -> Iterable[Question]:
    whose = {
        "guardian": _("The name of the child"),
        "representative": _("The name of the person for whom you act"),
        "heir": _("The name of the person who has died"),
    }
    yield _ask("given_name", "line", label=_("Given names"), group=whose.get(capacity, _("What is your name?")),
               hint=_("All of them, as in the passport. If there is only one name, leave the other field empty."),
               autocomplete="given-name" if capacity == SELF else "off", most=200)  # fmt: skip
    yield _ask("family_name", "line", label=_("Family name"),
               autocomplete="family-name" if capacity == SELF else "off", most=200)  # fmt: skip


def _ask_representative(capacity: str) -> Iterable[Question]:
    since = {
        "guardian": (_("When had all who have custody agreed in writing?"),
                     _("All of them, and before this registration. If somebody has not agreed yet, stop here and come"
                       " back when all have: it may be impossible to mend later.")),
        "heir": (_("When did the person die?"), _("We ask for the proof that you are an heir later.")),
    }  # fmt: skip
    label, hint = since.get(
        capacity, (_("When was the mandate signed?"), _("You can add a copy of it under evidence."))
    )
    yield _ask("rep_given_name", "line", label=_("Your given names"), group=_("Who are you?"),
               autocomplete="given-name", most=200)  # fmt: skip
    yield _ask("rep_family_name", "line", label=_("Your family name"), autocomplete="family-name", most=200)
    yield _ask("rep_since", "date", label=label, hint=hint, must_answer=True, is_certain=True)


def _ask_contact() -> Iterable[Question]:
    yield _ask("street", "line", label=_("Street and number"), group=_("What is the address?"),
               autocomplete="street-address", most=300)  # fmt: skip
    yield _ask("postcode", "line", label=_("Postcode"), autocomplete="postal-code", most=20, width=10)
    yield _ask("city", "line", label=_("Town"), autocomplete="address-level2", most=200)
    yield _ask("country", "country", label=_("Country"), must_answer=True, is_certain=True,
               hint=_("The country of this address. Where you live is a question of its own."),
               why=_("In some states the court wants the address of everyone who joins. We send no letters before"
                     " that."))  # fmt: skip  # after the last field: it is why we ask for all of them
    yield _ask("phone", "line", label=_("Phone number, if you like"), group=_("May we call you?"),
               hint=_("We call only if an e-mail does not reach you."),
               autocomplete="tel", most=40, form="phone")  # fmt: skip


def _ask(name: str, kind: str, *, label: str, hint: str = "", why: str = "", group: str = "", **more: Any) -> Question:
    texts = {"label": label, "hint": hint, "why": why, "group": group}
    return {"id": name, "kind": kind} | {k: _here(v) for k, v in texts.items() if v} | more


def _here(text: str) -> dict[str, str]:
    return {(get_language() or "en").split("-")[0]: text}
