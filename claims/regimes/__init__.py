"""One sourced YAML record for each national regime, and the way to read them."""

from functools import cache
from pathlib import Path

from claims.base.documents import compute_digest, read_document
from claims.base.errors import Refused
from claims.rules.regimes import Entry, Regime, parse_regime
from claims.rules.sources import Source, parse_sources

FOLDER = Path(__file__).resolve().parent


@cache
def read_regime(code: str) -> Regime:
    """Return the record of a regime, for example AT-ABHILFE. Raises Refused for a code without a record."""
    if code not in list_regime_codes():
        raise Refused(f"there is no record of the regime `{code}`; known are: {', '.join(list_regime_codes())}")
    data = read_document(FOLDER / f"{code}.yaml", schema="regime").data
    return parse_regime(data, sha256=compute_digest(data))


def list_regime_codes() -> list[str]:
    """Return the codes of all records, in order."""
    return sorted(file.stem for file in FOLDER.glob("[A-Z][A-Z]-*.yaml"))


@cache
def read_sources() -> dict[str, Source]:
    """Return the catalogue of the sources that the records name; an action may name them too."""
    return parse_sources(read_document(FOLDER / "sources.yaml", schema="sources").data["sources"])


@cache
def find_period(state: str) -> Entry | None:
    """Return the limitation period by the record of a state, or None where we have no record of one."""
    records = (read_regime(code).rules.get("limitation_period") for code in list_regime_codes() if code[:2] == state)
    return next((entry for entry in records if entry), None)
