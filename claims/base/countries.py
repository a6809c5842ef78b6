"""Country codes (ISO 3166-1 alpha-2) and the member states of the Union."""

import unicodedata

from babel import Locale

# What CLDR knows beyond ISO 3166-1: unions, pseudo codes and exceptional reservations.
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
COUNTRY_CODES: frozenset[str] = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
)
# The 27 member states (europa.eu, country profiles; ISO code GR for Greece).
EU_STATES = (
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
)
# Parts of Finland and France with codes of their own: who lives there lives in the Union (Article 355(1), (4) TFEU).
EU_TERRITORIES = ("AX", "GF", "GP", "MF", "MQ", "RE", "YT")


def name_country(code: str, language: str) -> str:
    """Return the name of a country in a language, or the code itself where it is not known."""
    return Locale(language.split("-")[0]).territories.get(code, code)


def fold_name(name: str) -> str:
    """Return a name without its accents and in small letters: what lists are put in order by."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)).casefold()
