"""Where a statement comes from: keys of a catalogue of sources, or plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Source:
    """A source with its title per language and, where one is recorded, its address."""

    title: Mapping[str, str]
    url: str = ""


Catalogue = Mapping[str, Source]


def parse_sources(data: Mapping[str, Any]) -> dict[str, Source]:
    """Return the catalogue that a checked document holds."""
    return {key: Source(entry["title"], entry.get("url", "")) for key, entry in data.items()}


def split_sources(text: str) -> list[str]:
    """Return the single sources of a statement; several are separated by a semicolon and a space."""
    return text.split("; ")


def find_source(key: str, catalogue: Catalogue) -> Source:
    """Return the source with this key; what is no key is a source in plain words, in no language of ours."""
    return catalogue.get(key) or Source({"": key})
