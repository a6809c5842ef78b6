"""One row of a claims CSV: what each column may hold. Byte format and columns: README, "Claims CSV"."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from claims.rules.eligibility import Fact, Kind

BASE_COLUMNS = (
    "external_ref",
    "given_name",
    "family_name",
    "birth_date",
    "email",
    "phone",
    "street",
    "postcode",
    "city",
    "country",
    "habitual_residence",
    "resident_since",
    "language",
    "registered_at",
)
ANSWER = "answer."
MAX_LENGTH = {
    "external_ref": 100,
    "given_name": 200,
    "family_name": 200,
    "email": 254,
    "phone": 40,
    "street": 300,
    "postcode": 20,
    "city": 200,
}
MAX_TEXT = 5000
UNIQUE = {"external_ref", "email", "phone", "street", "registered_at"}  # columns whose texts seldom come again
REMEMBERED = 40_000  # texts a column: more than there are days of birth
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
PHONE = re.compile(r"[+()\d /.\-]*\Z")
Complaint = tuple[str, str]  # column, reason
Value = str | int | date | datetime | None


class BadValue(ValueError):
    """A value that its column does not allow; the message says what it may be. Never repeats what was typed."""


@dataclass(slots=True)
class ClaimRow:
    """A valid row. Missing dates are None, missing texts ""; an answer that is missing is not in `answers`."""

    external_ref: str
    given_name: str
    family_name: str
    birth_date: date | None
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    country: str
    habitual_residence: str
    resident_since: date | None
    language: str
    registered_at: datetime
    answers: dict[str, str | int]
    content_key: str


def list_columns(facts: Mapping[str, Fact]) -> list[str]:
    """Return the columns that a file must have for these questions."""
    return [*BASE_COLUMNS, *(ANSWER + name for name in facts)]


def find_header_faults(header: Sequence[str], facts: Mapping[str, Fact]) -> list[str]:
    """Return what is wrong with a header, a sentence each; nothing is wrong with an empty list."""
    expected = list_columns(facts)
    faults = [
        f"column `{name}` is there twice; remove one" for name in sorted({n for n in header if header.count(n) > 1})
    ]
    if missing := [f"`{name}`" for name in expected if name not in header]:
        faults.append(f"missing: column {', '.join(missing)}; add it (its cells may be empty)")
    known = set(expected)
    faults += [f"column `{name}` is unknown; remove it or correct its name" for name in header if name not in known]
    return faults


class Column(dict[str, Value]):
    """What a column made of each text so far: most texts come again, and a look-up costs a tenth of a check."""

    def __init__(self, read: Callable[[str], Value], *, remembers: int) -> None:
        super().__init__()
        self._read = read
        self._remembers = remembers

    def __missing__(self, text: str) -> Value:
        value = self._read(text.strip())
        if self._remembers and len(text) < 50:
            if len(self) >= self._remembers:
                self.clear()
            self[text] = value
        return value


class RowReader:
    """Checks the rows of one file: the columns in the order of its header, against the questions of one action."""

    def __init__(self, header: Sequence[str], facts: Mapping[str, Fact], countries: frozenset[str]) -> None:
        self.width = len(header)
        self._countries = countries
        positions = {name: i for i, name in enumerate(header)}
        self._base = [
            (name, positions[name], Column(self._base_reader(name), remembers=0 if name in UNIQUE else REMEMBERED))
            for name in BASE_COLUMNS
        ]
        self._answers = [
            (
                name,
                positions[ANSWER + name],
                Column(self._answer_reader(fact), remembers=0 if fact.kind == Kind.TEXT else REMEMBERED),
            )
            for name, fact in facts.items()
        ]

    def read(self, cells: Sequence[str]) -> tuple[ClaimRow | None, list[Complaint]]:
        """Return the row, or None and every complaint about it."""
        if len(cells) != self.width:
            return None, [("", f"has {len(cells)} fields, the header has {self.width}")]
        try:
            values: dict[str, Any] = {name: column[cells[position]] for name, position, column in self._base}
            answers: dict[str, Any] = {
                name: value
                for name, position, column in self._answers
                if (value := column[cells[position]]) is not None
            }
        except BadValue:  # rare: go through the row once more and complain about each cell
            return None, [*self._complain(self._base, cells, ""), *self._complain(self._answers, cells, ANSWER)]
        row = ClaimRow(**values, answers=answers, content_key=compute_content_key(cells))
        if not row.given_name and not row.family_name:
            return None, [("family_name", "is empty, and so is given_name; give at least one")]
        return row, []

    def _complain(self, columns: list[tuple[str, int, Column]], cells: Sequence[str], prefix: str) -> list[Complaint]:
        complaints = []
        for name, position, column in columns:
            try:
                column[cells[position]]
            except BadValue as error:
                complaints.append((prefix + name, str(error)))
        return complaints

    def _base_reader(self, name: str) -> Callable[[str], Value]:
        readers: dict[str, Callable[[str], Value]] = {
            "external_ref": self._read_external_ref,
            "birth_date": self._read_date,
            "email": self._read_email,
            "phone": self._read_phone,
            "country": self._read_country,
            "habitual_residence": self._read_country,
            "resident_since": self._read_date,
            "language": self._read_language,
            "registered_at": self._read_moment,
        }
        return readers.get(name) or self._text_reader(MAX_LENGTH[name])

    def _answer_reader(self, fact: Fact) -> Callable[[str], Value]:
        readers: dict[Kind, Callable[[str], Value]] = {
            Kind.YES_NO: self._choice_reader(frozenset({"yes", "no"})),
            Kind.CHOICE: self._choice_reader(fact.options),
            Kind.COUNTRY: lambda text: self._read_country(text) or None,
            Kind.DATE: self._read_answer_date,
            Kind.NUMBER: self._read_number,
            Kind.TEXT: lambda text: read_text(text, MAX_TEXT) or None,
        }
        return readers[fact.kind]

    def _text_reader(self, limit: int) -> Callable[[str], str]:
        return partial(read_text, limit=limit)

    def _choice_reader(self, options: frozenset[str]) -> Callable[[str], str | None]:
        shown = ", ".join(sorted(options))

        def read(text: str) -> str | None:
            if text in options:
                return text
            if not text or text == "unknown":  # unknown is never "no": it is kept as no answer
                return None
            raise BadValue(f"is not one of: {shown}; leave it empty where the answer is unknown")

        return read

    def _read_external_ref(self, text: str) -> str:
        if not text:
            raise BadValue("is empty; it is how a repeated import recognises the row")
        return read_text(text, MAX_LENGTH["external_ref"])

    def _read_email(self, text: str) -> str:
        if text and not EMAIL.match(read_text(text, MAX_LENGTH["email"])):
            raise BadValue("is not an e-mail address")
        return text

    def _read_phone(self, text: str) -> str:
        if not PHONE.match(text):
            raise BadValue("is not a phone number; use digits, spaces and + ( ) / . -")
        return read_text(text, MAX_LENGTH["phone"])

    def _read_country(self, text: str) -> str:
        if text and text not in self._countries:
            raise BadValue("is not a country code (ISO 3166-1 alpha-2), for example AT; Greece is GR")
        return text

    def _read_language(self, text: str) -> str:
        if text and not (len(text) == 2 and text.isascii() and text.isalpha() and text.islower()):
            raise BadValue("is not a language code of two small letters, for example de")
        return text

    def _read_date(self, text: str) -> date | None:
        return parse_date(text) if text else None

    def _read_answer_date(self, text: str) -> str | None:
        day = self._read_date(text)
        return day.isoformat() if day else None

    def _read_number(self, text: str) -> int | None:
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
            raise BadValue("is not a whole number")
        return int(text)

    def _read_moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise BadValue("is not a time such as 2025-11-03T14:05:00Z") from None
        if moment.tzinfo is None:
            raise BadValue("has no time zone; write it as 2025-11-03T14:05:00Z")
        if not EARLIEST <= moment.date() <= LATEST:
            raise BadValue("is not between 1900 and 2100")
        return moment


def read_text(text: str, limit: int) -> str:
    """Return the text; refuse what is too long or holds signs that no page or file can show."""
    if len(text) > limit:
        raise BadValue(f"has {len(text)} characters; at most {limit} fit")
    if not text.isprintable():
        for sign in text:
            if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t":
                raise BadValue(f"holds the control character U+{ord(sign):04X}; remove it")
    return text


def parse_date(text: str) -> date:
    """Return an ISO date between 1900 and 2100."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise BadValue("is not a date such as 2025-02-28 (year-month-day)")
    if not EARLIEST <= day <= LATEST:
        raise BadValue("is not between 1900 and 2100")
    return day


def compute_content_key(cells: Sequence[str]) -> str:
    """Return 16 hex characters that are equal for rows with equal cells (BLAKE2b, RFC 7693, 64 bits)."""
    return hashlib.blake2b("\x1f".join(cells).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def normalise_person(row: ClaimRow) -> str:
    """Return one text for one person, or "" while name, date of birth or e-mail is unknown."""
    if not (row.given_name and row.family_name and row.birth_date and row.email):
        return ""
    text = f"{row.given_name}\x1f{row.family_name}\x1f{row.email}"
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return f"{' '.join(folded.split(' '))}\x1f{row.birth_date.isoformat()}"
