"""What is unknown or not met is mended: the person answers the very question, and the claim is screened again.

What an answer was before stays sealed beside the claim (`claims.answers.keep_former`): the office sees that it changed.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims import mandates
from claims.answers import keep_former, read_text_answer, seal_answers
from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.contacts import find_representation, renew_person_key
from claims.counts import move_count
from claims.criteria import FOUND, Finding, judge_anew, list_facts, list_findings, list_values
from claims.dates import ToldDays, read_days
from claims.intake.drafts import list_questions
from claims.intake.questions import list_person_questions
from claims.keys import ensure_data_key
from claims.models import Claim, DeclarationText, Representation, User
from claims.questions import Question, word_question
from claims.representing import answer_by_representing
from claims.review.periods import list_open_questions, note_answer
from claims.rules import eligibility as rules
from claims.rules.eligibility import RECORD_FACTS, Kind, Value, Verdict
from claims.rules.steps import SELF, Step, is_asked

ACTING = {"rep_given_name": "given_name", "rep_family_name": "family_name", "rep_since": "since"}


def is_curable(claim: Claim) -> bool:
    """Whether answers can still be given: what was joined with is before the court, what was withdrawn is over."""
    return claim.status == Claim.Status.SUBMITTED and claim.joined_on is None


def list_curing(claim: Claim) -> dict[str, list[Question]]:
    """Return criterion -> questions that can be answered or corrected now, in order: those that its finding rests on.

    Only of criteria whose finding is unknown or no, and then also where a yes rests on the same answer. An answer that
    only a yes rests on is changed by the office.
    """
    if not is_curable(claim):
        return {}
    asked = {name: question for name, question in list_asked(claim).items() if not question.get("final")}
    findings = list_findings(claim)
    days = {question["id"] for question in claim.action.questions if is_told_by_day(question)}

    def acting(finding: Finding) -> set[str]:
        return {"rep_since"} if days & _list_used(finding) else set()

    return {
        finding.criterion.id: [asked[name] for name in asked if name in _list_used(finding) | acting(finding)]
        for finding in findings
        if finding.verdict != Verdict.YES
    }


def list_final(claim: Claim) -> set[str]:
    """Return the criteria not met, or not known to be, that rest on what had to be there when somebody registered."""
    if not is_curable(claim):
        return set()
    final = {name for name, question in list_asked(claim).items() if question.get("final")}
    return {it.criterion.id for it in list_findings(claim) if it.verdict != Verdict.YES and final & _list_used(it)}


def is_told_by_day(question: Question) -> bool:
    """Whether the day of whoever acts answers this afterwards too: not what had to be there at registration."""
    return "represented" in question and not question.get("final")


def _list_doubted(claim: Claim) -> set[str]:
    """Return the facts that a finding rests on which is no or unknown."""
    return {name for finding in list_findings(claim) if finding.verdict != Verdict.YES for name in _list_used(finding)}


def _list_used(finding: Finding) -> set[str]:
    return set(rules.list_facts(finding.criterion.rule))


def list_asked(claim: Claim) -> dict[str, Question]:
    """Return the questions that this person is asked, by id: of the record first, then of the pack.

    What a declaration answers is asked of whoever has not made it: a claim from a file may come without the mandate.
    """
    values, questions = _read_values(claim)
    capacity = _find_capacity(claim)
    person = list_person_questions(capacity)
    record = {name: person[name] for name in RECORD_FACTS if name in person}
    if claim.claimant.birth_date and "birth_date" not in _list_doubted(claim):
        del record["birth_date"]  # part of who somebody is: the office changes it, on proof
    if capacity != SELF:
        record |= {name: person[name] for name in ACTING}
    facts = list_facts(questions)
    undeclared = {it["id"] for it in questions if "declared" in it and values.get(it["id"]) != it["declared"]["answer"]}
    asked = {
        question.id
        for question in list_questions(claim.action, facts, version=claim.action.criteria)
        if (question.id in undeclared or not question.is_declared)
        and is_asked(Step(question.id, (), rule=question.rule), values)
    }
    return record | {it["id"]: word_question(it, capacity=capacity) for it in questions if it["id"] in asked}


def find_question(claim: Claim, name: str) -> Question | None:
    """Return the question of this id, if it can be answered now: one that the office asked, whatever was found."""
    if is_curable(claim) and name in list_open_questions(claim):
        question = list_asked(claim).get(name)
        return None if question is None or question.get("final") else question
    open_now = (question for questions in list_curing(claim).values() for question in questions)
    return next((question for question in open_now if question["id"] == name), None)


def read_answer(claim: Claim, question: Question) -> str:
    """Return the kept answer as a form shows it; "" where there is none."""
    if question["kind"] == Kind.TEXT:
        return read_text_answer(claim, question["id"])
    if question["id"] in ACTING:
        return str(getattr(find_representation(claim.claimant), ACTING[question["id"]], None) or "")
    value = _read_values(claim)[0].get(question["id"])
    return "" if value is None else str(value)


def find_declaration(claim: Claim, question: Question, language: str) -> DeclarationText | None:
    """Return the declaration that goes with one answer to this question and was not accepted at sending, if any."""
    kind = question.get("declared", {}).get("kind")
    if kind is None or claim.acceptances.filter(text__kind=kind, taken_back_at=None).exists():
        return None
    texts = mandates.list_declarations(claim.action, language)
    return next((text for text in texts if text.kind == kind), None)


def list_told(claim: Claim) -> ToldDays:
    """Return the days that a claim tells of, so that a new one fits them."""
    representation = find_representation(claim.claimant)
    person = list_person_questions(representation.kind if representation else SELF)
    asked = list_asked(claim) | {name: person[name] for name in ("birth_date", "rep_since")}
    values = _read_values(claim)[0]
    texts = {name: str(values[name]) for name in asked if values.get(name) is not None}
    if representation and representation.since:
        texts["rep_since"] = representation.since.isoformat()
    return read_days(texts, asked.values())


@transaction.atomic
def correct_answer(claim: Claim, name: str, text: str, *, by: User, accepted: DeclarationText | None = None) -> Claim:
    """Save the answer to one question and return the claim with what the criteria find now. "" is unknown.

    One transaction: answer, the sealed former one, findings, counts and history. `accepted` is the declaration that
    goes with the answer, where one does. Raises Refused where the question is not open or the declaration is missing,
    StaleStatus where somebody moved the claim in between.
    """
    # Held until the end. A screening waits for it, then finds that the row has changed and reads it again.
    held = (
        Claim.objects.select_for_update(of=("self",), no_key=True)
        .select_related("action", "claimant", "criteria_version")
        .get(pk=claim.pk)
    )
    question = find_question(held, name)
    if question is None:
        raise Refused(explain_closed(held, name))
    _declare(held, question, text, accepted)
    before = (held.habitual_residence, held.tier, held.outcome)
    former = _keep_former(held, question, text)
    changed = _keep_answer(held, question, text)
    judge_anew(held)
    _save(held, changed)
    move_count(held.action_id, before, (held.habitual_residence, held.tier, held.outcome))
    if text:
        note_answer(held, name)
    history.record("answer corrected", held, by=by, action=held.action, fields=[name], **former)
    return held


def _declare(held: Claim, question: Question, text: str, accepted: DeclarationText | None) -> None:
    """Keep the declaration that this answer takes; who gave another answer when sending was never asked for it."""
    wanted = find_declaration(held, question, held.claimant.language or "en")
    if wanted is None or text != question["declared"]["answer"]:
        return
    if accepted is None or accepted.kind != wanted.kind or accepted.action_id != held.action_id:
        raise Refused(_("Please accept the declaration too: this answer goes with it."))
    mandates.accept_for_claim(held, accepted)


def _keep_former(held: Claim, question: Question, text: str) -> dict[str, list[int]]:
    """Seal the answer that is about to change; return what the history says of it: the id of the row."""
    former = read_answer(held, question)
    if not former or former == text:
        return {}
    return {"former": [keep_former(held, question["id"], former).pk]}


def explain_closed(claim: Claim, name: str) -> str:
    """Return why a question cannot be answered now."""
    if claim.status == Claim.Status.WITHDRAWN:
        return _("This claim is withdrawn, so its answers stay as they are.")
    if claim.status != Claim.Status.SUBMITTED:
        return _("A person has decided on your claim with these answers. Write to the office if one of them is wrong.")
    if claim.joined_on:
        return _("You have joined the court action with these answers. Write to the office if one of them is wrong.")
    if any(question["id"] == name and question.get("final") for question in claim.action.questions):
        return _("This had to be there when you registered; write to us if what you said then was wrong.")
    return _(
        "This answer can no longer be changed here: our check has used it for a yes. Write to the office if it is"
        " wrong; a person looks at it."
    )


def _keep_answer(held: Claim, question: Question, text: str) -> list[str]:
    """Put the answer where its kind is kept; return the columns of the claim that changed."""
    name = question["id"]
    if name == "birth_date":
        held.claimant.birth_date = date.fromisoformat(text) if text else None
        held.claimant.save(update_fields=["birth_date"])
        renew_person_key(held.claimant, held.matter_id)
        return []
    if name in ACTING:
        acting = _keep_acting(held, name, text)
        since = acting.since.isoformat() if acting.since else ""
        told = [question for question in held.action.questions if is_told_by_day(question)]
        held.answers = held.answers | answer_by_representing(told, acting.kind, since)
        return ["answers"]
    if name == "habitual_residence":
        held.habitual_residence = text
        return [name]
    if name == "resident_since":
        held.resident_since = date.fromisoformat(text) if text else None
        return [name]
    held.answers = {key: value for key, value in held.answers.items() if key != name} | _write(held, question, text)
    return ["answers"]


def _keep_acting(held: Claim, name: str, text: str) -> Representation:
    """Keep an answer about who acts, and return it. Raises Refused where nobody's name would be left."""
    acting = Representation.objects.select_for_update().get(claimant=held.claimant_id)
    setattr(acting, ACTING[name], (date.fromisoformat(text) if text else None) if name == "rep_since" else text)
    if not acting.full_name:
        raise Refused(_("Please give at least one name."))
    acting.save(update_fields=[ACTING[name]])
    return acting


def _write(held: Claim, question: Question, text: str) -> dict[str, Any]:
    name = question["id"]
    if not text:
        return {}
    if question["kind"] == Kind.TEXT:
        return seal_answers(ensure_data_key(held.claimant), held.reference, {name: text})
    return {name: int(text) if question["kind"] == Kind.NUMBER else text}


def _save(held: Claim, changed: list[str]) -> None:
    """Write the claim if it still stands and has not joined."""
    as_held = Claim.objects.filter(pk=held.pk, status=Claim.Status.SUBMITTED, joined_on=None)
    if as_held.update(**{name: getattr(held, name) for name in [*changed, *FOUND]}) != 1:
        raise StaleStatus(_("Somebody else has changed this claim in the meantime. Open it again."))


def _read_values(claim: Claim) -> tuple[dict[str, Value | None], list[dict[str, Any]]]:
    questions: list[dict[str, Any]] = claim.action.questions
    return list_values(claim, list_facts(questions)), questions


def _find_capacity(claim: Claim) -> str:
    kind = Representation.objects.filter(claimant=claim.claimant_id).values_list("kind", flat=True).first()
    return kind or SELF
