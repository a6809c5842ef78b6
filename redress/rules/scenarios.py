"""The scenario document: what a lawyer writes and a court can check, read into typed values (SCENARIOS, section 6)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from redress.rules.distributions import Distribution, fix
from redress.rules.reading import Misfit, Path, Reader

__all__ = ["Misfit", "Scenario", "compute_scenario_id", "merge_overlay", "read_scenario"]

SCHEMA = "scenario/1"
STATES = {  # of the EU and, last, of the EEA alone
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
}  # fmt: skip
MOST_DRAWS = 5_000_000
MOST_PEOPLE = 10**10
TOP = {
    "schema", "name", "illustration", "seed", "draws", "population", "participation", "award_per_head", "liability",
    "correlation", "individual_spread_cv", "duration_years", "interest", "costs", "funder", "settlement", "pot",
    "discount_rate",
}  # fmt: skip


@dataclass(frozen=True)
class Participation:
    """Who takes part: those who opt in, or of those who do not opt out the ones who claim their money."""

    rate: Distribution  # opt-in rate, or claim rate
    opt_out: Distribution | None = None


@dataclass(frozen=True)
class Funder:
    """What the funder takes: a share of what is left after costs, or a multiple of the outlay if that is more."""

    share: float
    multiple: float
    outlay: float
    caps: Mapping[str, float]  # state -> largest share of the award


@dataclass(frozen=True)
class Settlement:
    """With `probability` the case settles for a share of the sum that a trial is expected to give."""

    probability: float
    share: Distribution


@dataclass(frozen=True)
class Pot:
    """A fixed pot that is paid out: per head the ceiling at most. What nobody claims has its own line."""

    amount: Distribution
    ceiling: float


@dataclass(frozen=True)
class Scenario:
    """A document that holds. Values by state come with their default; sums are in euros."""

    name: str
    is_illustration: bool
    seed: int
    draws: int
    basis: str
    cohorts: Mapping[tuple[str, str], int]  # (state, tier) -> members; empty for the basis `registered`
    tiers: Mapping[str, float]  # tier -> multiple of the award per head
    participation: Mapping[str, Participation]
    award: Mapping[str, Distribution]
    liability: Mapping[str, float]
    correlation: Mapping[str, float]
    spread: float
    duration: Distribution
    interest: Mapping[str, float]
    fixed_costs: Distribution
    cost_per_claimant: float
    adverse_costs: Mapping[str, float]
    discount_rate: float
    funder: Funder | None = None
    settlement: Settlement | None = None
    pot: Pot | None = None
    warnings: tuple[str, ...] = field(default=())


NOTES = ("as_of", "status", "confidence")  # what a source is followed by


def merge_overlay(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return the base with the differences of an overlay. What names its `dist` replaces the base's as a whole.

    Where the overlay names a source, what the base says of its own source falls away.
    """
    left_out = {"overlay_of", *(NOTES if "source" in overlay else ())}
    merged = {key: value for key, value in base.items() if key not in left_out}
    for key, value in overlay.items():
        below = merged.get(key)
        if key == "overlay_of":
            continue
        is_deep = isinstance(value, Mapping) and isinstance(below, Mapping) and "dist" not in value
        merged[key] = merge_overlay(below, value) if is_deep else value  # type: ignore[arg-type] # a mapping, if deep
    return merged


def compute_scenario_id(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON: sorted keys, numbers as plain decimals in texts."""
    text = json.dumps(_canonise(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonise(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonise(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonise(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    return value


def read_scenario(document: Mapping[str, Any]) -> Scenario:
    """Return the document as typed values. Raises Misfit with the path of the first key that cannot be."""
    reader = Reader(document, [])
    if "overlay_of" in document:
        raise Misfit(("overlay_of",), "lay the overlay over its base first")
    reader.read_mapping((), known=TOP, required=["schema", "name", "seed", "draws", "population", "participation"])
    if document["schema"] != SCHEMA:
        raise Misfit(("schema",), f"must be {SCHEMA}")
    _check_name(document)
    basis, cohorts, tiers = _read_population(reader)
    pot = _read_pot(reader)
    scenario = Scenario(
        name=document["name"],
        is_illustration=reader.is_illustration,
        seed=reader.read_whole(("seed",), low=0, high=2**53),
        draws=reader.read_whole(("draws",), low=1, high=MOST_DRAWS),
        basis=basis,
        cohorts=cohorts,
        tiers=tiers,
        participation=_read_by_state(reader, "participation", _read_participation),
        award=_read_award(reader, pot),
        liability=_read_by_state(reader, "liability", _read_liability, {"default": 1.0} if pot else None),
        correlation=_read_correlation(reader),
        spread=_read_optional(reader, ("individual_spread_cv",), 0.0, high=2),
        duration=_read_optional_distribution(reader, ("duration_years",), high=100),
        interest=_read_by_state(reader, "interest", _read_interest, {"default": 0.0}),
        discount_rate=_read_optional(reader, ("discount_rate",), 0.0, low=-0.5, high=1),
        funder=_read_funder(reader),
        settlement=_read_settlement(reader, pot),
        pot=pot,
        **_read_costs(reader),
    )
    return _with_warnings(scenario, reader)


def _check_name(document: Mapping[str, Any]) -> None:
    if not isinstance(document["name"], str) or not 1 <= len(document["name"]) <= 80:
        raise Misfit(("name",), "must be a text of 1 to 80 characters")
    if not isinstance(document.get("illustration", False), bool):
        raise Misfit(("illustration",), "must be true or false")


def _read_population(reader: Reader) -> tuple[str, dict[tuple[str, str], int], dict[str, float]]:
    path: Path = ("population",)
    found = reader.read_mapping(path, known={"basis", "cohorts", "tiers"}, required=["basis", "tiers"])
    basis = found["basis"]
    if basis == "accounts":
        raise Misfit((*path, "basis"), "the basis `accounts` cannot be reckoned yet; state the people: `basis: stated`")
    if basis not in ("stated", "registered"):
        raise Misfit((*path, "basis"), f"`{str(basis)[:40]}` is no basis; there are: stated, registered")
    tiers = _read_tiers(reader)
    if basis == "registered" and "cohorts" in found:
        raise Misfit((*path, "cohorts"), "registered claims are counted; leave the cohorts out")
    return basis, (_read_cohorts(reader, tiers) if basis == "stated" else {}), tiers


def _read_tiers(reader: Reader) -> dict[str, float]:
    path: Path = ("population", "tiers")
    found = reader.get(path)
    if not isinstance(found, Mapping) or not found:
        raise Misfit(path, "must be a mapping of tiers to {multiple, source}")
    tiers = {}
    for tier in found:
        reader.read_mapping((*path, tier), known={"multiple"}, required=["multiple"])
        tiers[str(tier)] = reader.read_number((*path, tier, "multiple"), low=0, high=1000)
    return tiers


def _read_cohorts(reader: Reader, tiers: Mapping[str, float]) -> dict[tuple[str, str], int]:
    path: Path = ("population", "cohorts")
    found = reader.get(path)
    if not isinstance(found, list) or not found:
        raise Misfit(path, "must be a list of cohorts, each {state, tier, n}")
    cohorts: dict[tuple[str, str], int] = {}
    for i in range(len(found)):
        row = reader.read_mapping((*path, i), known={"state", "tier", "n"}, required=["state", "tier", "n"])
        state, tier = str(row["state"]), str(row["tier"])
        if state not in STATES:
            raise Misfit((*path, i, "state"), f"`{state[:40]}` is no state of the EU or the EEA, such as AT or GR")
        if tier not in tiers:
            raise Misfit((*path, i, "tier"), f"`{tier[:40]}` is none of the tiers: {', '.join(tiers)}")
        if (state, tier) in cohorts:
            raise Misfit((*path, i), f"{state} {tier} is there twice; keep one")
        cohorts[state, tier] = reader.read_whole((*path, i, "n"), low=0, high=MOST_PEOPLE)
        reader.read_number((*path, i, "n"))  # asks for its source
    return cohorts


def _read_by_state(reader: Reader, section: str, read: Any, missing: Any = None) -> dict[str, Any]:
    """Return {"default": ..., state: ...} of a section. A section that may be left out has a `missing`."""
    if reader.get((section,)) is None:
        if missing is None:
            raise Misfit((), f"`{section}` is missing; add it")
        return dict(missing)
    found = reader.read_mapping((section,), known={"default", *STATES}, required=["default"])
    return {key: read(reader, (section, key)) for key in found if key == "default" or key in STATES}


def _read_participation(reader: Reader, path: Path) -> Participation:
    found = reader.read_mapping(path, known={"mode", "rate", "opt_out", "claim_rate"}, required=["mode"])
    if found["mode"] == "opt_in":
        reader.read_mapping(path, known={"mode", "rate"}, required=["rate"])
        return Participation(reader.read_distribution((*path, "rate"), low=0, high=1))
    if found["mode"] != "opt_out":
        raise Misfit((*path, "mode"), "must be opt_in or opt_out")
    reader.read_mapping(path, known={"mode", "opt_out", "claim_rate"}, required=["opt_out", "claim_rate"])
    return Participation(
        reader.read_distribution((*path, "claim_rate"), low=0, high=1),
        reader.read_distribution((*path, "opt_out"), low=0, high=1),
    )


def _read_award(reader: Reader, pot: Pot | None) -> dict[str, Distribution]:
    if pot is None:
        return _read_by_state(reader, "award_per_head", lambda r, path: r.read_distribution(path, low=0))
    if reader.get(("award_per_head",)) is not None:
        raise Misfit(("award_per_head",), "a pot stands instead of an award per head; keep one of them")
    return {"default": fix(0.0)}


def _read_liability(reader: Reader, path: Path) -> float:
    if isinstance(reader.get(path), Mapping) and "dist" not in reader.get(path):
        reader.read_mapping(path, known={"p"}, required=["p"])
        path = (*path, "p")
    return reader.read_number(path, low=0, high=1)


def _read_interest(reader: Reader, path: Path) -> float:
    if isinstance(reader.get(path), Mapping) and "dist" not in reader.get(path):
        reader.read_mapping(path, known={"rate"}, required=["rate"])
        path = (*path, "rate")
    return reader.read_number(path, low=0, high=1)


def _read_correlation(reader: Reader) -> dict[str, float]:
    names = ("liability", "award", "participation")
    if reader.get(("correlation",)) is None:
        return dict.fromkeys(names, 0.0)
    reader.read_mapping(("correlation",), known=set(names))
    return {name: _read_optional(reader, ("correlation", name), 0.0, high=1) for name in names}


def _read_optional(reader: Reader, path: Path, missing: float, *, low: float = 0, high: float = 10**13) -> float:
    return missing if reader.get(path) is None else reader.read_number(path, low=low, high=high)


def _read_optional_distribution(reader: Reader, path: Path, *, high: float = 10**13) -> Distribution:
    return fix(0.0) if reader.get(path) is None else reader.read_distribution(path, low=0, high=high)


def _read_costs(reader: Reader) -> dict[str, Any]:
    adverse: dict[str, float] = {"default": 0.0}
    if reader.get(("costs",)) is not None:
        found = reader.read_mapping(("costs",), known={"fixed", "per_claimant", "adverse_if_lost"})
        if found.get("adverse_if_lost") is not None:
            path: Path = ("costs", "adverse_if_lost")
            rows = reader.read_mapping(path, known={"default", *STATES})
            keys = [key for key in rows if key == "default" or key in STATES]
            adverse |= {key: reader.read_number((*path, key), low=0, high=10**13) for key in keys}
    return {
        "fixed_costs": _read_optional_distribution(reader, ("costs", "fixed")),
        "cost_per_claimant": _read_optional(reader, ("costs", "per_claimant"), 0.0),
        "adverse_costs": adverse,
    }


def _read_funder(reader: Reader) -> Funder | None:
    if reader.get(("funder",)) is None:
        return None
    known = {"share", "multiple_of_outlay", "outlay", "caps"}
    found = reader.read_mapping(("funder",), known=known, required=["share"])
    if "multiple_of_outlay" in found and "outlay" not in found:
        raise Misfit(("funder", "multiple_of_outlay"), "a multiple needs the `outlay` that it multiplies")
    caps: dict[str, float] = {}
    if found.get("caps") is not None:
        for state in reader.read_mapping(("funder", "caps"), known=STATES):
            if state in STATES:
                reader.read_mapping(("funder", "caps", state), known={"share_of_award"}, required=["share_of_award"])
                caps[state] = reader.read_number(("funder", "caps", state, "share_of_award"), low=0, high=1)
    return Funder(
        share=reader.read_number(("funder", "share"), low=0, high=1),
        multiple=_read_optional(reader, ("funder", "multiple_of_outlay"), 0.0, high=100),
        outlay=_read_optional(reader, ("funder", "outlay"), 0.0),
        caps=caps,
    )


def _read_settlement(reader: Reader, pot: Pot | None) -> Settlement | None:
    if reader.get(("settlement",)) is None:
        return None
    if pot:
        raise Misfit(("settlement",), "a pot is a settlement already; keep one of them")
    path: Path = ("settlement",)
    reader.read_mapping(path, known={"probability", "share_of_expected"}, required=["probability", "share_of_expected"])
    return Settlement(
        reader.read_number((*path, "probability"), low=0, high=1),
        reader.read_distribution((*path, "share_of_expected"), low=0, high=10),
    )


def _read_pot(reader: Reader) -> Pot | None:
    if reader.get(("pot",)) is None:
        return None
    reader.read_mapping(("pot",), known={"amount", "ceiling_per_head"}, required=["amount", "ceiling_per_head"])
    if reader.get(("interest",)) is not None:
        raise Misfit(("interest",), "a pot is a fixed sum and bears no interest; leave the interest out")
    amount = reader.read_distribution(("pot", "amount"), low=0, high=10**13)
    return Pot(amount, reader.read_number(("pot", "ceiling_per_head"), low=0, high=10**9))


def _with_warnings(scenario: Scenario, reader: Reader) -> Scenario:
    warnings = list(reader.warnings)
    if scenario.funder:
        least = scenario.funder.multiple * scenario.funder.outlay
        for state, cap in sorted(scenario.funder.caps.items()):
            if least > 0:
                warnings.append(
                    f"funder.caps.{state}: the least fee, a multiple of the outlay, is {least:,.0f} euros; where it is"
                    f" more than {cap:.0%} of the award the action may be inadmissible there, not merely cut"
                )
            if scenario.funder.share > cap:
                warnings.append(
                    f"funder.caps.{state}: a funder's share of {scenario.funder.share:.0%} is above the {cap:.0%} that"
                    " the law of this state allows; there the action may be inadmissible, not merely cut"
                )
    return replace(scenario, warnings=tuple(warnings))
