"""What the scenario annex freezes: every number of the run that it shows, the pictures, and the assumptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.filings.figures import as_cents, as_count, as_millions, as_share, as_text
from documents.filings.tables import Builder
from documents.rules.cells import Line, merge_lines
from redress.charts import name_chart
from redress.models import ScenarioRun

COLUMNS = ("mean", "p10", "p25", "p50", "p75", "p90")
SUMS = ("gross", "interest", "total", "costs", "fee", "shortfall", "net", "net_pv")
STEPS = ("gross", "interest", "total", "shortfall", "costs", "fee", "net")
CHANCES = (0.75, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.01)
PICTURES = ("exceedance", "waterfall")


def build_annex_tables(run: ScenarioRun, headline: ScenarioRun | None) -> Builder:
    """Return the figures and tables of a scenario annex."""
    builder, result = Builder(), run.result
    for key, part in (("nothing", "chance_nothing_paid"), ("covered", "chance_costs_covered")):
        builder.add(key, as_share(result[part], decimals=1))
    builder.add("draws", as_count(run.draws))
    builder.add("seed", as_text(run.seed))
    builder.add("exact.mean", as_cents(result["exact"]["mean_cents"]))
    builder.add("exact.sd", as_cents(result["exact"]["sd_cents"]))
    builder.add("exact.z", as_text(f"{result['exact']['z']:.2f}"))
    builder.add("total.mean", as_cents(result["lines"]["total"]["mean_cents"]))
    if headline:
        builder.add("headline", as_millions(headline.result["lines"]["total"]["mean_cents"]))
    _add_lines(builder, result["lines"])
    _add_curve(builder, result["curve"])
    for step in STEPS:
        if step in result["waterfall"]:
            builder.add_row("waterfall", (step,), {"mean": as_millions(result["waterfall"][step])})
    _add_states(builder, result["by_state"])
    return builder


def _add_lines(builder: Builder, lines: Mapping[str, Mapping[str, Any]]) -> None:
    builder.add_row("claimants", ("claimants",), {c: as_count(round(lines["claimants"][c])) for c in COLUMNS})
    for name in SUMS:
        if name in lines:
            builder.add_row("lines", (name,), {c: as_millions(lines[name][f"{c}_cents"]) for c in COLUMNS})
    if "net_per_head" in lines:
        cells = {c: as_cents(lines["net_per_head"][f"{c}_cents"]) for c in COLUMNS}
        builder.add_row("per_head", ("net_per_head",), cells)


def _add_curve(builder: Builder, curve: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for chance in CHANCES:
        cells = {"chance": as_share(chance, decimals=0)}
        for name in ("total", "net"):
            cells[name] = as_millions(find_amount(curve[name], chance))
        builder.add_row("curve", (str(chance),), cells)


def find_amount(points: Sequence[Mapping[str, Any]], chance: float) -> str:
    """Return the largest amount on a curve that is reached with at least this chance."""
    reached = [int(point["amount_cents"]) for point in points if point["chance"] >= chance - 1e-9]
    return str(max(reached, default=0))


def _add_states(builder: Builder, states: Sequence[Mapping[str, Any]]) -> None:
    """Add the states with their members; one with so few that they could be known is merged with others."""
    found = {row["state"]: row for row in states}
    for line in merge_lines([Line((state,), (round(row["members"]),)) for state, row in sorted(found.items())]):
        rows = [found[state] for state in line.keys]
        cells = {
            "members": as_count(line.counts[0]),
            "claimants": as_count(round(sum(row["claimants_mean"] for row in rows))),
            "gross": as_millions(sum(int(row["gross_mean_cents"]) for row in rows)),
        }
        builder.add_row("states", line.keys, cells)


def list_pictures(run: ScenarioRun, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the pictures of a run as they were drawn, for each language."""
    return {
        name: {code: run.charts[name_chart(name, code)] for code in languages if name_chart(name, code) in run.charts}
        for name in PICTURES
    }
