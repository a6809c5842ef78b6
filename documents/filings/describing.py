"""What a snapshot says of the action itself: court, parties, facts, criteria, law, and every source that they name."""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.utils import timezone

from claims.actions import get_regime, list_sources
from claims.models import Action, CriteriaVersion
from claims.rules.sources import find_source, split_sources

HERE = Path(__file__).resolve().parent.parent
ENGINES = ("weasyprint", "typst", "pikepdf", "babel", "django")


def describe_action(action: Action) -> dict[str, Any]:
    """Return the action as a filing needs it, with nothing left to look up later."""
    regime = get_regime(action)
    return {
        "slug": action.slug,
        "stage": action.stage,
        "is_illustration": action.is_illustration,
        "facts": {key: value for key, value in action.facts.items() if key != "sources"},
        "matter": {
            "trader": action.matter.trader,
            "practice": action.matter.practice,
            "cause_of_action": action.matter.cause_of_action,
        },
        "regime": {
            "code": regime.code,
            "state": regime.state,
            "name": dict(regime.name),
            "version": regime.version,
            "sha256": regime.sha256,
            "rules": {
                name: {"value": entry.value, "text": dict(entry.text), "source": entry.source}
                for name, entry in regime.rules.items()
            },
        },
    }


def describe_criteria(version: CriteriaVersion) -> dict[str, Any]:
    """Return a criteria version with its document."""
    return {
        "number": version.number,
        "sha256": version.sha256,
        "published_at": timezone.localtime(version.published_at).isoformat(),  # its day is that of the court
        "document": version.document,
    }


def describe_sources(action: Action, *parts: Any) -> dict[str, dict[str, Any]]:
    """Return title and address of every source that is named anywhere in these parts."""
    catalogue = list_sources(action)
    keys = sorted({key for part in parts for text in _walk_sources(part) for key in split_sources(text)})
    found = {key: find_source(key, catalogue) for key in keys}
    return {key: {"title": dict(source.title), "url": source.url} for key, source in found.items()}


def _walk_sources(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            if key.endswith("source") and isinstance(child, str):
                yield child
            else:
                yield from _walk_sources(child)
    elif isinstance(value, list):
        for child in value:
            yield from _walk_sources(child)


def describe_making(kind: str) -> dict[str, Any]:
    """Return what decides about the bytes beside the data: the templates of a kind and the versions of the engines.

    They are part of the snapshot, so that new wording makes a new filing and never changes an old one.
    """
    folders = (HERE / "templates" / "documents" / "pdf", HERE / "typst")
    files = sorted(file for folder in folders for file in folder.iterdir() if file.is_file())
    digest = hashlib.sha256()
    for file in files:
        if file.name.startswith(("_", "filing", "register", kind)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return {"layout_sha256": digest.hexdigest(), "versions": {name: version(name) for name in ENGINES}}
