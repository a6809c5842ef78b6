"""The book of an action counted once, in one query: every number of a filing comes from this one moment."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from claims.models import Action, Claim, CriteriaVersion
from claims.quarantine import leave_out_held
from claims.rules.eligibility import Outcome, Verdict


@dataclass
class Tally:
    """How many registrations there are, and what the newest criteria found on those that were examined by them."""

    registered: int = 0
    examined: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    criteria: list[Counter[str]] = field(default_factory=list)  # for each criterion: letter -> registrations
    failed: Counter[int] = field(default_factory=Counter)  # place of the first criterion that is not met
    missing: Counter[int] = field(default_factory=Counter)  # place of the first one that is unknown
    states: Counter[tuple[str, bool]] = field(default_factory=Counter)  # (state, is eligible)
    tiers: Counter[str] = field(default_factory=Counter)  # of those eligible


def count_book(action: Action, version: CriteriaVersion) -> Tally:
    """Count the registrations of an action that stand and are not held for a look."""
    groups = (
        leave_out_held(Claim.objects.standing().filter(action=action))
        .values_list("habitual_residence", "tier", "outcome", "findings", "criteria_version_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    tally = Tally(criteria=[Counter() for _ in version.document["criteria"]])
    for state, tier, outcome, findings, version_id, n in groups:
        tally.registered += n
        if version_id == version.pk:
            _add_examined(tally, state, tier, outcome, findings, n)
    return tally


def _add_examined(tally: Tally, state: str, tier: str, outcome: str, findings: str, n: int) -> None:
    tally.examined += n
    tally.outcomes[outcome] += n
    tally.states[state, outcome == Outcome.ELIGIBLE] += n
    for found, letter in zip(tally.criteria, findings, strict=True):
        found[letter] += n
    if outcome == Outcome.ELIGIBLE:
        tally.tiers[tier] += n
    elif outcome == Outcome.INELIGIBLE:
        tally.failed[findings.index(Verdict.NO)] += n
    else:
        tally.missing[findings.index(Verdict.UNKNOWN)] += n
