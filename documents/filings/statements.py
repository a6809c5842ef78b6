"""What the statement of claim freezes: who is concerned, what is asked for, and what lies beside it."""

from collections.abc import Mapping
from typing import Any

from claims.base.errors import Refused
from claims.models import Action, CriteriaVersion, DeclarationText
from claims.rules.eligibility import Outcome, Verdict
from documents.filings.counting import Tally
from documents.filings.figures import as_cents, as_count, as_share, as_text
from documents.filings.snapshots import read_snapshot
from documents.filings.tables import Builder
from documents.models import Filing
from documents.rules.cells import Line, add_lines, is_small, merge_lines
from redress.models import ScenarioRun

ANNEXES = (Filing.Kind.REGISTER, Filing.Kind.REPORT, Filing.Kind.ANNEX)


def build_statement_tables(
    tally: Tally, version: CriteriaVersion, amounts: dict[str, int], run: ScenarioRun | None
) -> Builder:
    """Return the figures and tables of a statement of claim."""
    builder = Builder()
    eligible = tally.outcomes[Outcome.ELIGIBLE]
    builder.add("concerned", as_count(eligible))
    is_whole = not is_small(tally.examined - eligible)
    if is_whole:
        builder.add("examined", as_count(tally.examined))
    for criterion, found in zip(version.document["criteria"], tally.criteria, strict=True):
        met = found[Verdict.YES]
        # A criterion that all met would give back the number of those examined where that is left out.
        is_shown = is_whole and not any(map(is_small, (met, tally.examined - met, met - eligible)))
        builder.add_row("criteria", (criterion["id"],), {"met": as_count(met)} if is_shown else {})
    _add_tiers(builder, tally, version, amounts)
    if run:
        _add_run(builder, run)
    return builder


def _add_tiers(builder: Builder, tally: Tally, version: CriteriaVersion, amounts: dict[str, int]) -> None:
    order = [tier["id"] for tier in version.document["tiers"]]
    known = [*(tier for tier in order if tally.tiers[tier]), *sorted(tier for tier in tally.tiers if tier not in order)]
    every = [Line((tier,), (tally.tiers[tier],)) for tier in known]
    lines, claimed = merge_tiers(every, amounts), 0
    for line in lines:
        cells = {"n": as_count(line.counts[0])}
        priced = [tier for tier in line.keys if tier in amounts]
        if priced and not line.is_merged:
            cells["each"] = as_cents(amounts[priced[0]])
            cells["sum"] = as_cents(line.counts[0] * amounts[priced[0]])
        builder.add_row("tiers", line.keys, cells)
        claimed += reckon_least(line, amounts)
    if every and not lines:
        claimed = reckon_least(add_lines(every), amounts)
    if claimed:
        builder.add("claimed", as_cents(claimed))


def merge_tiers(every: list[Line], amounts: Mapping[str, int]) -> list[Line]:
    """Return the rows of the tiers, small ones merged: those with an amount among themselves, where that is enough.

    A row that mixes tiers with and without an amount could add nothing to the total without telling how many are in
    each; it is the last resort.
    """
    priced = [line for line in every if amounts.get(line.keys[0])]
    others = [line for line in every if not amounts.get(line.keys[0])]
    apart = [merge_lines(group) for group in (priced, others) if group]
    return [line for rows in apart for line in rows] if all(apart) else merge_lines(every)


def reckon_least(line: Line, amounts: dict[str, int]) -> int:
    """Return the cents asked for by the people of a row, as far as the row itself tells them.

    From a sum of several tiers with different amounts the number of people in each would follow. So merged tiers count
    with the lowest of their amounts; with nothing where one of them has none.
    """
    return line.counts[0] * min(amounts.get(tier, 0) for tier in line.keys)


def _add_run(builder: Builder, run: ScenarioRun) -> None:
    """Add the few numbers of the run that the statement repeats; all of them are in the annex."""
    lines = run.result["lines"]
    for line in ("total", "net"):
        for key in ("mean_cents", "p10_cents", "p50_cents", "p90_cents"):
            builder.add(f"run.{line}.{key}", as_cents(lines[line][key]))
    builder.add("run.nothing", as_share(run.result["chance_nothing_paid"], decimals=1))
    builder.add("run.draws", as_count(run.draws))
    builder.add("run.seed", as_text(run.seed))
    share = run.document.get("funder", {}).get("share")
    if isinstance(share, int | float | str):
        builder.add("run.funder", as_share(float(share), decimals=1))


def find_annexes(
    action: Action, version: CriteriaVersion, run: ScenarioRun | None, language: str
) -> dict[str, Filing | None]:
    """Return the sealed filings that lie beside the statement: they rest on the same criteria and the same run.

    The register is the one for the court; of each the newest, in the language of the statement where there is one.
    """
    fitting: dict[str, dict[str, Any] | None] = {
        Filing.Kind.REGISTER: {"rendering": Filing.Rendering.COURT, "criteria_version": version},
        Filing.Kind.REPORT: {"criteria_version": version},
        Filing.Kind.ANNEX: {"scenario_run": run} if run else None,
    }
    return {kind: _find_annex(action, kind, fitting[kind], language) for kind in ANNEXES}


def _find_annex(action: Action, kind: str, fitting: dict[str, Any] | None, language: str) -> Filing | None:
    if fitting is None:
        return None
    sealed = Filing.objects.filter(action=action, kind=kind, state=Filing.State.SEALED, **fitting)
    newest = sealed.order_by("-sealed_at", "-pk")
    return newest.filter(language=language).first() or newest.first()


def list_annexes(found: Mapping[str, Filing | None]) -> list[dict[str, Any]]:
    """Return the filings that lie beside the statement with what identifies them; of one not made, the kind alone."""
    return [{"kind": str(kind), **(_describe_annex(filing) if filing else {})} for kind, filing in found.items()]


def list_annex_warnings(found: Mapping[str, Filing | None], *, eligible: int, total: str | None) -> list[str]:
    """Return what is missing beside the statement, and where the register says other things than the statement."""
    register, warnings = found[Filing.Kind.REGISTER], []
    if register and register.rows != eligible:
        warnings.append("register_differs")
    if register and _read_total(register) != total:
        warnings.append("total_differs")
    return warnings + [f"missing_{kind}" for kind, filing in found.items() if filing is None]


def _read_total(register: Filing) -> str | None:
    """Return the sum of a register in cents as it was frozen; one that cannot be read is told as another sum."""
    try:
        total = read_snapshot(register.home, sha256=register.snapshot_sha256).facts["total_cents"]
    except Refused:
        return "?"
    return str(total) if total is not None else None


def _describe_annex(filing: Filing) -> dict[str, Any]:
    totals = filing.manifest["totals"]
    return {
        "filing": str(filing.code),
        "rendering": filing.rendering,
        "manifest_sha256": filing.manifest_sha256,
        "rows": filing.rows,
        "frozen_at": filing.frozen_at.isoformat(),
        **{key: totals[key] for key in ("files", "pages")},
    }


def list_declarations(action: Action) -> list[dict[str, Any]]:
    """Return the declarations that consumers accept, the newest of each, with the hash of the words that count."""
    newest: dict[str, DeclarationText] = {}
    texts = DeclarationText.objects.filter(action=action).exclude(is_optional=True)
    for text in texts.order_by("kind", "version", "language"):
        if text.language == text.prevailing_language or text.kind not in newest:
            newest[text.kind] = text
    titles = {
        kind: dict(
            DeclarationText.objects.filter(action=action, kind=kind, version=text.version).values_list(
                "language", "title"
            )
        )
        for kind, text in newest.items()
    }
    return [
        {"kind": kind, "version": text.version, "title": titles[kind], "language": text.language, "sha256": text.sha256}
        for kind, text in newest.items()
    ]
