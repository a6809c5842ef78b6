"""Writing a checked pack to the database."""

from collections.abc import Iterator, Mapping
from typing import Any

from claims.actions import PACK_TEXTS
from claims.base.documents import Document, compute_digest
from claims.criteria import check_criteria
from claims.models import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter
from claims.packs.languages import list_signed_off
from claims.packs.reading import Pack
from claims.procedure.projecting import project_events


def write_action(pack: Pack, digest: str) -> Action:
    """Write the matter, the action and its events as the pack has them, with the digest of both documents."""
    data = pack.action.data
    texts = {key: text for key, text in data["matter"].items() if key != "slug"}
    matter, _ = Matter.objects.update_or_create(slug=data["matter"]["slug"], defaults=texts)
    known = Action.objects.filter(slug=data["slug"]).first()
    values = {
        "matter": matter,
        "regime_code": pack.regime.code,
        "regime_sha256": pack.regime.sha256,
        "stage": data["stage"],
        "is_published": _may_show(data, known),
        "is_illustration": data["illustration"],
        "facts": {**data, "signed_off": {**list_signed_off(pack.declarations), PACK_TEXTS: data.get("signed_off", {})}},
        "questions": pack.questions.data["questions"],
        "precheck": pack.questions.data.get("precheck"),
        "pack_sha256": digest,
    }
    action, _ = Action.objects.update_or_create(slug=data["slug"], defaults=values)
    _write_events(action, data["events"])
    project_events(action)  # what the office entered holds over what the pack says
    action.refresh_from_db()
    return action


def _may_show(data: Mapping[str, Any], known: Action | None) -> bool:
    """Whether everyone sees an action after its pack was loaded.

    A pack shows a new illustration at once and takes any action off; a real one is published by a lawyer, whose list
    of points is done (claims.opening.publish_action).
    """
    if known is not None:
        return bool(data["published"] and known.is_published)
    return bool(data["published"] and data["illustration"])


def _write_events(action: Action, events: list[dict[str, Any]]) -> None:
    action.events.all().delete()
    ActionEvent.objects.bulk_create(
        ActionEvent(action=action, key=e["id"], on=e["on"], text=e["text"], source=e["source"], position=i)
        for i, e in enumerate(events)
    )


def write_criteria(pack: Pack, action: Action) -> tuple[CriteriaVersion, bool]:
    """Return the newest criteria version and whether it is new: criteria that differ become one.

    Criteria that were published in the browser are newer than a pack that says what it said when it was loaded last:
    they stay, and only questions and dates of the pack are taken over. A pack with other criteria than then replaces
    them, by a version of its own.
    """
    digest = compute_criteria_digest(pack.criteria.data)
    latest = action.criteria
    keeps = latest is not None and action.pack_criteria_sha256 == digest
    criteria = _take_kept(latest, pack) if latest and keeps else pack.criteria
    document = build_criteria_document(criteria, pack.questions.data["questions"], pack.event_dates)
    if action.pack_criteria_sha256 != digest:
        Action.objects.filter(pk=action.pk).update(pack_criteria_sha256=digest)
    if latest and says_the_same(latest.document, document):
        return latest, False
    number, sha256 = latest.number + 1 if latest else 1, compute_digest(document)
    return CriteriaVersion.objects.create(action=action, number=number, document=document, sha256=sha256), True


def _take_kept(latest: CriteriaVersion, pack: Pack) -> Document:
    """Return the criteria of a version as a document, checked against the questions and dates of the pack."""
    parts = {"criteria": latest.document["criteria"], "tiers": latest.document["tiers"]}
    kept = Document(file=f"criteria version {latest.number}", data={"schema": "criteria/1", **parts})
    check_criteria(kept, pack.questions.data["questions"], pack.event_dates)
    return kept


def compute_criteria_digest(data: Mapping[str, Any]) -> str:
    """Return the digest of the criteria and tiers alone, of a pack or of a version."""
    return compute_digest([data["criteria"], data.get("tiers", [])])


def says_the_same(kept: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether two documents of criteria agree in all but dates that no rule of theirs names."""
    names = {*_walk(document), *_walk(kept)}
    dates = [{key: on for key, on in side["events"].items() if key in names} for side in (kept, document)]
    rest = [{key: value for key, value in side.items() if key != "events"} for side in (kept, document)]
    return dates[0] == dates[1] and rest[0] == rest[1]


def _walk(document: Mapping[str, Any]) -> Iterator[str]:
    """Return every text in the rules of criteria and tiers and in the conditions of questions."""
    rules = [item["rule"] for part in ("criteria", "tiers") for item in document.get(part, [])]
    values = [*rules, *(question.get("ask_when") for question in document["questions"])]
    while values:
        match values.pop():
            case dict() as inner:
                values += inner.values()
            case list() as inner:
                values += inner
            case str() as text:
                yield text


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
