"""Read numbers and distributions of a scenario document; every complaint names the key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redress.rules.distributions import Z90, Distribution, find_support, fix

Path = tuple[str | int, ...]
ORIGIN = {"source", "as_of", "status", "confidence"}  # may stand beside any number
STEEP = 1.5  # a lognormal with a larger sigma spreads its P10 and P90 by more than a factor of 46


class Misfit(ValueError):
    """What cannot be in a scenario: where, and how to mend it."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{'.'.join(map(str, path)) or 'the document'}: {message}")
        self.path, self.message = path, message


@dataclass
class Reader:
    """Reads one document. A number needs a source beside or around it, unless the document is an illustration."""

    document: Mapping[str, Any]
    warnings: list[str]

    @property
    def is_illustration(self) -> bool:
        """Whether numbers may stand without a source."""
        return self.document.get("illustration") is True

    def get(self, path: Path) -> Any:
        """Return what stands at a path, or None."""
        found: Any = self.document
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def read_mapping(self, path: Path, *, known: set[str], required: Sequence[str] = ()) -> Mapping[str, Any]:
        """Return the mapping at a path. Refuses what is none, unknown keys, and required ones that are missing."""
        found = self.get(path)
        if not isinstance(found, Mapping):
            raise Misfit(path, "must be a mapping of keys to values")
        for key in found:
            if key not in known | ORIGIN:
                raise Misfit((*path, str(key)), f"unknown key; known are: {', '.join(sorted(known))}")
        for key in required:
            if found.get(key) is None:
                raise Misfit(path, f"`{key}` is missing; add it")
        for key in ORIGIN & set(found):
            if not isinstance(found[key], str | int) or found[key] == "":
                raise Misfit((*path, key), "must be a text; say where the number comes from, or leave the key out")
        return found

    def read_number(self, path: Path, *, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the number at a path, plain or as {dist: fixed, value: ...}."""
        found = self.get(path)
        if isinstance(found, Mapping):
            self.read_mapping(path, known={"dist", "value"}, required=["value"])
            if found.get("dist", "fixed") != "fixed":
                raise Misfit((*path, "dist"), "this number is fixed; a distribution is not possible here")
            path = (*path, "value")
            found = found["value"]
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
            raise Misfit(path, f"`{str(found)[:40]}` is not a finite number")
        if not low <= found <= high:
            raise Misfit(path, f"{found} is out of range; allowed is {_say_range(low, high)}")
        self._check_source(path)
        return float(found)

    def read_whole(self, path: Path, *, low: int, high: int) -> int:
        """Return the whole number at a path."""
        found = self.get(path)
        if isinstance(found, bool) or not isinstance(found, int):
            raise Misfit(path, f"`{str(found)[:40]}` is not a whole number")
        if not low <= found <= high:
            raise Misfit(path, f"{found} is out of range; allowed is {_say_range(low, high)}")
        return found

    def _check_source(self, path: Path) -> None:
        if self.is_illustration:
            return
        around = (self.get(path[:length]) for length in range(1, len(path) + 1))
        if not any(isinstance(part, Mapping) and part.get("source") for part in around):
            raise Misfit(path, "has no source; add `source`, or mark the document with `illustration: true`")

    def read_distribution(self, path: Path, *, low: float = -math.inf, high: float = math.inf) -> Distribution:
        """Return the distribution at a path; every value it can give lies in [low, high]."""
        found = self.get(path)
        if not isinstance(found, Mapping):
            return fix(self.read_number(path, low=low, high=high))
        dist = self._read_named(path, found)
        least, greatest = find_support(dist)
        if least < low or greatest > high:
            raise Misfit(
                path,
                f"can give {least:g} to {greatest:g}, but allowed is {_say_range(low, high)}; set `floor` and `cap`",
            )
        return dist

    def _read_named(self, path: Path, found: Mapping[str, Any]) -> Distribution:
        name = found.get("dist")
        if name not in SHAPES:
            raise Misfit((*path, "dist"), f"`{str(name)[:40]}` is no distribution; there are: {', '.join(SHAPES)}")
        ways = SHAPES[name]
        given = set(found) - ORIGIN - {"dist", "floor", "cap", "gamma"}
        keys = next((way for way in ways if given == set(way)), None)
        if keys is None:
            self._refuse_parameters(path, given, name)
        assert keys is not None
        self.read_mapping(path, known={"dist", "floor", "cap", *keys, *(["gamma"] if name == "pert" else [])})
        floor, cap = self._read_clip(path, found)
        if name in ("discrete", "mixture"):
            return (self._read_discrete if name == "discrete" else self._read_mixture)(path, floor, cap)
        numbers = {key: self.read_number((*path, key)) for key in keys}
        if name == "pert":
            numbers["gamma"] = self.read_number((*path, "gamma"), low=1e-6) if "gamma" in found else 4.0
        return Distribution(name, self._shape(name, numbers, path), floor=floor, cap=cap)

    def _refuse_parameters(self, path: Path, given: set[str], name: str) -> None:
        ways = SHAPES[name]
        for key in sorted(given):
            if not any(key in way for way in ways):
                raise Misfit((*path, key), f"unknown key for {name}; it takes {_say_ways(ways)}")
        raise Misfit(path, f"{name} takes {_say_ways(ways)}; mend its parameters")

    def _read_clip(self, path: Path, found: Mapping[str, Any]) -> tuple[float, float]:
        floor = self.read_number((*path, "floor")) if found.get("floor") is not None else -math.inf
        cap = self.read_number((*path, "cap")) if found.get("cap") is not None else math.inf
        if floor > cap:
            raise Misfit((*path, "floor"), "the floor lies above the cap; swap them")
        return floor, cap

    def _shape(self, name: str, numbers: dict[str, float], path: Path) -> dict[str, float]:
        """Return the numbers as the distribution needs them. Raises Misfit where they cannot be."""
        if name in ("uniform", "triangular", "pert"):
            return _check_order(numbers, path)
        if name == "lognormal":
            return self._shape_lognormal(numbers, path)
        return _shape_beta(numbers, path) if name == "beta" else numbers

    def _shape_lognormal(self, numbers: dict[str, float], path: Path) -> dict[str, float]:
        if "p10" in numbers:
            if not 0 < numbers["p10"] < numbers["p90"]:
                raise Misfit((*path, "p10"), "must be above 0 and below p90")
            logs = math.log(numbers["p10"]), math.log(numbers["p90"])
            mu, sigma = (logs[0] + logs[1]) / 2, (logs[1] - logs[0]) / (2 * Z90)
        elif "mean" in numbers:
            if numbers["mean"] <= 0 or numbers["cv"] <= 0:
                raise Misfit((*path, "mean" if numbers["mean"] <= 0 else "cv"), "must be above 0")
            sigma = math.sqrt(math.log(1 + numbers["cv"] ** 2))
            mu = math.log(numbers["mean"]) - sigma**2 / 2
        else:
            mu, sigma = numbers["mu"], numbers["sigma"]
        if not 0 < sigma <= 10 or abs(mu) > 100:
            raise Misfit(path, "sigma must be above 0 and at most 10, mu at most 100 away from 0")
        if sigma > STEEP:
            self.warnings.append(f"{'.'.join(map(str, path))}: sigma is {sigma:.2f}, above {STEEP}: a very long tail")
        return {"mu": mu, "sigma": sigma}

    def _read_discrete(self, path: Path, floor: float, cap: float) -> Distribution:
        values, probs = self._read_list((*path, "values")), self._read_list((*path, "probs"))
        if len(values) != len(probs):
            raise Misfit((*path, "probs"), f"there are {len(values)} values and {len(probs)} probabilities")
        weights = _check_weights(probs, (*path, "probs"))
        pairs = sorted(zip(values, weights, strict=True))
        return Distribution(
            "discrete", values=tuple(v for v, _ in pairs), weights=tuple(w for _, w in pairs), floor=floor, cap=cap
        )

    def _read_list(self, path: Path) -> list[float]:
        found = self.get(path)
        if not isinstance(found, list) or not 1 <= len(found) <= 1000:
            raise Misfit(path, "must be a list of 1 to 1,000 numbers")
        return [self.read_number((*path, i)) for i in range(len(found))]

    def _read_mixture(self, path: Path, floor: float, cap: float) -> Distribution:
        found = self.get((*path, "parts"))
        if not isinstance(found, list) or not 1 <= len(found) <= 20 or len(path) > 12:
            raise Misfit((*path, "parts"), "must be a list of 1 to 20 parts, each {weight, dist}")
        weights, parts = [], []
        for i in range(len(found)):
            self.read_mapping((*path, "parts", i), known={"weight", "dist"}, required=["weight", "dist"])
            weights.append(self.read_number((*path, "parts", i, "weight")))
            parts.append(self.read_distribution((*path, "parts", i, "dist")))
        checked = _check_weights(weights, (*path, "parts"))
        return Distribution("mixture", weights=checked, parts=tuple(parts), floor=floor, cap=cap)


SHAPES: dict[str, list[tuple[str, ...]]] = {
    "fixed": [("value",)],
    "uniform": [("low", "high")],
    "triangular": [("low", "mode", "high")],
    "pert": [("low", "mode", "high")],
    "lognormal": [("p10", "p90"), ("mean", "cv"), ("mu", "sigma")],
    "beta": [("alpha", "beta"), ("mean", "sd"), ("mean", "n")],
    "discrete": [("values", "probs")],
    "mixture": [("parts",)],
}


def _say_ways(ways: list[tuple[str, ...]]) -> str:
    return " or ".join("(" + ", ".join(way) + ")" for way in ways)


def _say_range(low: float, high: float) -> str:
    if low == -math.inf:
        return f"at most {_say_number(high)}"
    return f"at least {_say_number(low)}" if high == math.inf else f"{_say_number(low)} to {_say_number(high)}"


def _say_number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _check_order(numbers: dict[str, float], path: Path) -> dict[str, float]:
    low, high, mode = numbers["low"], numbers["high"], numbers.get("mode", numbers["low"])
    if not low < high:
        raise Misfit((*path, "low"), "must be below high")
    if not low <= mode <= high:
        raise Misfit((*path, "mode"), "must lie between low and high")
    return numbers


def _shape_beta(numbers: dict[str, float], path: Path) -> dict[str, float]:
    if "alpha" in numbers:
        alpha, beta = numbers["alpha"], numbers["beta"]
    else:
        mean = numbers["mean"]
        if not 0 < mean < 1:
            raise Misfit((*path, "mean"), "must lie between 0 and 1, both excluded")
        if "sd" in numbers and not 0 < numbers["sd"] ** 2 < mean * (1 - mean):
            raise Misfit((*path, "sd"), "must be above 0, and its square below mean x (1 - mean)")
        n = numbers["n"] if "n" in numbers else mean * (1 - mean) / numbers["sd"] ** 2 - 1
        alpha, beta = mean * n, (1 - mean) * n
    if alpha <= 0 or beta <= 0:
        raise Misfit(path, "alpha and beta (mean x n and (1 - mean) x n) must be above 0")
    return {"alpha": alpha, "beta": beta}


def _check_weights(weights: Sequence[float], path: Path) -> tuple[float, ...]:
    if min(weights) < 0:
        raise Misfit(path, "a probability is below 0")
    if abs((total := math.fsum(weights)) - 1) > 1e-9:
        raise Misfit(path, f"the probabilities add up to {total:.10g}, not to 1")
    return tuple(weight / total for weight in weights)
