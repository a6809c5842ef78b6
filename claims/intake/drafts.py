"""A registration in progress: started, opened again on any device, saved step by step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import criteria, mandates
from claims.base import history, vault
from claims.base.errors import Refused
from claims.base.shown import Together, make_digests, put_together
from claims.models import Action, CriteriaVersion, DeclarationText, Registration, RegistrationValue, User
from claims.questions import is_asked_of_people
from claims.representing import answer_by_representing
from claims.rules import eligibility as rules
from claims.rules.eligibility import Fact, Value
from claims.rules.steps import SELF, Question, Step, count_pages, estimate_minutes, list_steps


def start_registration(action: Action, *, by: User, language: str) -> Registration:
    """Return the registration that this person has open in an action, or a new one. Two tabs get the same."""
    mine = Registration.objects.filter(action=action, user=by, state=Registration.State.OPEN)
    if found := mine.first():
        return found
    try:
        with transaction.atomic():
            registration = Registration.objects.create(
                action=action, user=by, language=language, data_key=vault.make_data_key()
            )
            history.record("registration started", registration, by=by, action=action)
    except IntegrityError:
        return mine.get()
    return registration


UNKNOWN = "unknown"  # what a form shows for a question that was answered with "I do not know"


@dataclass(frozen=True)
class Saved:
    """A value as it was saved, and when."""

    text: str
    at: datetime


@dataclass(frozen=True)
class Draft:
    """A registration with its values, and the steps that they lead through."""

    registration: Registration
    saved: Mapping[str, Saved]

    @cached_property
    def texts(self) -> dict[str, str]:
        """Name -> value as text; what is empty is not in it."""
        return {name: saved.text for name, saved in self.saved.items() if saved.text}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The questions as the rules see them."""
        return self._read.facts

    @cached_property
    def _read(self) -> "Read":
        return read_questions(self.registration.action, self.criteria)

    @cached_property
    def criteria(self) -> CriteriaVersion | None:
        """The newest criteria, without their large document: who has read a version knows it (claims.criteria)."""
        return self.registration.action.criteria_versions.defer("document").order_by("-number").first()

    @cached_property
    def accepted(self) -> set[str]:
        """The kinds of declaration that are accepted so far, and that no answer contradicts."""
        contradicted = mandates.list_contradicted(self.registration.action, self.values)
        return mandates.list_accepted_kinds(self.registration) - contradicted

    @cached_property
    def values(self) -> dict[str, Value | None]:
        """Fact -> value for the rules; None is unknown."""
        told = self.texts | self.represented
        values = {name: read_value(fact, told.get(name)) for name, fact in self.facts.items()}
        return values | self._tell_known(values.get("birth_date"))

    def _tell_known(self, born: Value | None) -> dict[str, Value | None]:
        """Return what the claim will show of how it came, as `criteria.list_values` tells it."""
        on = (self.registration.sent_at or timezone.now()).astimezone(UTC).date()
        is_alone = self.texts.get("capacity", SELF) == SELF
        return {
            "of_age_when_registered": rules.tell_of_age(born if isinstance(born, date) else None, on),
            "acted_for": None if is_alone else "yes",
        }

    @cached_property
    def represented(self) -> dict[str, str]:
        """The questions of the pack that the day of whoever acts for the person answers."""
        kind, since = self.texts.get("capacity", SELF), self.texts.get("rep_since", "")
        return answer_by_representing(self._read.document, kind, since)

    @cached_property
    def steps(self) -> list[Step]:
        """The steps of this person, in order."""
        return list_steps(self._read.questions, self.values, capacity=self.texts.get("capacity"))

    def count_pages(self, here: Step) -> int:
        """Return how many pages this person sees, as far as it is known on this one."""
        return count_pages(self.steps, self.values, here=here)

    def list_initial(self, step: Step) -> dict[str, str]:
        """Return what a form of this step shows: what was saved, and UNKNOWN where "I do not know" was chosen.

        Who registers for oneself and has said where one lives finds that country at the address.
        """
        known = {name: self.saved[name].text or UNKNOWN for name in step.fields if name in self.saved}
        lives_in = self.texts.get("habitual_residence") if self.texts.get("capacity") == SELF else None
        return {"country": lives_in} | known if lives_in and "country" in step.fields else known

    def list_digests(self, step: Step) -> dict[str, str]:
        """Return name -> digest of what is kept, for a form of this step to carry."""
        held = {name: self.texts.get(name, "") for name in step.fields}
        return make_digests(held, place=_name_page(self.registration))

    def find_open_step(self) -> Step:
        """Return the first step that was not answered yet, then open declarations, then the check of the answers."""
        if step := next((step for step in self.steps if set(step.fields) - self.saved.keys()), None):
            return step
        is_open = mandates.list_wanted_kinds(self.registration.action, self.values) - self.accepted
        return (self.find_step("declarations") if is_open else None) or self.steps[-1]

    def find_step(self, name: str) -> Step | None:
        """Return the step of this name, if this person is asked it."""
        return next((step for step in self.steps if step.name == name), None)


def open_draft(registration: Registration) -> Draft:
    """Return a registration with all that was saved. Raises vault.Unreadable where the keys are not the right ones."""
    saved = {
        value.name: Saved(_open(registration, value), value.saved_at)
        for value in registration.values.all()
    }  # fmt: skip
    return Draft(registration, saved)


def read_values(registration: Registration) -> dict[str, str]:
    """Return name -> text of all that was saved and is not empty."""
    return open_draft(registration).texts


@contextmanager
def keep_open(registration: Registration) -> Iterator[None]:
    """Hold a registration in a transaction in which it is written on. Raises Refused where it was sent meanwhile."""
    with transaction.atomic():
        rows = Registration.objects.select_for_update().filter(pk=registration.pk, state=Registration.State.OPEN)
        if not rows.exists():
            raise Refused(_("this registration has been sent in the meantime"))
        yield


def save_step(
    registration: Registration, texts: Mapping[str, str], *, shown: Mapping[str, str] | None = None
) -> Together:
    """Save the values of a step. "" takes an answer back; the last save of a value that was touched holds.

    `shown` holds the digests of what the page had shown: what was not touched there keeps what another tab saved.
    Raises Refused where the registration was sent meanwhile, in another tab: nothing is said to be kept that is not.
    """
    with keep_open(registration):
        held = {value.name: _open(registration, value) for value in registration.values.filter(name__in=shown or ())}
        together = put_together(texts, held=held, shown=shown or {}, place=_name_page(registration))
        _write_values(registration, together.texts)
        return together


def _write_values(registration: Registration, texts: Mapping[str, str]) -> None:
    now = timezone.now()
    if texts.get("capacity", SELF) != SELF and texts["capacity"] != read_values(registration).get("capacity"):
        registration.values.filter(name="rep_since").delete()  # a consent, a mandate, a death: each is another day
    for name, text in texts.items():
        sealed = vault.seal_text(registration.data_key, text, place=_name_place(registration, name))
        RegistrationValue.objects.update_or_create(
            registration=registration, name=name, defaults={"sealed": sealed, "saved_at": now}
        )
    Registration.objects.filter(pk=registration.pk).update(saved_at=now)


def save_declarations(
    registration: Registration,
    chosen: Iterable[DeclarationText],
    *,
    offered: Iterable[DeclarationText] = (),
    shown: Mapping[str, str] | None = None,
) -> Together:
    """Keep that these declarations, and no others, are accepted. Raises Refused where the registration was sent.

    A tick that was not touched on the page, by what it had `shown`, stays as another tab left it.
    """
    ticked = {text.kind: text for text in chosen}
    with keep_open(registration):
        accepted = {it.text.kind: it.text for it in registration.acceptances.select_related("text")}
        ticks = {text.kind: TICKED * (text.kind in ticked) for text in [*offered, *ticked.values()]}
        held = _list_ticks(registration, ticks)
        together = put_together(ticks, held=held, shown=shown or {}, place=_name_page(registration))
        stay = {kind: accepted[kind] for kind in together.kept if held[kind]}  # in the language of that other tab
        taken = {kind: text for kind, text in ticked.items() if kind in together.texts}
        mandates.accept_declarations(registration, (taken | stay).values())
    return together


TICKED = "ticked"


def list_tick_digests(registration: Registration, offered: Iterable[DeclarationText]) -> dict[str, str]:
    """Return kind -> digest of whether a declaration is accepted, for its page to carry."""
    ticks = _list_ticks(registration, [text.kind for text in offered])
    return make_digests(ticks, place=_name_page(registration))


def _list_ticks(registration: Registration, kinds: Iterable[str]) -> dict[str, str]:
    accepted = mandates.list_accepted_kinds(registration)
    return {kind: TICKED * (kind in accepted) for kind in kinds}


@dataclass(frozen=True)
class Read:
    """The questions of an action as the rules see them, and in order with who is asked."""

    facts: dict[str, Fact]
    questions: Sequence[Question]
    document: list[dict[str, Any]]


_READ: dict[tuple[object, ...], Read] = {}
MOST_READ = 16


def read_questions(action: Action, version: CriteriaVersion | None) -> Read:
    """Return the questions of an action, read once by each process: until a pack is loaded they stay the same."""
    key = (action.pk, action.loaded_at, version.sha256 if version else "")
    read = _READ.get(key)
    if read is None:
        facts = criteria.list_facts(action.questions)
        read = Read(facts, list_questions(action, facts, version=version), action.questions)
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[key] = read
    action.questions = read.document  # not fetched again for whoever asks the action itself
    return read


def list_questions(action: Action, facts: Mapping[str, Fact], *, version: CriteriaVersion | None) -> list[Question]:
    """Return the questions of an action in order, with the rules that decide who is asked: dates are of a version."""
    dates = version.document["events"] if version else {}
    events = {key: date.fromisoformat(on) for key, on in dates.items()}
    return [
        Question(
            question["id"],
            rules.parse_rule(question["ask_when"], facts, events, []) if "ask_when" in question else None,
            is_declared=not is_asked_of_people(question),
            page=question.get("ask_with", ""),
            told_by=question.get("represented", ""),
        )
        for question in action.questions
    ]


def tell_minutes(action: Action) -> int:
    """Return how many minutes it takes to register in an action."""
    everybody = [it for it in action.questions if "ask_when" not in it]
    asked = [Question(it["id"], page=it.get("ask_with", "")) for it in everybody if is_asked_of_people(it)]
    return estimate_minutes(asked)


def read_value(fact: Fact, text: str | None) -> Value | None:
    """Return a saved text as a value of its fact; None is unknown."""
    if not text:
        return None
    raw: object = int(text) if fact.kind == rules.Kind.NUMBER and text.isdigit() else text
    return rules.read_answer(fact, raw)


@dataclass(frozen=True)
class StepStatus:
    """A step and whether something was said there."""

    step: Step
    is_done: bool


def list_step_status(draft: Draft) -> list[StepStatus]:
    """Return the steps with what is done, for the progress and the check of the answers."""
    return [StepStatus(step, any(name in draft.texts for name in step.fields)) for step in draft.steps]


def _open(registration: Registration, value: RegistrationValue) -> str:
    return vault.open_text(registration.data_key, value.sealed, place=_name_place(registration, value.name))


def _name_place(registration: Registration, name: str) -> str:
    return f"registration {registration.code} {name}"


def _name_page(registration: Registration) -> str:
    return f"registration {registration.code}"
