"""What a lawyer must look at before and while an action is brought, in words, with the rule behind it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from claims.actions import get_regime
from claims.counts import count_by_outcome
from claims.models import Action
from claims.procedure.dates import find_deadline, find_today, read_happened
from claims.rules.eligibility import Outcome
from claims.rules.regimes import Entry
from claims.rules.standing import Case, Concern, Designation, Finding, Funder, find_concerns
from claims.wording import count, country, day, get_locale


@dataclass(frozen=True)
class WarningLine:
    """A warning: what is wrong and how to mend it, whether the action fails by it, and the rule of the record."""

    concern: Concern
    is_fatal: bool
    says: str
    entry: Entry | None


def list_warnings(action: Action) -> list[WarningLine]:
    """Return the warnings about funding, fee, standing, group and time of an action, the fatal first."""
    findings = find_concerns(read_case(action), get_regime(action))
    return [WarningLine(finding.concern, finding.is_fatal, say_finding(finding), finding.entry) for finding in findings]


def read_case(action: Action) -> Case:
    """Return what an action is judged by: its facts, its events, its claims that meet the criteria."""
    facts, events = action.facts, read_happened(action)
    filed = events.get("action-filed")
    return Case(
        on=filed.on if filed else find_today(action),
        funders=[_read_funder(funder) for funder in facts.get("funding", {}).get("funders", [])],
        fee_cents=facts.get("costs", {}).get("you_pay", {}).get("cents", 0),
        designations=[_read_designation(d) for d in facts.get("parties", {}).get("entity", {}).get("designations", [])],
        plausible=count_by_outcome(action)[Outcome.ELIGIBLE],
        events=events,
        join_closes=find_deadline(action, "join_closes"),
    )


def _read_funder(data: dict[str, Any]) -> Funder:
    share = data.get("share")
    return Funder(
        data["name"], None if share is None else Decimal(str(share)), bool(data.get("is_competitor")),
        bool(data.get("depends_on_trader")), bool(data.get("influences")),
    )  # fmt: skip


def _read_designation(data: dict[str, Any]) -> Designation:
    return Designation(data["state"], date.fromisoformat(str(data["on"])) if data.get("on") else None)


def say_finding(finding: Finding) -> str:
    """Say a concern and how to mend it."""
    words = {"name": finding.name, "found": finding.found, "limit": finding.limit}
    match finding.concern:
        case Concern.FUNDER_SHARE:
            words |= {"found": _percent(finding.found), "limit": _percent(finding.limit)}
            text = _("Inadmissible: %(name)s is promised %(found)s, and the law allows %(limit)s at most.")
        case Concern.FUNDER_TIED:
            text = _(
                "Inadmissible: %(name)s competes with the defendant, depends on it, or influences the case."
                " Find another source of money."
            )
        case Concern.FUNDER_UNKNOWN:
            words["limit"] = _percent(finding.limit)
            text = _("The share of %(name)s is not recorded; more than %(limit)s would make the action inadmissible.")
        case Concern.ENTRY_FEE:
            words |= {"found": _euros(finding.found), "limit": _euros(finding.limit)}
            text = _("The entry fee of %(found)s is above what the law allows, %(limit)s. Lower it.")
        case Concern.NO_DESIGNATION:
            text = _(
                "No designation of the entity is recorded. Without one it has no standing (Articles 4 to 6 of Directive"
                " (EU) 2020/1828)."
            )
        case Concern.DESIGNATION_LATER:
            words = {"state": country(finding.name), "found": day(finding.found), "limit": day(finding.limit)}
            text = _("The first designation (%(state)s, %(found)s) is later than the action, %(limit)s.")
        case Concern.DESIGNATION_UNDATED:
            text = _("No designation has a day, so nothing shows that the entity has standing now. Record the day.")
        case _:
            text, words = _say_group_or_time(finding)
    return text % words


def _say_group_or_time(finding: Finding) -> tuple[str, dict[str, str]]:
    words = {"found": day(finding.found), "limit": day(finding.limit)}
    match finding.concern:
        case Concern.GROUP_TOO_SMALL:
            words = {"found": count(int(finding.found)), "limit": count(int(finding.limit))}
            text = _("Claims that meet the criteria so far: %(found)s. The law wants %(limit)s people at least.")
        case Concern.NOT_IN_FORCE:
            text = _("The law is in force only from %(limit)s; the action is of %(found)s.")
        case Concern.NO_LONGER_IN_FORCE:
            text = _("The law was in force until %(limit)s; the action is of %(found)s.")
        case Concern.FORCE_UNKNOWN:
            text = _("From when the law is in force is not recorded from a source. Check it.")
        case Concern.INFRINGEMENT_EARLY:
            text = _("The infringement began on %(found)s; the law covers only those from %(limit)s.")
        case _:
            text = (
                _("The settlement was approved on %(found)s, before the register closed on %(limit)s.")
                if finding.limit
                else _("The settlement was approved on %(found)s, but the register has not closed.")
            )
    return text, words


def _percent(share: str) -> str:
    number = (Decimal(share) * 100).normalize()
    return f"{number:f} %"


def _euros(cents: str) -> str:
    return format_currency(Decimal(cents) / 100, "EUR", locale=get_locale())
