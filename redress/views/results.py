"""What the page of a result shows, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from claims.models import Action
from claims.models.actions import pick_text
from redress import charts
from redress.assumptions import list_assumptions, list_population
from redress.counts import hide_small
from redress.models import ScenarioRun
from redress.scenarios import find_criteria
from redress.wording import list_lines, name_line, name_step

QUANTILES = ("p05", "p10", "p25", "p50", "p75", "p90", "p95")
CHANCES = ((95, "p05"), (90, "p10"), (75, "p25"), (50, "p50"), (25, "p75"), (10, "p90"), (5, "p95"))


def build_result(run: ScenarioRun) -> dict[str, Any]:
    """Return the context of a finished run."""
    result = run.result
    states, hidden = hide_small(result["by_state"])
    return {
        "sentences": charts.list_sentences(result),
        "lines": [build_line(name, line) for name, line in list_lines(result)],
        "pictures": list_pictures(result),
        "chances": [
            (share / 100, result["lines"]["total"][f"{key}_cents"], result["lines"]["net"][f"{key}_cents"])
            for share, key in CHANCES
        ],
        "steps": [
            (name_step(name), int(result["waterfall"][name]), name in charts.TAKES_AWAY)
            for name, *_ in charts.list_steps(result)
        ],
        "states": sorted(states, key=lambda row: -row["members"]),
        "states_hidden": hidden,
        "assumptions": list_assumptions(run.document, name_tiers(run.action)),
        "population": list_population(run.document),
        "warnings": result["warnings"],
        "criteria": find_criteria(run),
    }


def name_tiers(action: Action) -> dict[str, str]:
    """Return the titles of the tiers of the newest criteria."""
    tiers = action.criteria.document.get("tiers", ()) if action.criteria else ()
    return {tier["id"]: pick_text(tier["title"]) for tier in tiers}


def build_line(name: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the table: its name and its numbers, in cents or people."""
    is_money = "mean_cents" in line
    end = "_cents" if is_money else ""
    values = {key: line[f"{key}{end}"] for key in ("mean", *QUANTILES)}
    return {
        "key": name,
        "name": name_line(name),
        "is_money": is_money,
        "values": [(key, int(v) if is_money else round(v)) for key, v in values.items()],
    }


def list_pictures(result: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the key and the description of each picture in the reader's language."""
    describe = {"exceedance": charts.describe_exceedance, "waterfall": charts.describe_waterfall}
    return {name: {"key": charts.name_chart(name), "says": says(result)} for name, says in describe.items()}
