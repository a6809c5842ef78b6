"""One sourced YAML record for each national regime, and the way to read them."""

from functools import cache
from pathlib import Path

from claims.base.documents import Document, compute_digest, read_document
from claims.base.errors import Refused
from claims.base.languages import add_language, find_catalogue, list_languages, read_catalogue
from claims.rules.regimes import Entry, Regime, parse_regime
from claims.rules.sources import Source, parse_sources

FOLDER = Path(__file__).resolve().parent


@cache
def read_regime(code: str) -> Regime:
    """Return the record of a regime, for example AT-ABHILFE. Raises Refused for a code without a record."""
    if code not in list_regime_codes():
        raise Refused(f"there is no record of the regime `{code}`; known are: {', '.join(list_regime_codes())}")
    document = read_document(FOLDER / f"{code}.yaml", schema="regime")
    digest = compute_digest(document.data)  # of the record as the office checks it: a translation changes no law
    _translate(document)
    return parse_regime(document.data, sha256=digest)


def list_regime_codes() -> list[str]:
    """Return the codes of all records, in order."""
    return sorted(file.stem for file in FOLDER.glob("[A-Z][A-Z]-*.yaml"))


@cache
def read_sources() -> dict[str, Source]:
    """Return the catalogue of the sources that the records name; an action may name them too."""
    document = read_document(FOLDER / "sources.yaml", schema="sources")
    _translate(document)
    return parse_sources(document.data["sources"])


@cache
def find_period(state: str) -> Entry | None:
    """Return the limitation period by the record of a state, or None where we have no record of one."""
    records = (read_regime(code).rules.get("limitation_period") for code in list_regime_codes() if code[:2] == state)
    return next((entry for entry in records if entry), None)


def _translate(document: Document) -> None:
    for language in list_languages(FOLDER):
        add_language([document], language, _read_catalogue(language))


@cache
def _read_catalogue(language: str) -> dict[str, str]:
    return read_catalogue(find_catalogue(FOLDER, language))
