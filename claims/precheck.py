"""The anonymous pre-check: a few answers judged by the rules of the screening. Nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from django.utils import timezone

from claims.base.documents import Document
from claims.criteria import Criterion, Finding, Rulebook, read_stored
from claims.models import Action
from claims.questions import Question, find_questions
from claims.rules import eligibility as rules
from claims.rules.eligibility import KNOWN_FACTS, RECORD_FACTS, Kind, Outcome, Value, Verdict

KINDS = {Kind.YES_NO, Kind.CHOICE, Kind.COUNTRY, Kind.DATE}  # those that nobody has to think up an answer for
ORDER = (Verdict.NO, Verdict.UNKNOWN, Verdict.YES)  # what decides comes first


@dataclass(frozen=True)
class PreCheck:
    """What the answers come to: all findings, what decides first, and the criteria that nothing was asked about."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    later: tuple[Criterion, ...]
    asked_later: frozenset[str]  # ids of criteria that ask about more than these questions
    left_open: Mapping[str, Sequence[str]]  # criterion that all answers given leave open -> what registration asks too

    @property
    def open_findings(self) -> list[Finding]:
        """What is not met or not known."""
        return [finding for finding in self.findings if finding.verdict != Verdict.YES]

    @property
    def met(self) -> list[Finding]:
        """What is met."""
        return [finding for finding in self.findings if finding.verdict == Verdict.YES]


def list_precheck_questions(action: Action) -> list[Question]:
    """Return what the pre-check of an action asks, in order; nothing where there is none, or the action has ended."""
    if action.has_ended or not action.precheck or action.criteria is None:
        return []
    return find_questions(action, action.precheck)


def check_answers(action: Action, answers: Mapping[str, str]) -> PreCheck:
    """Judge answers (id -> text as a claim keeps it; "" is unknown) by the newest criteria of an action."""
    version = action.criteria
    assert version is not None  # an action without criteria has no pre-check
    today = timezone.now().astimezone(UTC).date()
    return judge_answers(read_stored(version), action.precheck or [], answers, on=today)


def judge_answers(book: Rulebook, asked: Sequence[str], answers: Mapping[str, str], *, on: date) -> PreCheck:
    """Judge answers over those criteria only that ask about one of the facts in `asked`; all others stay unknown.

    Who is of age `on` this day is so when registering too.
    """
    values = {name: rules.read_answer(book.facts[name], answers.get(name)) for name in asked}
    born = values.get("birth_date")
    if isinstance(born, date) and rules.tell_of_age(born, on) == "yes":
        values["of_age_when_registered"] = "yes"
    about = _list_concerned(book, asked)
    findings = [Finding(criterion, rules.explain_rule(criterion.rule, values).verdict) for criterion in about]
    return PreCheck(
        outcome=rules.join_findings("".join(finding.verdict for finding in findings)),
        findings=tuple(sorted(findings, key=lambda finding: ORDER.index(finding.verdict))),
        asked_later=frozenset(
            criterion.id
            for criterion in about
            if set(rules.list_facts(criterion.rule)) - set(asked) - KNOWN_FACTS.keys()
        ),
        left_open={finding.criterion.id: more for finding in findings if (more := _list_more(finding, values))},
        later=tuple(criterion for criterion in book.criteria if criterion.is_public and criterion not in about),
    )


def _list_more(finding: Finding, values: Mapping[str, Value | None]) -> list[str]:
    """Return the facts that an open criterion hangs on besides those that were asked, where all of these are known."""
    used = rules.list_facts(finding.criterion.rule)
    if finding.verdict != Verdict.UNKNOWN or any(values[name] is None for name in used if name in values):
        return []
    return [name for name in used if name not in values.keys() | KNOWN_FACTS.keys()]


def _list_concerned(book: Rulebook, asked: Sequence[str]) -> list[Criterion]:
    return [criterion for criterion in book.criteria if set(asked) & set(rules.list_facts(criterion.rule))]


def check_precheck(document: Document, book: Rulebook) -> None:
    """Raise Refused, with file, line and key, for a pre-check that asks what is not there or what decides nothing."""
    asked = document.data.get("precheck", [])
    for i, name in enumerate(asked):
        path: list[str | int] = ["precheck", i]
        if name not in book.facts or name in KNOWN_FACTS:
            raise document.refuse(
                path, f"there is no question `{name}`; name one below, or one of: {', '.join(RECORD_FACTS)}"
            )
        if name in asked[:i]:
            raise document.refuse(path, f"`{name}` is there twice; keep one")
        if (kind := book.facts[name].kind) not in KINDS:
            raise document.refuse(path, f"`{name}` is of kind {kind}; the pre-check takes {', '.join(sorted(KINDS))}")
        if not _list_concerned(book, [name]):
            raise document.refuse(path, f"no criterion asks about `{name}`, so it decides nothing; leave it out")


def list_undecided(document: Document, book: Rulebook) -> list[str]:
    """Return a warning for each criterion that keeps the pre-check from ever saying yes."""
    asked = document.data.get("precheck", [])
    return [
        document.point_at(
            ["precheck"],
            f"`{criterion.id}` needs more than these questions, so that the check can never say yes; ask for the rest"
            " too, or for nothing of it",
        )
        for criterion in _list_concerned(book, asked)
        if Verdict.YES not in rules.find_possible_verdicts(criterion.rule, book.facts, asked=asked)
    ]
