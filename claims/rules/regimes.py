"""A national regime as a record: each rule with its value, source and confidence. Unknown stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One rule of a regime, its text per language. `value` is None while it is unknown; confidence is high, mid or low.

    `as_of` is the date of the source, a year, month or day; None while that is unknown.
    """

    value: Any
    text: Mapping[str, str]
    source: str
    as_of: str | None
    confidence: str

    @property
    def is_known(self) -> bool:
        """Whether the rule is known at all, with whatever confidence."""
        return self.value is not None


@dataclass(frozen=True)
class Regime:
    """One law under which an action can be brought, with the version of our record of it."""

    code: str
    state: str
    name: Mapping[str, str]
    version: int
    reviewed_by: str | None
    rules: Mapping[str, Entry]
    sha256: str  # of the whole record: what an action pins

    def __getitem__(self, rule: str) -> Entry:
        return self.rules[rule]


def parse_regime(data: Mapping[str, Any], *, sha256: str) -> Regime:
    """Return the regime that a checked document holds."""
    rules = {name: Entry(**entry) for name, entry in data["rules"].items()}
    return Regime(data["code"], data["state"], data["name"], data["version"], data["reviewed_by"], rules, sha256)
