"""Two tabs and two devices save field by field: a page carries digests of what it showed, never the values.

What a person did not touch keeps what was saved elsewhere meanwhile; what both changed takes the last save.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.base.vault import make_blind_index

PREFIX = "shown."  # and the name of the field


@dataclass(frozen=True)
class Together:
    """What is to be written of what was sent, and the fields that somebody changed after the page was shown."""

    texts: dict[str, str]
    kept: list[str] = field(default_factory=list)  # not touched here: the newer value stays
    replaced: list[str] = field(default_factory=list)  # changed here too: the last save holds


def make_digests(texts: Mapping[str, str], *, place: str) -> dict[str, str]:
    """Return name -> keyed digest of its text. `place` names the row, so that equal answers of two people differ."""
    return {name: make_blind_index(text, purpose=f"shown {place} {name}") for name, text in texts.items()}


def read_shown(data: Mapping[str, str], digests: Mapping[str, str]) -> dict[str, str]:
    """Return name -> what the page showed; a page that does not say counts as having shown what is kept now."""
    return {name: data.get(PREFIX + name, digest)[: len(digest)] for name, digest in digests.items()}


def put_together(
    texts: Mapping[str, str], *, held: Mapping[str, str], shown: Mapping[str, str], place: str
) -> Together:
    """Return what to write of `texts` over what is `held` now, by what the page had `shown`."""
    changed = _list_other({name: held.get(name, "") for name in texts}, shown, place)
    touched = _list_other(texts, shown, place)
    kept = [name for name in changed if name not in touched and texts[name] != held.get(name, "")]
    replaced = [name for name in changed if name in touched and texts[name] != held.get(name, "")]
    return Together({name: text for name, text in texts.items() if name not in kept}, kept, replaced)


def _list_other(texts: Mapping[str, str], shown: Mapping[str, str], place: str) -> list[str]:
    """Return the names whose text is not the one that was shown."""
    digests = make_digests({name: text for name, text in texts.items() if name in shown}, place=place)
    return [name for name, digest in digests.items() if not _is_equal(digest, shown[name])]


def _is_equal(digest: str, sent: str) -> bool:
    return hmac.compare_digest(digest.encode(), sent.encode(errors="replace"))
