"""What the record of an action says about deciding: periods, reasons, when two people are needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.base.documents import open_document
from claims.models import Action, Claim
from claims.models.actions import pick_text

DEFAULTS = Path(__file__).parent / "defaults.yaml"
REASONS: Mapping[str, str | Promise] = {
    "criterion": _("A criterion of the action is not met."),
    "no_answer": _("A question stayed open that we need to decide."),
    "no_proof": _("What we were sent does not show what it has to show."),
    "other_action": _("The same loss is already part of another court action."),
    "twice": _("The same claim is registered twice."),
    "other": _("Another reason; it is said below in our own words."),
}


@dataclass(frozen=True)
class ReviewRecord:
    """Periods in days, and from which value two people decide. `texts` are statements of the pack, or None."""

    cure_days: int
    remind_days: int
    hearing_days: int
    objection_days: int
    two_people_from_cents: int | None
    values: Mapping[str, int]  # tier -> cents; "" is every other tier
    reasons: Mapping[str, Mapping[str, str]]  # those of the pack; ours are REASONS
    texts: Mapping[str, Mapping[str, str] | None]

    def list_reasons(self) -> list[tuple[str, str]]:
        """Return (id, text) of the reasons for a refusal, in the language that is active."""
        own = [(name, pick_text(dict(texts))) for name, texts in self.reasons.items()]
        return own + [(name, str(text)) for name, text in REASONS.items() if name not in self.reasons]

    def say_reason(self, name: str) -> str:
        """Return a reason in words; one that is no longer known by its id."""
        return dict(self.list_reasons()).get(name, name)

    def say(self, name: str) -> str:
        """Return what the pack says under `warning` or `objection`, or "" where it leaves that to our own words."""
        return pick_text(dict(self.texts.get(name) or {}))

    def needs_second(self, tier: str) -> bool:
        """Whether a claim of this tier is worth so much that two people decide; an unknown value counts as much."""
        if self.two_people_from_cents is None:
            return False
        value = self.values.get(tier, self.values.get(""))
        return value is None or value >= self.two_people_from_cents


@cache
def _read_defaults() -> dict[str, Any]:
    data: dict[str, Any] = open_document(DEFAULTS).data
    return data


def read_record(action: Action) -> ReviewRecord:
    """Return the record of an action, filled up with our defaults."""
    own: dict[str, Any] = action.facts.get("review", {})
    data = _read_defaults() | own
    return ReviewRecord(
        **{name: data[name] for name in ("cure_days", "remind_days", "hearing_days", "objection_days")},
        two_people_from_cents=data["two_people_from_cents"],
        values={item.get("tier", ""): item["cents"] for item in data["claim_values"]},
        reasons={item["id"]: item["text"] for item in data["refusal_reasons"]},
        texts={name: own[name]["text"] if name in own else None for name in ("warning", "objection")},
    )


def needs_second_person(claim: Claim) -> bool:
    """Whether two people decide about this claim."""
    return read_record(claim.action).needs_second(claim.tier)
