"""The steps of a registration: which questions a person is asked, in what order, and when one falls away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from claims.rules.eligibility import Rule, Value, Verdict, explain_rule

SELF = "self"
# For a page, the declarations among them: the 23 pages of the demonstration pack have 2,100 words, of which people read
# about 200 a minute.
SECONDS = 27
CAPACITIES = (SELF, "guardian", "representative", "heir")


@dataclass(frozen=True)
class Step:
    """One page: the values it asks for, and when it is asked."""

    name: str
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()
    rule: Rule | None = None  # asked unless this finds "no": unknown is never "no"
    only_for: tuple[str, ...] = CAPACITIES
    is_question: bool = False


@dataclass(frozen=True)
class Question:
    """A question of the pack as far as the order of steps depends on it."""

    id: str
    rule: Rule | None = None
    is_declared: bool = False  # a declaration answers it, so nobody is asked
    page: str = ""  # the earlier question on whose page it is asked; "" where it has a page of its own
    told_by: str = ""  # the right whose day answers it: who acts by this right is not asked


ABOUT_YOU = (
    Step("capacity", ("capacity",), required=("capacity",)),
    Step("name", ("given_name", "family_name")),
    Step("birth", ("birth_date",), required=("birth_date",)),
    Step("representative", ("rep_given_name", "rep_family_name", "rep_since"), only_for=CAPACITIES[1:],
         required=("rep_since",)),
    Step("address", ("street", "postcode", "city", "country"), required=("country",)),
    Step("residence", ("habitual_residence", "resident_since"), required=("habitual_residence",)),
    Step("phone", ("phone",)),
)  # fmt: skip
NAMES = {"name": ("given_name", "family_name"), "representative": ("rep_given_name", "rep_family_name")}  # one of them
LAST = (Step("evidence", ()), Step("declarations", ()), Step("check", ()))


def list_steps(
    questions: Sequence[Question], values: Mapping[str, Value | None], *, capacity: str | None
) -> list[Step]:
    """Return the steps that this person goes through, by what is known so far.

    `values` are the facts of the rules. A person whose capacity is not known yet is asked as for oneself.
    """
    pages: dict[str, Step] = {}
    for question in questions:
        if page := pages.get(question.page):
            pages[question.page] = replace(page, fields=(*page.fields, question.id))
        elif not question.is_declared:
            others = tuple(capacity for capacity in CAPACITIES if capacity != question.told_by)
            pages[question.id] = Step(
                question.id, (question.id,), rule=question.rule, only_for=others, is_question=True
            )
    steps = [*ABOUT_YOU, *pages.values(), *LAST]
    return [step for step in steps if (capacity or SELF) in step.only_for and is_asked(step, values)]


def is_asked(step: Step, values: Mapping[str, Value | None]) -> bool:
    """Whether a step is asked: unless its rule finds "no"."""
    return step.rule is None or explain_rule(step.rule, values).verdict != Verdict.NO


def count_pages(steps: Sequence[Step], values: Mapping[str, Value | None], *, here: Step) -> int:
    """Return how many pages this person sees: those up to here, and of what follows those that are sure to be asked.

    What is asked only under a condition that nobody knows yet is not counted: most people never see it.
    """
    place = steps.index(here) + 1
    return place + sum(it.rule is None or explain_rule(it.rule, values).verdict == Verdict.YES for it in steps[place:])


def estimate_minutes(questions: Sequence[Question]) -> int:
    """Return how many minutes registering takes who acts for oneself and is asked no more than everybody, in fives."""
    steps = [step for step in list_steps(questions, {}, capacity=SELF) if step.rule is None]
    return max(5, 5 * round(len(steps) * SECONDS / 60 / 5))


def find_neighbours(steps: Sequence[Step], name: str) -> tuple[Step | None, Step | None]:
    """Return the step before and the one after."""
    names = [step.name for step in steps]
    place = names.index(name)
    before = steps[place - 1] if place else None
    return before, steps[place + 1] if place + 1 < len(steps) else None


def list_missing(steps: Sequence[Step], known: Mapping[str, str]) -> list[Step]:
    """Return the steps that still lack something without which a claim cannot be sent."""
    return [step for step in steps if any(not known.get(name) for name in step.required) or _is_nameless(step, known)]


def _is_nameless(step: Step, known: Mapping[str, str]) -> bool:
    """Whether a page asks for a name and none is given: a claim without its person, or nobody who answers for it."""
    names = NAMES.get(step.name, ())
    return bool(names) and not any(known.get(name) for name in names)
