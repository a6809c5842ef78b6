"""What one cell of a claims CSV may hold. Each reader returns the text as it is kept; "" is unknown."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime

Reader = Callable[[str], str]

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
_LABEL = r"[^@\s.\"<>()\[\],;:\\]+"
EMAIL = re.compile(rf"{_LABEL}(\.{_LABEL})*@{_LABEL}(\.{_LABEL})+\Z")
PHONE = re.compile(r"[+()0-9 /.\-]*\Z")
NUMBER = re.compile(r"[0-9]{1,15}\Z")
# Letters that show nothing (Hangul and Braille fillers); a joiner is part of some scripts, other format signs are not.
FILLERS = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")
JOINERS = "\u200c\u200d"
MAX_REFERENCE = 100
# How a cell is written, by example.
A_DAY, A_MOMENT, A_COUNTRY, A_LANGUAGE = "2025-02-28", "2025-11-03T14:05:00Z", "AT", "de"


class BadValue(ValueError):
    """A value that its column does not allow; the message says what it may be. Never repeats what was typed."""


def make_text_reader(limit: int) -> Reader:
    """Return a reader of one line of at most `limit` characters, each of which can be seen."""

    def read(text: str) -> str:
        check_length(text, limit)
        if FILLERS.search(text) or not text.isprintable():
            refuse_signs(text, {"Cc", "Cs", "Cf", "Zl", "Zp"}, but=JOINERS)
        return text

    return read


def make_prose_reader(limit: int) -> Reader:
    """Return a reader of free text of at most `limit` characters, in lines."""

    def read(text: str) -> str:
        check_length(text, limit)
        if not text.isprintable():
            refuse_signs(text, {"Cc", "Cs"}, but="\n\r\t")
        return text

    return read


def check_length(text: str, limit: int) -> None:
    """Refuse a text that is too long."""
    if len(text) > limit:
        raise BadValue(f"has {len(text)} characters; at most {limit} fit")


def refuse_signs(text: str, categories: set[str], *, but: str) -> None:
    """Refuse signs that no page or file can show, or that hide or turn what stands beside them."""
    for sign in text:
        if sign not in but and (unicodedata.category(sign) in categories or FILLERS.match(sign)):
            raise BadValue(f"holds the invisible character U+{ord(sign):04X}; remove it")


def make_choice_reader(options: frozenset[str]) -> Reader:
    """Return a reader of one of the options. "unknown" is kept as no answer: it is never "no"."""
    shown = ", ".join(sorted(options))

    def read(text: str) -> str:
        if text in options or not text:
            return text
        if text == "unknown":
            return ""
        raise BadValue(f"is not one of: {shown}; leave it empty where the answer is unknown")

    return read


def make_country_reader(countries: frozenset[str]) -> Reader:
    """Return a reader of country codes."""

    def read(text: str) -> str:
        if text and text not in countries:
            raise BadValue(f"is not a country code (ISO 3166-1 alpha-2), for example {A_COUNTRY}; Greece is GR")
        return text

    return read


read_reference = make_text_reader(MAX_REFERENCE)
read_address = make_text_reader(254)
read_phone_text = make_text_reader(40)


def read_external_ref(text: str) -> str:
    """Return the reference of another system."""
    if not text:
        raise BadValue("is empty; it is how a repeated import recognises the row")
    return read_reference(text)


def read_email(text: str) -> str:
    """Return an e-mail address, in any script."""
    if text and not EMAIL.match(read_address(text)):
        raise BadValue("is not an e-mail address")
    return text


def read_phone(text: str) -> str:
    """Return a phone number in whatever spacing."""
    if not PHONE.match(text):
        raise BadValue("is not a phone number; use digits, spaces and + ( ) / . -")
    return read_phone_text(text)


def read_language(text: str) -> str:
    """Return a language code (ISO 639-1)."""
    if text and not (len(text) == 2 and text.isascii() and text.isalpha() and text.islower()):
        raise BadValue(f"is not a language code of two small letters, for example {A_LANGUAGE}")
    return text


def read_date(text: str) -> str:
    """Return an ISO date between 1900 and 2100."""
    if not text:
        return text
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise BadValue(f"is not a date such as {A_DAY} (year-month-day)")
    if not EARLIEST <= day <= LATEST:
        raise BadValue("is not between 1900 and 2100")
    return day.isoformat()  # 2025-W09-5 is an ISO date of ten signs too


def make_past_reader(read: Reader, until: date) -> Reader:
    """Return a reader of a date or moment that is not after a day."""
    last = until.isoformat()

    def read_past(text: str) -> str:
        value = read(text)
        if value[:10] > last:
            raise BadValue("lies in the future")
        return value

    return read_past


def read_moment(text: str) -> str:
    """Return a moment in UTC, as both databases read it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadValue(f"is not a time such as {A_MOMENT}") from None
    if moment.tzinfo is None:
        raise BadValue(f"has no time zone; write it as {A_MOMENT}")
    if not EARLIEST < moment.date() < LATEST:
        raise BadValue("is not between 1900 and 2100")
    return moment.astimezone(UTC).isoformat(" ")


def read_number(text: str) -> str:
    """Return a whole number."""
    if text and not NUMBER.match(text):
        raise BadValue("is not a whole number of 0 or more")
    return text


def quote_answer(name: str, read: Reader, *, is_number: bool) -> Reader:
    """Return a reader that gives an answer as a member of a JSON object, `"name":value`, and "" for no answer."""
    key = json.dumps(name)

    def quote(text: str) -> str:
        value = read(text)
        if not value:
            return ""
        return f"{key}:{int(value)}" if is_number else f"{key}:{json.dumps(value, ensure_ascii=False)}"

    return quote
