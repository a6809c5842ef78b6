"""A new action: a pack that is on this machine, or what another action says, without its claims."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from claims.accounts import grant_role
from claims.base.documents import Document, compute_digest
from claims.base.errors import Refused
from claims.base.history import record
from claims.criteria import check_criteria
from claims.matters import find_matter
from claims.models import Action, ActionEvent, CriteriaVersion, DeclarationText, Matter, User
from claims.packs import build_criteria_document, load_pack
from claims.regimes import read_regime
from claims.rules.events import KINDS

# What apps to the right keep of an action and a new one shall have, too: scenarios, for example. They add themselves;
# the second is the action or the folder of the pack that the new one comes from.
FOLLOWERS: list[Callable[[Action, Action | Path, User], None]] = []


@dataclass(frozen=True)
class Plan:
    """The settings of a new action; all else comes from where it is cloned."""

    slug: str
    name: str  # in the first of the languages; the others keep theirs until somebody writes them
    regime: str
    court: str
    entity: str
    state: str  # of the designation
    designated_on: date | None
    list_url: str  # the official list on which the entity stands
    trader: str
    languages: tuple[str, ...]


def list_packs() -> dict[str, Path]:
    """Return the packs on this machine by the names of their folders."""
    folder = Path(settings.BASE_DIR) / "config" / "packs"
    return {file.parent.name: file.parent for file in sorted(folder.glob("*/action.yaml"))}


@transaction.atomic
def open_pack(name: str, *, by: User, role: str) -> Action:
    """Return a new action from a pack on this machine, not published. Raises Refused for one that is open already."""
    folder = list_packs().get(name)
    if folder is None:
        raise Refused(_("There is no such pack on this machine."))
    before = set(Action.objects.values_list("pk", flat=True))
    action = load_pack(folder, by=by).action
    if action.pk in before:
        raise Refused(_("The action of this pack is open already. Clone it to open another one like it."))
    Action.objects.filter(pk=action.pk).update(is_published=False)
    action.is_published = False
    _hand_over(action, folder, by=by, role=role)
    return action


@transaction.atomic
def clone_action(source: Action, plan: Plan, *, by: User, role: str) -> Action:
    """Return a new action that says what `source` says, but for the plan. Claims are never copied.

    Raises Refused for a slug that is taken, a regime without a record, and rules whose dates would be missing.
    """
    if Action.objects.filter(slug=plan.slug).exists():
        raise Refused(_("There is an action with this short name already; choose another one."))
    regime = read_regime(plan.regime)
    facts = build_facts(source, plan, regime.state)
    action = Action.objects.create(
        slug=plan.slug, matter=_find_matter(source, plan), regime_code=regime.code, regime_sha256=regime.sha256,
        is_illustration=source.is_illustration, facts=facts, questions=source.questions, precheck=source.precheck,
    )  # fmt: skip
    ActionEvent.objects.bulk_create(
        ActionEvent(action=action, key=e["id"], on=e["on"], text=e["text"], source=e["source"], position=i)
        for i, e in enumerate(facts["events"])
    )
    _copy_criteria(source, action)
    _copy_declarations(source, action, plan.languages)
    _hand_over(action, source, by=by, role=role)
    return action


def build_facts(source: Action, plan: Plan, state: str) -> dict[str, Any]:
    """Return the facts of the new action: what happened in the other court stays there."""
    facts = _keep_languages(deepcopy(source.facts), set(plan.languages), set(source.facts.get("languages", ())))
    facts |= {"slug": plan.slug, "published": False, "stage": "draft", "regime": plan.regime, "outcomes": []}
    facts["languages"] = [code for code in source.facts.get("languages", []) if code in plan.languages]
    facts["name"] = facts["name"] | {facts["languages"][0]: plan.name}
    facts["court"] = {"name": dict.fromkeys(facts["languages"], plan.court), "state": state, "source": "unverified"}
    facts["signed_off"] = {}
    entity, old = facts["parties"]["entity"], source.facts["parties"]["entity"]["name"]
    designation: dict[str, Any] = {"state": plan.state, "source": plan.list_url}
    if plan.designated_on:
        designation["on"] = plan.designated_on.isoformat()
    entity |= {"name": plan.entity, "designations": [designation]}
    if plan.entity != old:
        facts.pop("funding", None)  # who pays for one association says nothing of another
        facts.pop("contact", None)
        entity.pop("about", None)
        entity["source"] = "unverified"
    trader = facts["parties"]["trader"]
    if plan.trader != trader["name"]:
        for said in ("says", "says_source"):  # by another, about something else
            trader.pop(said, None)
        trader |= {"name": plan.trader, "source": "unverified"}
    facts["events"] = [event for event in facts.get("events", []) if not _is_of_court(event)]
    return facts


def _is_of_court(event: dict[str, Any]) -> bool:
    """Whether an event is a step of the proceedings that has happened; what the law waits for stays."""
    kind = KINDS.get(event.get("means", event["id"]))
    return event["on"] is not None and kind is not None and bool(kind.stage or kind.after)


def _keep_languages(value: Any, kept: set[str], known: set[str]) -> Any:
    """Leave out the texts of other languages."""
    if isinstance(value, list):
        return [_keep_languages(item, kept, known) for item in value]
    if isinstance(value, dict):
        is_text = bool(value) and set(value) <= known
        return {key: _keep_languages(item, kept, known) for key, item in value.items() if not is_text or key in kept}
    return value


def _find_matter(source: Action, plan: Plan) -> Matter:
    """Return the same matter for the same trader: one action a person about one cause (Directive, Article 9(4))."""
    if found := find_matter(plan.trader, source.matter.cause_of_action):
        return found
    if Matter.objects.filter(slug=plan.slug).exists():
        raise Refused(_("There is a matter with this short name already; choose another one."))
    texts = {"practice": source.matter.practice, "cause_of_action": source.matter.cause_of_action}
    return Matter.objects.create(slug=plan.slug, trader=plan.trader, **texts)


def _copy_criteria(source: Action, action: Action) -> None:
    latest = source.criteria
    if latest is None:
        return
    parts = {"criteria": latest.document["criteria"], "tiers": latest.document["tiers"]}
    kept = Document(file="criteria", data={"schema": "criteria/1", **parts})
    events = {event.key: event.on.isoformat() for event in action.events.all() if event.on}
    check_criteria(kept, action.questions, events)
    document = build_criteria_document(kept, action.questions, events)
    CriteriaVersion.objects.create(action=action, number=1, document=document, sha256=compute_digest(document))


def _copy_declarations(source: Action, action: Action, languages: tuple[str, ...]) -> None:
    """Copy the newest version of each declaration; nobody has signed the words off for this action yet."""
    texts = source.declaration_texts.filter(language__in=languages).order_by("kind", "version")
    newest = {(text.kind, text.language): text for text in texts}
    for text in newest.values():
        text.pk, text.action, text._state.adding = None, action, True
    DeclarationText.objects.bulk_create(newest.values())


def _hand_over(action: Action, source: Action | Path, *, by: User, role: str) -> None:
    for follow in FOLLOWERS:
        follow(action, source, by)
    grant_role(by, action, role, by=by)
    from_action = source.pk if isinstance(source, Action) else 0
    record("action opened", action, by=by, action=action, cloned_from=from_action)
