"""Actions: find one, and tell people about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims import regimes
from claims.base.errors import Refused
from claims.models import Action, ActionEvent
from claims.rules.events import KINDS
from claims.rules.regimes import Regime
from claims.rules.sources import Source, parse_sources

PACK_TEXTS = "action.yaml"  # beside the kinds of declarations in what was signed off; no kind has a dot


def get_action(slug: str) -> Action:
    """Return the action with this slug, for commands. Raises Refused with the slugs that there are."""
    action = Action.objects.select_related("matter").filter(slug=slug).first()
    if action is None:
        known = ", ".join(Action.objects.order_by("slug").values_list("slug", flat=True)) or "none; run load_pack first"
        raise Refused(f"there is no action `{slug}`; known are: {known}")
    return action


def get_regime(action: Action) -> Regime:
    """Return the record of the law under which an action is brought."""
    return regimes.read_regime(action.regime_code)


@dataclass(frozen=True)
class Translation:
    """Words of an action in another language than the one that prevails; who checked them, if anybody did."""

    prevailing_language: str
    signed_off_by: str


def find_translation(action: Action, language: str) -> Translation | None:
    """Return what is known of the words of an action and its criteria in a language; None where they prevail.

    The language of the declarations prevails in all. An action without declarations says nothing of it.
    """
    prevailing = action.declaration_texts.values_list("prevailing_language", flat=True).order_by("pk").last()
    if prevailing in (None, language):
        return None
    return Translation(prevailing, action.facts.get("signed_off", {}).get(PACK_TEXTS, {}).get(language) or "")


def list_sources(action: Action) -> dict[str, Source]:
    """Return the catalogue of sources of an action: those of the regimes and its own."""
    return regimes.read_sources() | parse_sources(action.facts.get("sources", {}))


def is_regime_changed(action: Action) -> bool:
    """Whether our record of the law differs from the one that the action was loaded with."""
    return action.regime_sha256 not in {"", get_regime(action).sha256}


def list_events(action: Action) -> list[ActionEvent]:
    """Return the events in order: what happened by date, then what the law still waits for."""
    return sorted(action.events.all(), key=lambda event: (event.on is None, event.on or "", event.position))


def find_latest(events: Sequence[ActionEvent], on: date) -> ActionEvent | None:
    """Return the last of the events, in order, that has happened."""
    return next((event for event in reversed(events) if event.on and event.on <= on), None)


def find_next(events: Sequence[ActionEvent], on: date) -> ActionEvent | None:
    """Return the first of the events, in order, that is still to come: by its date, else as the law waits for it."""
    return next((event for event in events if event.on is None or event.on > on), None)


def find_event(action: Action, key: str) -> ActionEvent | None:
    """Return the event of an action that the law calls by this key; a pack may name it otherwise (`means`)."""
    names = {key, *(e["id"] for e in action.facts.get("events", []) if e.get("means") == key)}
    return next((event for event in action.events.all() if event.key in names), None)


BEFORE_FILING = (Action.Stage.DRAFT, Action.Stage.CEASE_AND_DESIST, Action.Stage.CONSULTATION)


def is_filed(action: Action) -> bool:
    """Whether an action is in court: an event or the stage says so."""
    filed = find_event(action, "action-filed")
    return bool(filed and filed.on) or action.stage not in BEFORE_FILING


def _find_meaning(action: Action, key: str) -> str:
    """Return what the law calls an event; a pack may name it otherwise."""
    return next((e["means"] for e in action.facts.get("events", []) if e["id"] == key and "means" in e), key)


def list_holding_facts(action: Action) -> list[dict[str, Any]]:
    """Return what an action tells of what happened, without sentences that an event has overtaken."""
    happened = {_find_meaning(action, event.key) for event in action.events.all() if event.on}
    return [fact for fact in action.facts.get("facts", []) if fact.get("holds_until") not in happened]


def find_stage_source(action: Action) -> str:
    """Return where it can be read that an action stands where it stands: at the event that brought it there."""
    for event in reversed(list_events(action)):
        kind = KINDS.get(_find_meaning(action, event.key))
        if event.on and event.entry_id and kind and kind.stage == action.stage:
            return event.source
    return action.facts.get("stage_source", "") if action.stage == action.facts.get("stage") else ""


def find_until(action: Action, key: str) -> dict[str, str]:
    """Return what ends the waiting for an event, per language."""
    return next((event.get("until", {}) for event in action.facts.get("events", []) if event["id"] == key), {})
