"""What the criteria would find on a registration before it is sent: it is shown, and keeps nobody from sending."""

from collections.abc import Mapping
from dataclasses import dataclass

from claims import mandates
from claims.criteria import Finding, read_stored
from claims.intake.drafts import Draft
from claims.intake.questions import list_all_questions
from claims.models.actions import pick_text
from claims.rules import eligibility as rules
from claims.rules.eligibility import KNOWN_FACTS, Value, Verdict
from claims.rules.steps import SELF, Step


@dataclass(frozen=True)
class Doubt:
    """A criterion that the answers do not meet, or that no answer can settle, and the answers that decide it: (step,
    title of its question)."""

    finding: Finding
    decided_by: tuple[tuple[Step, str], ...]


def list_doubts(draft: Draft) -> list[Doubt]:
    """Return the criteria that the claim would not meet if it were sent now, and those that stay unknown for good: a
    minor who registers alone is told so before it is too late."""
    if draft.criteria is None:
        return []
    asked, values, capacity = _list_asked(draft), _list_values(draft), draft.texts.get("capacity", SELF)
    doubts = []
    for criterion in read_stored(draft.criteria).criteria:
        verdict = rules.explain_rule(criterion.rule, values).verdict
        used = rules.list_facts(criterion.rule)
        is_open = verdict == Verdict.UNKNOWN and _is_settled(draft, used, values)
        if verdict == Verdict.NO or is_open:
            told = [name for name in used if name in asked and (is_open or values.get(name) is not None)]
            doubts.append(Doubt(Finding(criterion.word_for(capacity), verdict), tuple(asked[name] for name in told)))
    return doubts


def _is_settled(draft: Draft, used: list[str], values: Mapping[str, Value | None]) -> bool:
    """Whether a finding rests on how the claim comes, and nothing that could still be answered would change it."""
    final = {it["id"] for it in draft.registration.action.questions if it.get("final")}
    asked = {name for step in draft.steps for name in step.fields}
    questions = [name for name in used if name not in KNOWN_FACTS]
    is_told = all(name in asked and (name in final or values.get(name) is not None) for name in questions)
    return is_told and len(questions) < len(used)


def _list_asked(draft: Draft) -> dict[str, tuple[Step, str]]:
    """Return fact -> where it is asked, and how."""
    capacity = draft.texts.get("capacity", SELF)
    asked = {
        question["id"]: (step, pick_text(question["label"]))
        for step, question in list_all_questions(draft.registration, draft.steps, capacity=capacity)
    }
    return asked | {name: asked["rep_since"] for name in draft.represented if "rep_since" in asked}


def _list_values(draft: Draft) -> Mapping[str, Value | None]:
    """Return the facts as the claim would hold them: of questions that are asked, and what declaring answers."""
    asked = {name for step in draft.steps for name in step.fields} | draft.represented.keys() | KNOWN_FACTS.keys()
    values = {name: value for name, value in draft.values.items() if name in asked}
    return values | mandates.answer_by_declaring(draft.registration.action, draft.accepted)
