"""The source of criteria: a stored version as YAML, and YAML that was typed as what a version would keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.base.documents import Document, check_schema, compute_digest, parse_document
from claims.base.dumping import dump_document
from claims.criteria import Rulebook, check_criteria, list_idle_texts
from claims.models import Action
from claims.packs import build_criteria_document, check_languages

NAME = "criteria.yaml"
KEYS = ("id", "title", "rule", "citations", "text", "source", "yes", "no", "unknown", "public", "question", "on", "en")


@dataclass(frozen=True)
class Revision:
    """Criteria that were read and found right: as typed, as rules, and as a version would keep them."""

    source: Document
    book: Rulebook
    document: dict[str, Any]
    sha256: str
    unchanged: frozenset[str] = frozenset()  # criteria that stand so in the version in force

    @property
    def warnings(self) -> list[str]:
        """What does not stop it, but somebody should look at, in what is new: of the rest who loaded it was told."""
        return list_idle_texts(self.source, self.book, known=self.unchanged)


def read_source(action: Action, text: str) -> Revision:
    """Return the criteria that `text` spells, checked as those of a pack. Raises Refused with line and key."""
    source = parse_document(text, name=NAME)
    check_schema(source, "criteria")
    events = list_event_dates(action)
    book = check_criteria(source, action.questions, events)
    check_languages(source, list_languages(action))
    document = build_criteria_document(source, action.questions, events)
    return Revision(source, book, document, compute_digest(document), list_unchanged(action, document))


def list_unchanged(action: Action, document: Mapping[str, Any]) -> frozenset[str]:
    """Return the criteria that are as in the version in force."""
    version = action.criteria
    kept = {item["id"]: item for item in version.document["criteria"]} if version else {}
    return frozenset(item["id"] for item in document["criteria"] if kept.get(item["id"]) == item)


def list_event_dates(action: Action) -> dict[str, str]:
    """Return the dates of events that rules may name; what the law still waits for has none."""
    return {event.key: event.on.isoformat() for event in action.events.all() if event.on}


def list_languages(action: Action) -> list[str]:
    """Return the languages in which every text of an action must be there."""
    return list(action.facts.get("languages", ()))


def write_source(document: Mapping[str, Any]) -> str:
    """Return the criteria and tiers of a stored version as YAML, keys in the order in which people write them.

    PostgreSQL keeps no order of keys, so it is made here.
    """
    parts = {"criteria": document["criteria"], "tiers": document.get("tiers", [])}
    return dump_document({"schema": "criteria/1", **{name: _order(part) for name, part in parts.items() if part}})


def write_part(part: Mapping[str, Any]) -> str:
    """Return one criterion or tier as YAML, the same for the same content."""
    return dump_document(_order(part))


def _order(value: Any) -> Any:
    if isinstance(value, list):
        return [_order(item) for item in value]
    if isinstance(value, dict):
        places = {key: place for place, key in enumerate(KEYS)}
        return {key: _order(value[key]) for key in sorted(value, key=lambda key: (places.get(key, len(KEYS)), key))}
    return value
