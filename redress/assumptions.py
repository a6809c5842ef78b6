"""The assumptions of a scenario, said one by one with their sources: what a page lists and a court can check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext

from claims.base.countries import name_country
from redress.wording import get_locale

Path = tuple[str, ...]
NOTES = ("source", "as_of", "status", "confidence")
FRAME = ("schema", "name", "overlay_of", "illustration", "seed", "draws", "population")
# PostgreSQL keeps the keys of a document in an order of its own: this is the order of reading.
ORDER = (
    "tiers", "participation", "award_per_head", "liability", "correlation", "individual_spread_cv", "duration_years",
    "interest", "costs", "funder", "settlement", "pot", "discount_rate",
    "default", "fixed", "per_claimant", "adverse_if_lost", "caps",
    "dist", "value", "low", "mode", "high", "p10", "p90", "mean", "sd", "cv", "alpha", "beta", "floor", "cap",
    "award", "share", "multiple_of_outlay", "outlay",
)  # fmt: skip
MODES = ("opt_in", "opt_out")  # which one holds is plain from what follows: a share who join, or who opt out
SHARES = {"participation", "liability", "interest", "discount_rate"}
SHARE_KEYS = {"share", "share_of_award", "probability"}


@dataclass(frozen=True)
class Assumption:
    """One assumption: what it is about, what it says, and where it comes from. Notes that are not there are empty."""

    title: str
    says: str
    source: str
    as_of: str
    status: str
    confidence: str


def list_assumptions(document: Mapping[str, Any], tiers: Mapping[str, str] | None = None) -> list[Assumption]:
    """Return the assumptions of a document in its order, in the reader's language; sources stay as they are.

    `tiers` names the tiers for readers; one that it lacks is called by its id.
    """
    weights = {(tiers or {}).get(tier, tier): said for tier, said in document["population"].get("tiers", {}).items()}
    sections: list[tuple[Path, Any]] = [(("population", "tiers"), weights)]
    sections += [((key,), value) for key, value in sort_keys(document) if key not in FRAME]
    return [found for path, value in sections for found in _walk(path, value, {})]


def sort_keys(mapping: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the items in the order in which people read them; what has no place there comes last, by name."""
    return sorted(mapping.items(), key=lambda item: (ORDER.index(item[0]) if item[0] in ORDER else len(ORDER), item[0]))


def list_population(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return {state, people, sources} of a stated population, by state."""
    states: dict[str, dict[str, Any]] = {}
    for cohort in document["population"].get("cohorts", ()):
        row = states.setdefault(cohort["state"], {"state": cohort["state"], "people": 0, "sources": []})
        row["people"] += cohort["n"] if isinstance(cohort["n"], int) else 0
        if (source := cohort.get("source", "")) not in row["sources"]:
            row["sources"].append(source)
    return [states[state] for state in sorted(states)]


def _walk(path: Path, value: Any, around: Mapping[str, str]) -> Iterator[Assumption]:
    """Yield what stands at a path and beneath; a note holds for all beneath that have none of their own."""
    if not isinstance(value, Mapping):
        yield _say(path, {"value": value}, around)
        return
    notes = {key: str(value.get(key, around.get(key, ""))) for key in NOTES}
    own = {k: v for k, v in sort_keys(value) if k not in NOTES and not isinstance(v, Mapping) and v not in MODES}
    if own:
        yield _say(path, own, notes)
    for key, child in sort_keys(value):
        if isinstance(child, Mapping):
            yield from _walk((*path, key), child, notes)


def _say(path: Path, values: Mapping[str, Any], notes: Mapping[str, str]) -> Assumption:
    kind = values.get("dist", "fixed")
    plain = kind == "fixed" and values.keys() <= {"dist", "value", "p", "rate", "multiple"}
    parts = [
        (say_value(path, key, v) if plain else f"{name_key(key)} {say_value(path, key, v)}")
        for key, v in values.items() if key != "dist"
    ]  # fmt: skip
    says = ", ".join(parts) if kind == "fixed" else f"{kind}: {', '.join(parts)}"
    return Assumption(name_path(path), says, *(notes.get(key, "") for key in NOTES))


def say_value(path: Path, key: str, value: Any) -> str:
    """Return a number as it is meant: a share as percent, a sum in euros, years as years."""
    if isinstance(value, list):
        return " / ".join(say_value(path, key, item) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if key in SHARE_KEYS or (path[0] in SHARES and key not in {"alpha", "beta", "n"}):
        return f"{_format(value * 100)}{'' if get_locale().language == 'en' else ' '}%"
    return _format(value)


def _format(value: float) -> str:
    return format_decimal(round(value, 6), "#,##0.####", locale=get_locale())


def name_path(path: Path) -> str:
    """Return what an assumption is about, with the state where it holds for one only."""
    names = {
        ("population", "tiers"): gettext("Weight of the tier"),
        ("participation", "rate"): gettext("Share who join"),
        ("participation", "opt_out"): gettext("Share who opt out"),
        ("participation", "claim_rate"): gettext("Share who claim"),
        ("award_per_head",): gettext("Euros per head, if won"),
        ("liability",): gettext("Chance that liability is found"),
        ("correlation",): gettext("How closely states go together (0 to 1)"),
        ("individual_spread_cv",): gettext("Spread between people (share of the mean)"),
        ("duration_years",): gettext("Years to payment"),
        ("interest",): gettext("Simple interest a year"),
        ("costs", "fixed"): gettext("Fixed costs, euros"),
        ("costs", "per_claimant"): gettext("Costs for each person, euros"),
        ("costs", "adverse_if_lost"): gettext("Costs of the other side if lost, euros"),
        ("funder",): gettext("Funder"),
        ("funder", "caps"): gettext("Cap of the funder's share"),
        ("settlement",): gettext("Settlement"),
        ("pot",): gettext("Pot of a settlement, euros"),
        ("discount_rate",): gettext("Discount a year"),
    }
    states = [step for step in path if len(step) == 2 and step.isupper()]
    plain = tuple(step for step in path if step not in {"default", *states})
    known = next((plain[:n] for n in range(len(plain), 0, -1) if plain[:n] in names), ())
    words = [names.get(known, plain[0]), *plain[len(known) :]]
    words += [name_country(state, get_language() or "en") for state in states]
    return ", ".join(words)


def name_key(key: str) -> str:
    """Return the name of a parameter."""
    names = {
        "low": gettext("low"), "mode": gettext("most likely"), "high": gettext("high"), "mean": gettext("mean"),
        "sd": gettext("standard deviation"), "p10": "P10", "p90": "P90", "floor": gettext("at least"),
        "cap": gettext("at most"), "liability": gettext("liability"), "award": gettext("amount"),
        "participation": gettext("participation"), "share": gettext("share after costs"),
        "multiple_of_outlay": gettext("or times its outlay"), "outlay": gettext("outlay in euros"),
    }  # fmt: skip
    return names.get(key, key.replace("_", " "))
