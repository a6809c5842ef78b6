"""What goes into the snapshot of each kind of filing, and when a kind must be refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import get_regime
from claims.base.errors import Refused
from claims.models import Action, Claim, CriteriaVersion
from claims.rules.eligibility import Outcome
from claims.unscreened import count_unscreened
from claims.wording import count
from documents.filings.annexes import build_annex_tables, list_pictures
from documents.filings.counting import Tally, count_book
from documents.filings.describing import describe_action, describe_criteria, describe_making, describe_sources
from documents.filings.figures import as_count
from documents.filings.registers import iterate_rows
from documents.filings.rows import refuse_unprintable
from documents.filings.statements import (
    build_statement_tables,
    find_annexes,
    list_annex_warnings,
    list_annexes,
    list_declarations,
)
from documents.filings.tables import build_report_tables
from documents.models import Filing
from documents.rules.amounts import describe_least_award, list_tier_amounts
from documents.rules.cells import SMALLEST
from redress.models import ScenarioRun
from redress.scenarios import find_latest_run


@dataclass(frozen=True)
class Draft:
    """Facts to freeze, rows to freeze with them, and what a lawyer should look at."""

    facts: dict[str, Any]
    rows: Iterable[Mapping[str, Any]] = ()
    warnings: list[str] = field(default_factory=list)


def draft_report(action: Action, version: CriteriaVersion, run: ScenarioRun | None, language: str) -> Draft:
    """Return the draft of an eligibility report. Raises Refused where so few were examined that it names them."""
    tally = count_examined(action, version)
    if tally.examined < SMALLEST:
        raise Refused(
            _("only {n} claims have been examined; a report on fewer than {least} would point to people").format(
                n=tally.examined, least=SMALLEST
            )
        )
    built = build_report_tables(tally, version)
    is_undecided = has_undecided(action)
    is_partial = tally.examined < tally.registered  # it says so itself, so that it may be built
    facts = describe(
        action, version, Filing.Kind.REPORT, figures=built.figures, tables=built.tables, is_undecided=is_undecided,
        is_partial=is_partial,
    )  # fmt: skip
    return Draft(facts, warnings=["undecided"] * is_undecided + ["unscreened"] * is_partial)


def draft_register(action: Action, version: CriteriaVersion, run: ScenarioRun | None, language: str) -> Draft:
    """Return the draft of the register: everyone who meets the criteria, with the least amount asked for."""
    tally = count_examined(action, version)
    refuse_unscreened(tally, version)
    refuse_none_eligible(tally)
    amounts = list_tier_amounts(run.document) if run else {}
    warnings = list_size_warnings(action, tally)
    facts = describe(
        action, version, Filing.Kind.REGISTER, is_undecided="undecided" in warnings, run=describe_run(run),
        amounts=amounts,
        total_cents=add_up(tally, amounts), expected_rows=tally.outcomes[Outcome.ELIGIBLE],
    )  # fmt: skip
    return Draft(facts, refuse_unprintable(iterate_rows(action, version, amounts)), warnings)


def draft_statement(action: Action, version: CriteriaVersion, run: ScenarioRun | None, language: str) -> Draft:
    """Return the draft of a statement of claim for injunction and redress."""
    tally = count_examined(action, version)
    refuse_unscreened(tally, version)
    refuse_none_eligible(tally)
    amounts = list_tier_amounts(run.document) if run else {}
    total = add_up(tally, amounts)
    amounts = {tier: cents for tier, cents in amounts.items() if tally.tiers[tier]}
    found = find_annexes(action, version, run, language)
    built, annexes = build_statement_tables(tally, version, amounts, run), list_annexes(found)
    for place, annex in enumerate(annexes, 1):
        for key in ("rows", "pages", "files"):
            if key in annex:
                built.add(f"annex.{place}.{key}", as_count(annex[key]))
    warnings = list_size_warnings(action, tally)
    warnings += list_annex_warnings(found, eligible=tally.outcomes[Outcome.ELIGIBLE], total=total)
    facts = describe(
        action, version, Filing.Kind.STATEMENT, run=describe_run(run), annexes=annexes,
        declarations=list_declarations(action), figures=built.figures, tables=built.tables,
        is_too_few="too_few" in warnings, is_undecided="undecided" in warnings,
        least=describe_least_award(run.document) if run else {},
        has_unpriced_merged=has_unpriced_merged(built.tables.get("tiers", []), amounts),
        has_merged_tiers=not all(len(row["keys"]) == 1 for row in built.tables.get("tiers", [{"keys": ()}])),
    )  # fmt: skip
    return Draft(facts, warnings=warnings)


def has_unpriced_merged(rows: list[dict[str, Any]], amounts: Mapping[str, int]) -> bool:
    """Whether a row merges tiers with an amount and without, so that it adds nothing to the total and others would."""
    return any(len({bool(amounts.get(tier)) for tier in row["keys"]}) > 1 for row in rows)


def draft_annex(action: Action, version: CriteriaVersion, run: ScenarioRun | None, language: str) -> Draft:
    """Return the draft of a scenario annex. Raises Refused without a finished run."""
    if run is None:
        raise Refused(_("a scenario annex needs a finished run of a scenario; run one first"))
    headline = find_latest_run(action, "headline")
    built = build_annex_tables(run, headline if headline != run else None)
    facts = describe(
        action, version, Filing.Kind.ANNEX, run=describe_run(run) | {"result": run.result},
        charts=list_pictures(run, ("en", "de")), figures=built.figures, tables=built.tables,
        headline_unit=built.figures.get("headline", {}).get("unit", ""),
    )  # fmt: skip
    is_partial = count_unscreened(action, version, most=1) > 0
    return Draft(facts, warnings=["scenario"] * bool(run.result.get("warnings")) + ["unscreened"] * is_partial)


def add_up(tally: Tally, amounts: Mapping[str, int]) -> str | None:
    """Return the least sum that is asked for, in cents, for all who meet the criteria; None where none is known."""
    known = [n * amounts[tier] for tier, n in tally.tiers.items() if tier in amounts]
    return str(sum(known)) if known else None


def list_size_warnings(action: Action, tally: Tally) -> list[str]:
    """Return `too_few` where fewer meet the criteria than the law asks for, `undecided` where some wait for one."""
    least = get_regime(action)["min_group"].value
    found = ["too_few"] if isinstance(least, int) and tally.outcomes[Outcome.ELIGIBLE] < least else []
    return [*found, *["undecided"] * has_undecided(action)]


def has_undecided(action: Action) -> bool:
    """Whether some meet the criteria whom no lawyer has accepted yet; a document says so before the defendant does."""
    waiting = Claim.objects.filter(action=action, status=Claim.Status.SUBMITTED, outcome=Outcome.ELIGIBLE)
    return waiting.exists()


def describe_run(run: ScenarioRun | None) -> dict[str, Any]:
    """Return what a filing says of the run it rests on; nothing where there is none."""
    if run is None:
        return {}
    keys = ("scenario_name", "scenario_id", "document", "seed", "draws", "engine", "numpy", "digest", "counts_sha256")
    return {
        **{key: getattr(run, key) for key in keys},
        "code": str(run.code),
        "finished_at": run.finished_at.isoformat() if run.finished_at else "",
        "is_illustration": run.document.get("illustration") is True,
    }


def count_examined(action: Action, version: CriteriaVersion) -> Tally:
    """Return the counts of an action. Raises Refused where nothing was screened yet."""
    tally = count_book(action, version)
    if not tally.examined:
        raise Refused(
            _("no claim has been screened by criteria version {number}; import claims and screen them first").format(
                number=version.number
            )
        )
    return tally


def refuse_unscreened(tally: Tally, version: CriteriaVersion) -> None:
    """Raise Refused where claims wait for the newest criteria: what names or counts people before a court is whole."""
    if n := tally.registered - tally.examined:
        raise Refused(
            ngettext(
                "{n} claim is not screened under version {number} of the criteria: screen all claims first",
                "{n} claims are not screened under version {number} of the criteria: screen all claims first",
                n,
            ).format(n=count(n), number=version.number)
        )


def refuse_none_eligible(tally: Tally) -> None:
    """Raise Refused where nobody meets the criteria: an action or a register for nobody is not filed."""
    if not tally.outcomes[Outcome.ELIGIBLE]:
        raise Refused(_("no claim meets the criteria; there is nobody to file for"))


def describe(action: Action, version: CriteriaVersion, kind: str, **parts: Any) -> dict[str, Any]:
    """Return the facts of a snapshot: the action and its criteria, with these parts and the sources of them all."""
    about, criteria = describe_action(action), describe_criteria(version)
    return {
        "schema": "snapshot/1",
        "kind": str(kind),
        "action": about,
        "criteria": criteria,
        "making": describe_making(kind),
        "sources": describe_sources(action, about, criteria["document"], *parts.values()),
        **parts,
    }


DRAFTS: dict[str, Callable[[Action, CriteriaVersion, ScenarioRun | None, str], Draft]] = {
    Filing.Kind.REPORT: draft_report,
    Filing.Kind.REGISTER: draft_register,
    Filing.Kind.STATEMENT: draft_statement,
    Filing.Kind.ANNEX: draft_annex,
}
