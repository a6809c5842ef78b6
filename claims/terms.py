"""What the law of an action says about joining and leaving, in words: known, or what ends the waiting."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.actions import get_regime
from claims.models import Action
from claims.models.actions import pick_text
from claims.rules.regimes import Entry
from claims.wording import day

CONFIDENCE = {
    "high": gettext_lazy("Confidence: high"),
    "mid": gettext_lazy("Confidence: medium"),
    "low": gettext_lazy("Confidence: low, not yet checked"),
}


@dataclass(frozen=True)
class Term:
    """One rule of the regime for people: what it is about, what it says now, and the entry of our record."""

    title: str
    says: str
    entry: Entry
    is_known: bool
    until: str = ""  # what ends the waiting, while that is unknown

    @property
    def is_open(self) -> bool:
        """Whether people cannot rely on it: not known, or known with low confidence only."""
        return not self.is_known or self.entry.confidence == "low"

    @property
    def confidence(self) -> str:
        """How sure our record is."""
        return str(CONFIDENCE[self.entry.confidence])

    @property
    def as_of(self) -> str:
        """The date of the source of our record."""
        if self.entry.as_of is None:
            return _("The date of the source is not known.")
        return _("As of %(day)s.") % {"day": day(self.entry.as_of)}


def list_terms(action: Action) -> list[Term]:
    """Return the terms that bind people: the last day to join, leaving, limitation, the size of the group."""
    regime = get_regime(action)
    group, limitation = regime["min_group"], regime["limitation"]
    return [
        describe_joining(action),
        describe_leaving(action),
        Term(_("Limitation, while not joined"), _say(limitation.value), limitation, limitation.is_known),
        Term(_("Smallest group"), str(group.value or _("Unknown")), group, group.is_known),
    ]


def describe_joining(action: Action) -> Term:
    """Return until when people can join."""
    entry = get_regime(action)["join_closes"]
    return _describe_closing(_("Last day to join"), entry, action)


def describe_leaving(action: Action) -> Term:
    """Return whether and until when people who joined can leave."""
    regime = get_regime(action)
    title, allowed = _("Leaving after joining"), regime.rules.get("withdrawal_allowed")
    if allowed and allowed.value == "never":
        return Term(title, _("Never: joining cannot be taken back"), allowed, is_known=True)
    if allowed and allowed.value == "any_time":
        return Term(title, _("At any time"), allowed, is_known=True)
    return _describe_closing(title, regime["withdraw_until"], action)


def _describe_closing(title: str, entry: Entry, action: Action) -> Term:
    """Say the time and the event that starts it. No date is reckoned here: the weekend rule may be unknown."""
    if not entry.value:
        return Term(title, _("Unknown"), entry, is_known=False)
    span, event = _say_span(entry.value), _find_event(action, entry.value["event"])
    if event is None:
        return Term(title, _("Unknown until the event that starts the time"), entry, is_known=False)
    text = pick_text(event["text"])
    if event["on"] is None:
        return Term(title, _("Not yet known"), entry, is_known=False, until=pick_text(event.get("until")))
    says = _("%(span)s after %(day)s") % {"span": span, "day": day(event["on"])} if span else day(event["on"])
    return Term(title, says, entry, is_known=True, until=text)


def _find_event(action: Action, key: str) -> dict[str, Any] | None:
    return next((event for event in action.facts.get("events", []) if event["id"] == key), None)


def _say(texts: dict[str, str] | None) -> str:
    return pick_text(texts) or _("Unknown")


def _say_span(value: dict[str, Any]) -> str:
    months, days = value["add_months"], value["add_days"]
    if months:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else ""
