"""Facts of an action that are changed in the browser. Law, and words that people accepted, are never among them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.history import record
from claims.models import Action, FactsVersion, User

# Regime, criteria, declarations, questions and events have versions and pages of their own.
CHANGEABLE = ("name", "headline", "lead", "contact", "funding", "designations", "figures", "file_number")


@transaction.atomic
def change_facts(action: Action, changes: Mapping[str, Any], *, by: User, reason: str) -> FactsVersion:
    """Change facts and keep what they were. Raises Refused without a reason, and where nothing would change."""
    action = Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    facts = deepcopy(action.facts)
    for name, value in changes.items():
        place = {"designations": facts["parties"]["entity"], "file_number": facts["court"]}.get(name, facts)
        place[name] = value
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
    record("facts changed", action, by=by, action=action, fields=names, version=number)
    return kept


def list_former_facts(action: Action) -> QuerySet[FactsVersion]:
    """Return the facts of an action as they were before, the newest first."""
    return action.former_facts.select_related("by").order_by("-number")
