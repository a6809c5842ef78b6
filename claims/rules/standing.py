"""What makes an action inadmissible, or needs a look before it is brought: funding, fee, standing, group, time.

Articles 4 to 6 and 10 of Directive (EU) 2020/1828, and the numbers of the national record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from claims.rules.deadlines import Deadline, Events
from claims.rules.limitation import find_beginning
from claims.rules.regimes import Entry, Regime


class Concern(StrEnum):
    """What a lawyer must look at."""

    FUNDER_SHARE = "funder share"
    FUNDER_TIED = "funder tied"
    FUNDER_UNKNOWN = "funder unknown"
    ENTRY_FEE = "entry fee"
    NO_DESIGNATION = "no designation"
    DESIGNATION_LATER = "designation later"
    DESIGNATION_UNDATED = "designation undated"
    GROUP_TOO_SMALL = "group too small"
    NOT_IN_FORCE = "not in force"
    NO_LONGER_IN_FORCE = "no longer in force"
    FORCE_UNKNOWN = "force unknown"
    INFRINGEMENT_EARLY = "infringement early"
    SETTLEMENT_EARLY = "settlement early"


# Where one of these holds, the action fails or part of it does; the others are open questions.
FATAL = {
    Concern.FUNDER_SHARE, Concern.FUNDER_TIED, Concern.ENTRY_FEE, Concern.NO_DESIGNATION, Concern.DESIGNATION_LATER,
    Concern.GROUP_TOO_SMALL, Concern.NOT_IN_FORCE, Concern.NO_LONGER_IN_FORCE, Concern.INFRINGEMENT_EARLY,
    Concern.SETTLEMENT_EARLY,
}  # fmt: skip


@dataclass(frozen=True)
class Funder:
    """Who pays for an action. `share` of what is won, 0 to 1; None is not known."""

    name: str
    share: Decimal | None
    is_competitor: bool = False
    depends_on_trader: bool = False
    influences: bool = False


@dataclass(frozen=True)
class Designation:
    """A state that approved the entity, and since when, where that is known."""

    state: str
    on: date | None


@dataclass(frozen=True)
class Case:
    """What an action is judged by. `on` is the day of filing, or today while it is not filed."""

    on: date
    funders: Sequence[Funder]
    fee_cents: int
    designations: Sequence[Designation]
    plausible: int
    events: Events
    join_closes: Deadline | None = None


@dataclass(frozen=True)
class Finding:
    """A concern with the rule of the record behind it, and what is to be said."""

    concern: Concern
    entry: Entry | None = None
    name: str = ""
    found: str = ""
    limit: str = ""

    @property
    def is_fatal(self) -> bool:
        """Whether the action, or part of it, fails by this."""
        return self.concern in FATAL


def find_concerns(case: Case, regime: Regime) -> list[Finding]:
    """Return what speaks against an action, the fatal first."""
    checks = (_check_funders, _check_fee, _check_designation, _check_group, _check_force, _check_infringement)
    found = [finding for check in checks for finding in check(case, regime)]
    return sorted([*found, *_check_settlement(case, regime)], key=lambda finding: not finding.is_fatal)


def _check_funders(case: Case, regime: Regime) -> Iterable[Finding]:
    most = regime.rules.get("funder_share_max")
    limit = Decimal(str(most.value)) if most and most.value is not None else None
    for funder in case.funders:
        if funder.is_competitor or funder.depends_on_trader or funder.influences:
            yield Finding(Concern.FUNDER_TIED, regime["funder_rule"], funder.name)
        if limit is None:
            continue
        if funder.share is None:
            yield Finding(Concern.FUNDER_UNKNOWN, most, funder.name, limit=str(limit))
        elif funder.share > limit:
            yield Finding(Concern.FUNDER_SHARE, most, funder.name, str(funder.share), str(limit))


def _check_fee(case: Case, regime: Regime) -> Iterable[Finding]:
    entry = regime["entry_fee_max_cents"]
    if entry.value is not None and case.fee_cents > entry.value:
        yield Finding(Concern.ENTRY_FEE, entry, found=str(case.fee_cents), limit=str(entry.value))


def _check_designation(case: Case, regime: Regime) -> Iterable[Finding]:
    """A designation in any state gives standing in all (Article 6); in the state of the court, a domestic action."""
    if not case.designations:
        yield Finding(Concern.NO_DESIGNATION)
        return
    dated = [designation for designation in case.designations if designation.on]
    if any(designation.on <= case.on for designation in dated if designation.on):
        return
    if len(dated) < len(case.designations):
        yield Finding(Concern.DESIGNATION_UNDATED)
        return
    first = min(dated, key=lambda designation: designation.on or date.max)
    yield Finding(Concern.DESIGNATION_LATER, None, first.state, str(first.on), str(case.on))


def _check_group(case: Case, regime: Regime) -> Iterable[Finding]:
    entry = regime["min_group"]
    if entry.value is not None and case.plausible < entry.value:
        yield Finding(Concern.GROUP_TOO_SMALL, entry, found=str(case.plausible), limit=str(entry.value))


def _check_force(case: Case, regime: Regime) -> Iterable[Finding]:
    begins, ends = regime["in_force_from"], regime["in_force_until"]
    if begins.value is None:
        yield Finding(Concern.FORCE_UNKNOWN, begins)
    elif case.on < date.fromisoformat(begins.value):
        yield Finding(Concern.NOT_IN_FORCE, begins, found=str(case.on), limit=begins.value)
    if ends.value is not None and case.on > date.fromisoformat(ends.value):
        yield Finding(Concern.NO_LONGER_IN_FORCE, ends, found=str(case.on), limit=ends.value)


def _check_infringement(case: Case, regime: Regime) -> Iterable[Finding]:
    entry = regime["infringements_from"]
    began = case.events["infringement-began"].on if "infringement-began" in case.events else None
    began = began or find_beginning(case.events)
    if entry.value is not None and began and began < date.fromisoformat(entry.value):
        yield Finding(Concern.INFRINGEMENT_EARLY, entry, found=str(began), limit=entry.value)


def _check_settlement(case: Case, regime: Regime) -> Iterable[Finding]:
    """Where a settlement must wait for the register to close: it has not, or it came after the approval."""
    entry, approved = regime.rules.get("settlement_not_before"), case.events.get("settlement-approved")
    if not entry or not entry.value or approved is None:
        return
    closes = case.join_closes.on if case.join_closes else None
    if closes is None or approved.on <= closes:
        yield Finding(Concern.SETTLEMENT_EARLY, entry, found=str(approved.on), limit=str(closes or ""))
