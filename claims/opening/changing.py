"""Facts of an action that are changed in the browser. Law, and words that people accepted, are never among them."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base.errors import Refused
from claims.base.history import record
from claims.matters import find_matter
from claims.models import Action, ActionEvent, Claim, FactsVersion, Matter, Registration, User
from claims.rules.events import KINDS

# Regime, criteria, declarations, questions and events have versions and pages of their own.
CHANGEABLE = ("name", "headline", "lead", "contact", "funding", "designations", "figures", "file_number")
# Who stands against whom, where, about which days, and who answers for the data: until somebody has registered there.
SETTLED = ("court", "entity", "role", "trader", "trader_state", "controller", "days")
TITLES: Mapping[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "headline": gettext_lazy("Headline"),
    "lead": gettext_lazy("First paragraph"),
    "contact": gettext_lazy("Contact"),
    "funding": gettext_lazy("Funding"),
    "designations": gettext_lazy("Standing of the entity"),
    "figures": gettext_lazy("How many people are concerned"),
    "file_number": gettext_lazy("File number"),
    "court": gettext_lazy("Court"),
    "entity": gettext_lazy("Qualified entity that brings it"),
    "role": gettext_lazy("What the entity is"),
    "trader": gettext_lazy("Trader (defendant)"),
    "trader_state": gettext_lazy("State of the trader"),
    "controller": gettext_lazy("Privacy notice: who is responsible"),
    "days": gettext_lazy("Dates and events"),
}
PLACES: Mapping[str, tuple[str, ...]] = {
    "designations": ("parties", "entity", "designations"),
    "file_number": ("court", "file_number"),
    "court": ("court", "name"),
    "entity": ("parties", "entity", "name"),
    "role": ("parties", "entity", "role"),
    "trader": ("parties", "trader", "name"),
    "trader_state": ("parties", "trader", "state"),
    "controller": ("data_use", "controller"),
}


@transaction.atomic
def change_facts(action: Action, changes: Mapping[str, Any], *, by: User, reason: str) -> FactsVersion:
    """Change facts and keep what they were. Raises Refused without a reason, and where nothing would change.

    `days` are dates of the class by the ids of their events. The rules use them when they are published anew.
    """
    action = hold_action(action)
    if set(changes) & set(SETTLED) and has_registered(action):
        raise Refused(
            _("Somebody has registered, so entity, trader, court and the dates of the class stay as they are.")
        )
    if "trader" in changes and not is_only_of_matter(action):
        raise Refused(_("Another action stands in the same matter, so the name of the trader stays."))
    if "trader" in changes:
        _check_no_other_matter(action.matter, changes["trader"])
    if unknown := set(changes) - set(CHANGEABLE) - set(SETTLED):
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    facts = deepcopy(action.facts)
    for name, value in changes.items():
        _set_fact(facts, name, value)
    if facts == action.facts:
        raise Refused(_("Nothing has changed, so nothing was saved."))
    if not (reason := reason.strip()):
        raise Refused(_("Say why the facts change: the version before stays in the history with this reason."))
    number = action.former_facts.count() + 1
    names = sorted(changes)
    kept = FactsVersion.objects.create(
        action=action, number=number, facts=action.facts, fields=names, reason=reason[:500], by=by
    )
    Action.objects.filter(pk=action.pk).update(facts=facts)
    for key, on in changes.get("days", {}).items():
        ActionEvent.objects.filter(action=action, key=key, entry=None).update(on=on)
    if "trader" in changes:
        Matter.objects.filter(pk=action.matter_id).update(trader=changes["trader"])
    record("facts changed", action, by=by, action=action, fields=names, version=number)
    return kept


def _check_no_other_matter(matter: Matter, trader: str) -> None:
    if find_matter(trader, matter.cause_of_action, besides=(matter,)):
        raise Refused(_("There is an action against this trader for the same cause already. Clone that one instead."))


def hold_action(action: Action) -> Action:
    """Return the action with its facts of now, locked until the transaction ends."""
    return Action.objects.select_for_update(no_key=True).get(pk=action.pk)


def _set_fact(facts: dict[str, Any], name: str, value: Any) -> None:
    if name == "days":
        for event in list_own_events(facts):
            event["on"] = value.get(event["id"], event["on"])
        return
    *above, last = PLACES.get(name, (name,))
    place = facts
    for step in above:
        place = place.setdefault(step, {})
    place[last] = value


def list_own_events(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the events of a pack that are no step of the proceedings: dates of the class, which rules may name."""
    return [event for event in facts.get("events", []) if event.get("means", event["id"]) not in KINDS]


def has_registered(action: Action) -> bool:
    """Whether somebody has begun to register, or has a claim: from then on the parties are what they accepted."""
    return any(rows.filter(action=action).exists() for rows in (Claim.objects, Registration.objects))


def is_only_of_matter(action: Action) -> bool:
    """Whether the matter has no other action: then its trader may be called otherwise."""
    return not Action.objects.filter(matter=action.matter_id).exclude(pk=action.pk).exists()


def list_former_facts(action: Action) -> QuerySet[FactsVersion]:
    """Return the facts of an action as they were before, the newest first."""
    return action.former_facts.select_related("by").order_by("-number")


def name_facts(names: Iterable[str]) -> list[str]:
    """Return facts as people read them."""
    return [str(TITLES.get(name, name)) for name in names]
