"""A national regime as a record: each rule with its value, source and confidence. Unknown stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One rule of a regime. `value` is None while it is unknown; confidence is high, mid or low."""

    value: Any
    text: str
    source: str
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
    name: str
    version: int
    reviewed_by: str | None
    rules: Mapping[str, Entry]

    def __getitem__(self, rule: str) -> Entry:
        return self.rules[rule]


def parse_regime(data: Mapping[str, Any]) -> Regime:
    """Return the regime that a checked document holds."""
    rules = {name: Entry(**entry) for name, entry in data["rules"].items()}
    return Regime(data["code"], data["state"], data["name"], data["version"], data["reviewed_by"], rules)
