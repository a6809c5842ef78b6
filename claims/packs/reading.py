"""Reading a pack: a folder becomes checked documents, or a refusal with file, line and key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from claims import regimes
from claims.base.documents import Document, read_document
from claims.base.errors import Refused
from claims.criteria import check_criteria, list_facts, list_idle_texts
from claims.packs.languages import add_languages, check_languages, list_unchecked
from claims.precheck import check_precheck, list_undecided
from claims.questions import is_asked_of_people
from claims.rules.eligibility import KNOWN_FACTS, RECORD_FACTS, Kind, RuleError, parse_rule
from claims.rules.eligibility import list_facts as list_rule_facts
from claims.rules.regimes import Regime


@dataclass(frozen=True)
class Pack:
    """A checked pack: its documents, ready to be written to the database, and what its author should look at."""

    action: Document
    questions: Document
    criteria: Document
    declarations: tuple[Document, ...]
    regime: Regime
    warnings: tuple[str, ...]

    @property
    def event_dates(self) -> dict[str, str]:
        """The dates that rules may name; what the law still waits for has none."""
        return {event["id"]: event["on"] for event in self.action.data["events"] if event["on"]}


def read_pack(folder: Path) -> Pack:
    """Return the pack in a folder, checked in every part. Raises Refused with file, line and key."""
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder; give the folder of a pack")
    names = ("action", "questions", "criteria")
    action, questions, criteria = (read_document(folder / f"{name}.yaml", schema=name) for name in names)
    files = sorted((folder / "declarations").glob("*.yaml"))
    if not files:
        raise Refused(f"{folder}/declarations has no declaration; add at least one")
    declarations = tuple(read_document(file, schema="declaration") for file in files)
    add_languages(folder, action.data["languages"], (action, questions, criteria), declarations)
    pack = Pack(action, questions, criteria, declarations, _read_regime(action), warnings=())
    _check_questions(pack)
    _check_pages(pack)
    book = check_criteria(criteria, questions.data["questions"], pack.event_dates)
    check_precheck(questions, book)
    _check_events(pack)
    _check_declarations(pack)
    _check_declared(pack)
    _check_days(pack)
    for document in (action, questions, criteria, *pack.declarations):
        check_languages(document, action.data["languages"])
    warnings = (*list_idle_texts(criteria, book), *list_undecided(questions, book), *list_unchecked(declarations))
    return replace(pack, warnings=warnings)


def _read_regime(action: Document) -> Regime:
    try:
        regime = regimes.read_regime(action.data["regime"])
    except Refused as error:
        raise action.refuse(["regime"], str(error)) from None
    if regime.state != action.data["court"]["state"]:
        raise action.refuse(["court", "state"], f"the regime {regime.code} is of {regime.state}; so must the court be")
    return regime


def _check_events(pack: Pack) -> None:
    document, seen = pack.action, set()
    for i, event in enumerate(document.data["events"]):
        if event["id"] in seen:
            raise document.refuse(["events", i, "id"], f"`{event['id']}` is there twice; give each its own id")
        if event["on"] is None and "until" not in event:
            raise document.refuse(
                ["events", i, "until"], "an event without a date says in `until` what ends the waiting"
            )
        seen.add(event["id"])


def _check_questions(pack: Pack) -> None:
    """Refuse doubled ids, ids of the record, conditions that cannot be read, and conditions that run in a circle."""
    document, asks = pack.questions, dict[str, list[str]]()
    questions = document.data["questions"]
    facts = list_facts(questions)
    events = {key: date.fromisoformat(on) for key, on in pack.event_dates.items()}
    for i, question in enumerate(questions):
        if question["id"] in RECORD_FACTS | KNOWN_FACTS | asks.keys():
            raise document.refuse(["questions", i, "id"], f"`{question['id']}` is taken; choose another id")
        condition = question.get("ask_when")
        try:
            rule = parse_rule(condition, facts, events, ["questions", i, "ask_when"]) if condition else None
        except RuleError as error:
            raise document.refuse(error.path, str(error)) from None
        asks[question["id"]] = list_rule_facts(rule) if rule else []
    for i, question in enumerate(questions):
        if circle := _find_circle(question["id"], asks):
            raise document.refuse(["questions", i, "ask_when"], f"runs in a circle: {' > '.join(circle)}")


def _check_pages(pack: Pack) -> None:
    """Refuse a question that is asked on no page, or on that of a question which is asked at other times."""
    document, pages = pack.questions, {}
    for i, question in enumerate(document.data["questions"]):
        if "ask_with" not in question:
            pages[question["id"]] = question
            continue
        page = pages.get(question["ask_with"])
        if page is None or not all(is_asked_of_people(it) and "represented" not in it for it in (page, question)):
            raise document.refuse(
                ["questions", i, "ask_with"], f"`{question['ask_with']}` is no earlier question with a page of its own"
            )
        if page.get("ask_when") != question.get("ask_when"):
            raise document.refuse(
                ["questions", i, "ask_with"], f"`{page['id']}` is asked at other times; give both the same `ask_when`"
            )


def _find_circle(start: str, asks: Mapping[str, list[str]]) -> list[str] | None:
    """Return a way from a question back to itself, or None."""
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop()
        for name in asks.get(way[-1], []):
            if name == start:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return None


def _check_declarations(pack: Pack) -> None:
    kinds = set()
    for document in pack.declarations:
        if document.data["kind"] in kinds:
            raise document.refuse(["kind"], f"`{document.data['kind']}` is in two files; keep one")
        if document.data["prevailing"] not in document.data["body"]:
            raise document.refuse(["prevailing"], "the prevailing language has no text in `body`")
        kinds.add(document.data["kind"])


def _check_declared(pack: Pack) -> None:
    """Refuse a question that is answered by a declaration which is not there, or with an answer that it cannot take."""
    kinds = {document.data["kind"] for document in pack.declarations}
    questions = pack.questions.data["questions"]
    facts = list_facts(questions)
    for i, question in enumerate(questions):
        declared = question.get("declared")
        if declared and declared["kind"] not in kinds:
            raise pack.questions.refuse(
                ["questions", i, "declared", "kind"],
                f"there is no declaration `{declared['kind']}`; there are: {', '.join(sorted(kinds))}",
            )
        if declared and declared["answer"] not in facts[question["id"]].answers:
            raise pack.questions.refuse(
                ["questions", i, "declared", "answer"], f"`{declared['answer']}` is not an answer to this question"
            )


def _check_days(pack: Pack) -> None:
    """Refuse an order of days that names something else than a day, or runs in a circle."""
    document, questions = pack.questions, pack.questions.data["questions"]
    facts = list_facts(questions)
    after = {question["id"]: question.get("not_before", []) for question in questions}
    for i, question in enumerate(questions):
        if "one_line" in question and question["kind"] != Kind.TEXT:
            raise document.refuse(["questions", i, "one_line"], f"`{question['id']}` is not own words; leave this out")
        for key in ("not_before", "may_come", "represented"):
            may_be = (Kind.DATE, Kind.YES_NO) if key == "represented" else (Kind.DATE,)
            if key in question and question["kind"] not in may_be:
                raise document.refuse(["questions", i, key], f"`{question['id']}` is not a day; leave this out")
        for k, name in enumerate(after[question["id"]]):
            if name not in facts or facts[name].kind != Kind.DATE:
                raise document.refuse(["questions", i, "not_before", k], f"there is no day `{name}`")
        if circle := _find_circle(question["id"], after):
            raise document.refuse(["questions", i, "not_before"], f"runs in a circle: {' > '.join(circle)}")
