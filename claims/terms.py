"""What the law of an action says about joining and leaving, in words: known, or what ends the waiting."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.actions import find_event, find_until, get_regime
from claims.models import Action
from claims.models.actions import pick_text
from claims.procedure.dates import find_deadline
from claims.procedure.words import TITLES, name_event
from claims.rules.deadlines import Deadline, State
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
    until: str = ""  # how the day was counted, or what ends the waiting for it

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
    return describe_deadline(_("Last day to join"), find_deadline(action, "join_closes"), action)


def describe_leaving(action: Action) -> Term:
    """Return whether and until when people who joined can leave."""
    return describe_deadline(_("Leaving after joining"), find_deadline(action, "withdraw_until"), action)


def describe_deadline(title: str, deadline: Deadline, action: Action) -> Term:
    """Say a deadline: the day and how it was counted, or what ends the waiting."""
    entry = deadline.entry
    match deadline.state:
        case State.NEVER:
            return Term(title, _("Never: joining cannot be taken back"), entry, is_known=True)
        case State.ANY_TIME:
            return Term(title, _("At any time"), entry, is_known=True)
        case State.KNOWN:
            return Term(title, day(deadline.on), entry, is_known=True, until=say_arithmetic(deadline, action))
        case State.UNKNOWN:
            return Term(title, _("Unknown"), entry, is_known=False, until=_say_court(deadline))
    event = find_event(action, deadline.event)
    if event and (until := pick_text(find_until(action, event.key))):
        return Term(title, _("Not yet known"), entry, is_known=False, until=until)
    until = _("Unknown until this is entered: %(event)s.") % {"event": name_event(deadline.event)}
    return Term(title, _("Not yet known"), entry, is_known=False, until=until)


def say_arithmetic(deadline: Deadline, action: Action) -> str:
    """Say how a day was counted: the event, its day, the span, and what a weekend does to it."""
    said = [_say_count(deadline, action)]
    if deadline.has_moved:
        said.append(
            _("%(day)s is no working day, so the term ends on the next one.") % {"day": day(deadline.counted_on)}
        )
    if deadline.is_weekend_open:
        said.append(_("This is no working day. Whether the term then ends later is unknown: act before it."))
    return " ".join(said)


def _say_count(deadline: Deadline, action: Action) -> str:
    event = find_event(action, deadline.event)
    name = name_event(deadline.event) if deadline.event in TITLES else pick_text(event.text) if event else ""
    span = _say_span(deadline.add_months, deadline.add_days)
    words = {"event": name or deadline.event, "day": day(deadline.since), "span": span}
    if not span:
        return _("%(event)s: %(day)s.") % words
    return _("%(event)s: %(day)s, and %(span)s.") % words


def _say_court(deadline: Deadline) -> str:
    """Say which day the court would set, where the law leaves it to the court."""
    if not deadline.event:
        return ""
    return _("Unknown until this is entered: %(event)s.") % {"event": name_event(deadline.event)}


def _say(texts: dict[str, str] | None) -> str:
    return pick_text(texts) or _("Unknown")


def _say_span(months: int, days: int) -> str:
    if months:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else ""
