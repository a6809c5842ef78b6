"""A stored answer as a fact: in Python and as SQL, alike. What is no answer to its question is unknown, never "no".

Questions change and systems err, so a stored answer can be anything that JSON holds.
"""

import re
from datetime import date

from claims.rules.eligibility.sql import quote_literal
from claims.rules.eligibility.tree import Fact, Kind, Value

MAX_DIGITS = 16  # of a whole number: fits the integers of both databases
MANY = 8  # options from which PostgreSQL looks them up in a hash table instead of one by one

# A day of the Gregorian calendar, 29 February in leap years only: PostgreSQL has no cast to a date that cannot fail.
_LEAP_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = "((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
CALENDAR_DAY = f"^(?!0000)([0-9]{{4}}-{_DAY}|{_LEAP_YEAR}-02-29)$"


def read_answer(fact: Fact, raw: object) -> Value | None:
    """Return a stored answer as a value of its fact; None is unknown, and so is whatever the question cannot take."""
    match fact.kind:
        case Kind.NUMBER:
            return raw if type(raw) is int and abs(raw) < 10**MAX_DIGITS else None
        case Kind.DATE:
            return _read_day(raw) if isinstance(raw, str) else None
        case Kind.TEXT:
            return raw if isinstance(raw, str) and raw else None
        case _:
            return raw if isinstance(raw, str) and raw in fact.answers else None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def compile_answer(column: str, name: str, fact: Fact, vendor: str) -> str:
    """Return the SQL expression of an answer in a JSON column, NULL where `read_answer` gives None; it never fails."""
    key = quote_literal(name)  # question ids are words of a-z, 0-9 and _, see the schema
    text = f"({column} ->> {key})"
    match fact.kind, vendor:
        case Kind.NUMBER, "postgresql":
            is_whole = f"jsonb_typeof({column} -> {key}) = 'number' AND {text} ~ '^-?[0-9]{{1,{MAX_DIGITS}}}$'"
            return f"(CASE WHEN {is_whole} THEN CAST({text} AS BIGINT) END)"
        case Kind.NUMBER, _:
            limit = 10**MAX_DIGITS - 1
            is_whole = f"json_type({column}, '$.{name}') = 'integer' AND {text} BETWEEN -{limit} AND {limit}"
            return f"(CASE WHEN {is_whole} THEN {text} END)"
        case Kind.DATE, "postgresql":
            # ISO dates sort as bytes; a locale need not know that.
            return f"(CASE WHEN {text} ~ '{CALENDAR_DAY}' THEN {text} END COLLATE \"C\")"
        case Kind.DATE, _:
            # "+0 days" makes SQLite reckon: without it, 31 February is taken as it stands.
            return f"(CASE WHEN date({text}, '+0 days') = {text} AND {text} >= '0001' THEN {text} END)"
        case Kind.TEXT, "postgresql":
            return f"(CASE WHEN jsonb_typeof({column} -> {key}) = 'string' THEN NULLIF({text}, '') END)"
        case Kind.TEXT, _:
            return f"(CASE WHEN json_type({column}, '$.{name}') = 'text' THEN NULLIF({text}, '') END)"
    return _compile_choice(text, f"{column} -> {key}", fact, vendor)


def _compile_choice(text: str, value: str, fact: Fact, vendor: str) -> str:
    """Return the text where it is one of the options. A few are told apart with a single look into the document."""
    options = [quote_literal(option) for option in sorted(fact.answers)]
    # ->> shows the number 5 and `true` as the words "5" and "true"; SQLite keeps them apart from text by itself.
    if vendor == "postgresql" and any(option.isdigit() or option in {"true", "false"} for option in fact.answers):
        return f"(CASE WHEN jsonb_typeof({value}) = 'string' AND {text} IN ({', '.join(options)}) THEN {text} END)"
    if len(options) > MANY:
        return f"(CASE WHEN {text} IN ({', '.join(options)}) THEN {text} END)"
    return f"(CASE {text} " + " ".join(f"WHEN {option} THEN {option}" for option in options) + " END)"
