"""Counts become figures and tables, with what could point to somebody merged before it is frozen."""

from collections.abc import Mapping
from typing import Any

from claims.models import CriteriaVersion
from claims.rules.eligibility import Outcome, Verdict
from documents.filings.counting import Tally
from documents.filings.figures import as_count, as_share
from documents.rules.cells import Line, is_small, merge_cells, merge_lines

Figures = dict[str, dict[str, Any]]
OUTCOMES = (Outcome.ELIGIBLE, Outcome.NEEDS_INFO, Outcome.INELIGIBLE)


class Builder:
    """Collects figures under keys and tables of those keys."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def add(self, key: str, figure: dict[str, Any]) -> str:
        """Keep a figure and return its key."""
        self.figures[key] = figure
        return key

    def add_row(self, table: str, keys: tuple[str, ...], cells: Mapping[str, dict[str, Any]], **more: Any) -> None:
        """Add a row to a table: what it stands for, and its figures by column."""
        rows = self.tables.setdefault(table, [])
        names = {column: self.add(f"{table}.{len(rows) + 1}.{column}", figure) for column, figure in cells.items()}
        rows.append({"keys": list(keys), "cells": names, **more})


def build_report_tables(tally: Tally, version: CriteriaVersion) -> Builder:
    """Return the figures and tables of the eligibility report."""
    builder = Builder()
    builder.add("examined", as_count(tally.examined))
    builder.add("whole", as_share(1))
    builder.add("criteria", as_count(len(version.document["criteria"])))
    if (unscreened := tally.registered - tally.examined) and not is_small(unscreened):
        builder.add("unscreened", as_count(unscreened))
    is_whole = _add_outcomes(builder, tally)
    _add_criteria(builder, tally, version)
    if is_whole:  # else their sums would tell what the first table does not
        for name, found in (("failed", tally.failed), ("missing", tally.missing)):
            _add_reasons(builder, name, found)
    _add_states(builder, tally)
    return builder


def _add_outcomes(builder: Builder, tally: Tally) -> bool:
    shown = merge_cells([tally.outcomes[outcome] for outcome in OUTCOMES])
    names = [(outcome,) for outcome in OUTCOMES] if len(shown) == 3 else [OUTCOMES[:1], OUTCOMES[1:]]
    for keys, n in zip(names, shown, strict=False):
        builder.add_row("outcomes", keys, {"n": as_count(n), "share": as_share(n, tally.examined)})
    return len(shown) == 3


def _add_criteria(builder: Builder, tally: Tally, version: CriteriaVersion) -> None:
    for criterion, found in zip(version.document["criteria"], tally.criteria, strict=True):
        shown = merge_cells([found[letter] for letter in (Verdict.YES, Verdict.NO, Verdict.UNKNOWN)])
        columns = ("yes", "no", "unknown") if len(shown) == 3 else ("yes", "other")
        cells = dict(zip(columns, map(as_count, shown), strict=False))
        builder.add_row("criteria", (criterion["id"],), cells)


def _add_reasons(builder: Builder, table: str, found: Mapping[int, int]) -> None:
    lines = [Line((str(place),), (n,)) for place, n in sorted(found.items(), key=lambda item: (-item[1], item[0]))]
    shown = merge_lines(lines)
    for (
        line
    ) in shown:  # those merged in the order of the criteria: that of their counts would tell which is the largest
        builder.add_row(table, tuple(sorted(line.keys, key=int)), {"n": as_count(line.counts[0])})
    if shown:
        builder.add(f"{table}.sum", as_count(sum(found.values())))


def _add_states(builder: Builder, tally: Tally) -> None:
    names = sorted({state for state, _is_eligible in tally.states})
    lines = [Line((name,), (tally.states[name, True], tally.states[name, False])) for name in names]
    shown = merge_lines(lines)
    for line in shown:
        eligible, other = map(as_count, line.counts)
        builder.add_row("states", line.keys, {"all": as_count(sum(line.counts)), "eligible": eligible, "other": other})
    if shown:
        builder.add("states.eligible", as_count(sum(line.counts[0] for line in shown)))
        builder.add("states.other", as_count(sum(line.counts[1] for line in shown)))
