"""Writing a checked pack to the database."""

from collections.abc import Mapping
from typing import Any

from claims.base.documents import Document, compute_digest
from claims.models import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter
from claims.packs.languages import list_signed_off
from claims.packs.reading import Pack
from claims.procedure.projecting import project_events


def write_action(pack: Pack, digest: str) -> Action:
    """Write the matter, the action and its events as the pack has them, with the digest of both documents."""
    data = pack.action.data
    texts = {key: text for key, text in data["matter"].items() if key != "slug"}
    matter, _ = Matter.objects.update_or_create(slug=data["matter"]["slug"], defaults=texts)
    values = {
        "matter": matter,
        "regime_code": pack.regime.code,
        "regime_sha256": pack.regime.sha256,
        "stage": data["stage"],
        "is_published": data["published"],
        "is_illustration": data["illustration"],
        "facts": {**data, "signed_off": list_signed_off(pack.declarations)},
        "questions": pack.questions.data["questions"],
        "precheck": pack.questions.data.get("precheck"),
        "pack_sha256": digest,
    }
    action, _ = Action.objects.update_or_create(slug=data["slug"], defaults=values)
    _write_events(action, data["events"])
    project_events(action)  # what the office entered holds over what the pack says
    action.refresh_from_db()
    return action


def _write_events(action: Action, events: list[dict[str, Any]]) -> None:
    action.events.all().delete()
    ActionEvent.objects.bulk_create(
        ActionEvent(action=action, key=e["id"], on=e["on"], text=e["text"], source=e["source"], position=i)
        for i, e in enumerate(events)
    )


def write_criteria(pack: Pack, action: Action) -> tuple[CriteriaVersion, bool]:
    """Return the newest criteria version and whether it is new: criteria that differ become one."""
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


def write_declarations(pack: Pack, action: Action) -> int:
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
    if "accept" in data:
        fixed["accept"] = data["accept"][language]
    if data.get("optional"):
        fixed["is_optional"] = True
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
