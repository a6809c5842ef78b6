"""What the scenario annex freezes: every number of the run that it shows, the pictures, and the assumptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.filings.figures import as_cents, as_count, as_number, as_share, as_sum, as_text, find_unit
from documents.filings.tables import Builder
from documents.rules.cells import Line, is_small, merge_lines
from redress.assumptions import list_population
from redress.charts import name_chart
from redress.models import ScenarioRun

COLUMNS = ("mean", "p05", "p10", "p25", "p50", "p75", "p90", "p95")
SUMS = ("gross", "interest", "total", "costs", "fee", "shortfall", "net", "net_pv", "unclaimed")
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
    if exact := result["exact"]:  # a pot has none
        builder.add("exact.mean", as_cents(exact["mean_cents"]))
        builder.add("exact.sd", as_cents(exact["sd_cents"]))
        builder.add("exact.z", as_number(exact["z"]))
    builder.add("total.mean", as_cents(result["lines"]["total"]["mean_cents"]))
    if headline:
        mean = headline.result["lines"]["total"]["mean_cents"]
        builder.add("headline", as_sum(mean, find_unit([mean])))
    _add_population(builder, run)
    _add_lines(builder, result["lines"])
    _add_curve(builder, result["curve"])
    steps = [(step, result["waterfall"][step]) for step in STEPS if step in result["waterfall"]]
    unit = find_unit(cents for _step, cents in steps)
    for step, cents in steps:
        builder.add_row("waterfall", (step,), {"mean": as_sum(cents, unit)}, unit=unit)
    _add_states(builder, result["by_state"])
    return builder


def _add_population(builder: Builder, run: ScenarioRun) -> None:
    """Add the people of each state with the sources of their number; of those registered only how many there are."""
    for row in list_population(run.document):
        cells = {"people": as_count(row["people"])} if row["people"] else {}
        builder.add_row("population", (row["state"],), cells, sources=row["sources"])
    if "population" not in builder.tables:
        members = round(sum(row["members"] for row in run.result["by_state"]))
        builder.add_row("population", ("",), {} if is_small(members) else {"people": as_count(members)}, sources=[])


def _add_lines(builder: Builder, lines: Mapping[str, Mapping[str, Any]]) -> None:
    builder.add_row("claimants", ("claimants",), {c: as_count(round(lines["claimants"][c])) for c in COLUMNS})
    sums = {name: {c: lines[name][f"{c}_cents"] for c in COLUMNS} for name in SUMS if name in lines}
    unit = find_unit(cents for found in sums.values() for cents in found.values())
    for name, found in sums.items():
        builder.add_row("lines", (name,), {c: as_sum(cents, unit) for c, cents in found.items()}, unit=unit)
    if "net_per_head" in lines:
        cells = {c: as_sum(lines["net_per_head"][f"{c}_cents"], "") for c in COLUMNS}
        builder.add_row("per_head", ("net_per_head",), cells)


def _add_curve(builder: Builder, curve: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    found = [{name: find_amount(curve[name], chance) for name in ("total", "net")} for chance in CHANCES]
    unit = find_unit(cents for reached in found for cents in reached.values())
    for chance, reached in zip(CHANCES, found, strict=True):
        cells = {name: as_sum(cents, unit) for name, cents in reached.items()}
        builder.add_row("curve", (str(chance),), {"chance": as_share(chance, decimals=0), **cells}, unit=unit)


def find_amount(points: Sequence[Mapping[str, Any]], chance: float) -> str:
    """Return the largest amount on a curve that is reached with at least this chance."""
    reached = [int(point["amount_cents"]) for point in points if point["chance"] >= chance - 1e-9]
    return str(max(reached, default=0))


def _add_states(builder: Builder, states: Sequence[Mapping[str, Any]]) -> None:
    """Add the states with their members; one with so few that they could be known is merged with others."""
    found = {row["state"]: row for row in states}
    lines = merge_lines([Line((state,), (round(row["members"]),)) for state, row in sorted(found.items())])
    sums = [sum(int(found[state]["gross_mean_cents"]) for state in line.keys) for line in lines]
    unit = find_unit(sums)
    for line, cents in zip(lines, sums, strict=True):
        cells = {
            "members": as_count(line.counts[0]),
            "claimants": as_count(round(sum(found[state]["claimants_mean"] for state in line.keys))),
            "gross": as_sum(cents, unit),
        }
        builder.add_row("states", line.keys, cells, unit=unit)


def list_pictures(run: ScenarioRun, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the pictures of a run as they were drawn, for each language."""
    return {
        name: {code: run.charts[name_chart(name, code)] for code in languages if name_chart(name, code) in run.charts}
        for name in PICTURES
    }
