"""Action packs: a folder that sets up an action without code."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from claims import regimes
from claims.base.documents import Document, Steps, read_document
from claims.base.errors import Refused
from claims.base.history import record
from claims.criteria import check_criteria, list_facts
from claims.models import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter, User
from claims.rules.eligibility import RECORD_FACTS, RuleError, parse_rule
from claims.rules.eligibility import list_facts as list_rule_facts


@dataclass(frozen=True)
class Pack:
    """A checked pack: its documents, ready to be written to the database."""

    action: Document
    questions: Document
    criteria: Document
    declarations: tuple[Document, ...]

    @property
    def event_dates(self) -> dict[str, str]:
        """The dates that rules may name; what the law still waits for has none."""
        return {event["id"]: event["on"] for event in self.action.data["events"] if event["on"]}


@dataclass(frozen=True)
class Loaded:
    """What loading a pack came to."""

    action: Action
    criteria: CriteriaVersion
    declarations: int
    changed: bool


def read_pack(folder: Path) -> Pack:
    """Return the pack in a folder, checked in every part. Raises Refused with file, line and key."""
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder; give the folder of a pack")
    names = ("action", "questions", "criteria")
    action, questions, criteria = (read_document(folder / f"{name}.yaml", schema=name) for name in names)
    files = sorted((folder / "declarations").glob("*.yaml"))
    if not files:
        raise Refused(f"{folder}/declarations has no declaration; add at least one")
    pack = Pack(action, questions, criteria, tuple(read_document(file, schema="declaration") for file in files))
    _check_regime(pack)
    _check_questions(pack)
    check_criteria(criteria, questions.data["questions"], pack.event_dates)
    _check_events(pack)
    _check_declarations(pack)
    for document in (action, questions, criteria, *pack.declarations):
        _check_languages(document, action.data["languages"])
    return pack


def _check_regime(pack: Pack) -> None:
    try:
        regime = regimes.read_regime(pack.action.data["regime"])
    except Refused as error:
        raise pack.action.refuse(["regime"], str(error)) from None
    if regime.state != pack.action.data["court"]["state"]:
        raise pack.action.refuse(
            ["court", "state"], f"the regime {regime.code} is of {regime.state}; so must the court be"
        )


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
    document, asks = pack.questions, {}
    questions = document.data["questions"]
    facts = list_facts(questions)
    events = {key: date.fromisoformat(on) for key, on in pack.event_dates.items()}
    for i, question in enumerate(questions):
        if question["id"] in RECORD_FACTS or question["id"] in asks:
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


def _check_languages(document: Document, languages: list[str]) -> None:
    """Refuse a text that lacks one of the languages of the pack."""
    for path, texts in _walk_texts(document.data, ()):
        for language in languages:
            if language not in texts:
                raise document.refuse(
                    path, f"the text in `{language}` is missing; every language of the pack needs one"
                )


def _walk_texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[Steps, Mapping[str, str]]]:
    if isinstance(value, dict):
        if value and all(re.fullmatch("[a-z]{2}", key) and isinstance(text, str) for key, text in value.items()):
            yield path, value
        else:
            for key, child in value.items():
                yield from _walk_texts(child, (*path, key))
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from _walk_texts(child, (*path, i))


@transaction.atomic
def load_pack(folder: Path, *, by: User | None = None) -> Loaded:
    """Set up or renew an action from a pack. Loading the same pack again changes nothing.

    Criteria that differ become a new version; declarations never change in place. Raises Refused, with nothing done.
    """
    pack = read_pack(folder)
    digest = compute_digest([pack.action.data, pack.questions.data])
    known = Action.objects.filter(slug=pack.action.data["slug"]).first()
    changed = known is None or known.pack_sha256 != digest
    action = _write_action(pack, known, digest) if changed else known
    assert action is not None  # either known or just written
    criteria, is_new = _write_criteria(pack, action)
    written = _write_declarations(pack, action)
    changed = changed or is_new or written > 0
    if changed:
        record("pack loaded", action, by=by, action=action, criteria=criteria.number, declarations=written)
    return Loaded(action, criteria, len(pack.declarations), changed)


def _write_action(pack: Pack, known: Action | None, digest: str) -> Action:
    data = pack.action.data
    matter, _ = Matter.objects.update_or_create(
        slug=data["matter"]["slug"], defaults={key: text for key, text in data["matter"].items() if key != "slug"}
    )
    if known and known.claims.exists() and (known.matter_id, known.regime_code) != (matter.pk, data["regime"]):
        raise pack.action.refuse(["regime"], "the action has claims; its matter and regime can no longer change")
    values = {
        "matter": matter,
        "regime_code": data["regime"],
        "stage": data["stage"],
        "is_published": data["published"],
        "is_illustration": data["illustration"],
        "facts": data,
        "questions": pack.questions.data["questions"],
        "pack_sha256": digest,
    }
    action, _ = Action.objects.update_or_create(slug=data["slug"], defaults=values)
    action.events.all().delete()
    ActionEvent.objects.bulk_create(
        ActionEvent(action=action, key=e["id"], on=e["on"], text=e["text"], source=e["source"], position=i)
        for i, e in enumerate(data["events"])
    )
    action.refresh_from_db()
    return action


def _write_criteria(pack: Pack, action: Action) -> tuple[CriteriaVersion, bool]:
    document = build_criteria_document(pack.criteria, pack.questions.data["questions"], pack.event_dates)
    digest = compute_digest(document)
    latest = action.criteria
    if latest and latest.sha256 == digest:
        return latest, False
    number = latest.number + 1 if latest else 1
    return CriteriaVersion.objects.create(action=action, number=number, document=document, sha256=digest), True


def build_criteria_document(criteria: Document, questions: list[dict], events: Mapping[str, str]) -> dict[str, Any]:
    """Return what a criteria version keeps: all that its rules need, so that it can be read on its own later."""
    return {
        "criteria": criteria.data["criteria"],
        "tiers": criteria.data.get("tiers", []),
        "questions": questions,
        "events": dict(events),
    }


def _write_declarations(pack: Pack, action: Action) -> int:
    """Write the declarations that are new; refuse one whose words changed without a new version."""
    written = 0
    for document in pack.declarations:
        data = document.data
        for language in data["body"]:
            written += _write_declaration(document, action, data, language)
    return written


def _write_declaration(document: Document, action: Action, data: dict[str, Any], language: str) -> bool:
    texts = {part: data[part][language] for part in ("title", "summary", "body")}
    fixed = {"prevailing_language": data["prevailing"], "citation": data["citation"], **texts}
    digest = compute_digest(fixed)
    text, is_new = DeclarationText.objects.get_or_create(
        action=action,
        kind=data["kind"],
        version=data["version"],
        language=language,
        defaults={**fixed, "sha256": digest},
    )
    if text.sha256 != digest:
        raise document.refuse(
            ["version"], "the words changed but the version did not; people may have accepted it: raise it"
        )
    return is_new


def compute_digest(data: Any) -> str:
    """Return the SHA-256 of the canonical JSON of plain values."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
