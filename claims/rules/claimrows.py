"""One row of a claims CSV: its columns, and what it comes to. Byte format and columns: README, "Claims CSV"."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from claims.rules.cells import (
    JOINERS,
    MAX_REFERENCE,
    BadValue,
    Reader,
    make_choice_reader,
    make_country_reader,
    make_past_reader,
    make_prose_reader,
    make_text_reader,
    quote_answer,
    read_date,
    read_email,
    read_external_ref,
    read_language,
    read_moment,
    read_number,
    read_phone,
)
from claims.rules.eligibility import Fact, Kind

ANSWER = "answer."
MAX_TEXT = 5000
UNIQUE = {"external_ref", "email", "phone", "street", "registered_at"}  # columns whose texts seldom come again
REMEMBERED = 40_000  # texts a column: more than there are days of birth
UNJOINED = dict.fromkeys(map(ord, JOINERS))
Complaint = tuple[str, str]  # column, reason


@dataclass(slots=True)
class ClaimRow:
    """A valid row, every value as it is kept. "" is unknown; dates are ISO texts, the moment is in UTC.

    `answers` is the text of a JSON object; an answer that is unknown is not in it. `texts` are the answers in own
    words, which are kept sealed.
    """

    external_ref: str
    given_name: str
    family_name: str
    birth_date: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    country: str
    habitual_residence: str
    resident_since: str
    language: str
    registered_at: str
    answers: str
    content_key: str
    texts: Mapping[str, str] = field(kw_only=True)


BASE_COLUMNS = tuple(ClaimRow.__dataclass_fields__)[:-3]


class Shape(StrEnum):
    """How the cells of a column are written."""

    REFERENCE = "reference"
    TEXT = "text"
    PROSE = "prose"
    DAY = "day"
    MOMENT = "moment"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    LANGUAGE = "language"
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True)
class Cell:
    """What the cells of a column hold: how many characters of text at most, or one of which options."""

    shape: Shape
    longest: int = 0
    options: frozenset[str] = frozenset()


BASE_CELLS: Mapping[str, Cell] = {  # in the order of the fields of ClaimRow
    "external_ref": Cell(Shape.REFERENCE, MAX_REFERENCE),
    "given_name": Cell(Shape.TEXT, 200),
    "family_name": Cell(Shape.TEXT, 200),
    "birth_date": Cell(Shape.DAY),
    "email": Cell(Shape.EMAIL),
    "phone": Cell(Shape.PHONE),
    "street": Cell(Shape.TEXT, 300),
    "postcode": Cell(Shape.TEXT, 20),
    "city": Cell(Shape.TEXT, 200),
    "country": Cell(Shape.COUNTRY),
    "habitual_residence": Cell(Shape.COUNTRY),
    "resident_since": Cell(Shape.DAY),
    "language": Cell(Shape.LANGUAGE),
    "registered_at": Cell(Shape.MOMENT),
}


def list_columns(facts: Mapping[str, Fact]) -> list[str]:
    """Return the columns that a file must have for these questions."""
    return [*BASE_COLUMNS, *(ANSWER + name for name in facts)]


def list_cells(facts: Mapping[str, Fact]) -> dict[str, Cell]:
    """Return what each of these columns holds."""
    return {**BASE_CELLS, **{ANSWER + name: describe_answer(fact) for name, fact in facts.items()}}


def find_header_faults(header: Sequence[str], facts: Mapping[str, Fact]) -> list[str]:
    """Return what is wrong with a header, a sentence each; nothing is wrong with an empty list."""
    expected = list_columns(facts)
    doubled = sorted({name for name in header if header.count(name) > 1})
    faults = [f"column `{name}` is there twice; remove one" for name in doubled]
    if missing := [f"`{name}`" for name in expected if name not in header]:
        faults.append(f"missing: column {', '.join(missing)}; add it (its cells may be empty)")
    unknown = [name for name in header if name not in set(expected)]
    return faults + [f"column `{name[:60]}` is unknown; remove it or correct its name" for name in unknown]


class Column(dict[str, str]):
    """What a column made of each text so far: most texts come again, and a look-up costs a tenth of a check."""

    def __init__(self, name: str, position: int, read: Reader, *, remembers: int) -> None:
        super().__init__()
        self.name, self.position = name, position
        self._read, self._remembers = read, remembers

    def __missing__(self, text: str) -> str:
        value = self._read(text.strip())
        if self._remembers and len(text) < 50:
            if len(self) >= self._remembers:
                self.clear()
            self[text] = value
        return value


class RowReader:
    """Checks the rows of one file: the columns in the order of its header, against the questions of one action."""

    def __init__(
        self, header: Sequence[str], facts: Mapping[str, Fact], countries: frozenset[str], until: date
    ) -> None:
        self._width = len(header)
        self._base = [
            Column(name, header.index(name), read, remembers=0 if name in UNIQUE else REMEMBERED)
            for name, cell in BASE_CELLS.items()
            for read in [make_base_reader(cell, countries, until)]
        ]
        self._answers = [
            Column(ANSWER + name, header.index(ANSWER + name), make_answer_reader(name, fact, countries),
                   remembers=REMEMBERED)
            for name, fact in sorted(facts.items())  # a row is the same in whatever order the pack asks
            if fact.kind != Kind.TEXT
        ]  # fmt: skip
        self._texts = {
            name: Column(ANSWER + name, header.index(ANSWER + name), make_prose_reader(MAX_TEXT), remembers=0)
            for name, fact in sorted(facts.items())
            if fact.kind == Kind.TEXT
        }
        # The same as plain pairs: attributes cost more than the look-ups themselves.
        self._base_cells = [(column, column.position) for column in self._base]
        self._answer_cells = [(column, column.position) for column in self._answers]
        self._text_cells = [(name, column, column.position) for name, column in self._texts.items()]

    def read(self, cells: Sequence[str]) -> tuple[ClaimRow | None, list[Complaint]]:
        """Return the row, or None and every complaint about it."""
        if len(cells) != self._width:
            return None, [("", f"has {len(cells)} fields, the header has {self._width}")]
        try:
            values = [column[cells[position]] for column, position in self._base_cells]
            answers = [answer for column, position in self._answer_cells if (answer := column[cells[position]])]
            texts = {name: text for name, column, position in self._text_cells if (text := column[cells[position]])}
        except BadValue:  # rare: go through the row once more and complain about each cell
            return None, self._list_complaints(cells)
        values.append("{" + ",".join(answers) + "}")
        values.append(compute_content_key([*values, *texts.values()]))
        row = ClaimRow(*values, texts=texts)
        if not row.given_name and not row.family_name:
            return None, [("family_name", "is empty, and so is given_name; give at least one")]
        return row, []

    def _list_complaints(self, cells: Sequence[str]) -> list[Complaint]:
        complaints = []
        for column in [*self._base, *self._answers, *self._texts.values()]:
            try:
                column[cells[column.position]]
            except BadValue as error:
                complaints.append((column.name, str(error)))
        return complaints


def make_base_reader(cell: Cell, countries: frozenset[str], until: date) -> Reader:
    """Return the reader of a base column."""
    match cell.shape:
        case Shape.DAY:
            return make_past_reader(read_date, until)
        case Shape.MOMENT:
            return make_past_reader(read_moment, until)
        case Shape.COUNTRY:
            return make_country_reader(countries)
        case Shape.TEXT:
            return make_text_reader(cell.longest)
    return {
        Shape.REFERENCE: read_external_ref, Shape.EMAIL: read_email, Shape.PHONE: read_phone,
        Shape.LANGUAGE: read_language,
    }[cell.shape]  # fmt: skip


def describe_answer(fact: Fact) -> Cell:
    """Return what the column of a question holds."""
    shapes = {
        Kind.YES_NO: Shape.CHOICE, Kind.CHOICE: Shape.CHOICE, Kind.COUNTRY: Shape.COUNTRY, Kind.DATE: Shape.DAY,
        Kind.NUMBER: Shape.NUMBER, Kind.TEXT: Shape.PROSE,
    }  # fmt: skip
    return Cell(shapes[fact.kind], MAX_TEXT, fact.answers)


def make_answer_reader(name: str, fact: Fact, countries: frozenset[str]) -> Reader:
    """Return the reader of the answers to a question."""
    cell = describe_answer(fact)
    readers: dict[Shape, Reader] = {
        Shape.CHOICE: make_choice_reader(cell.options),
        Shape.COUNTRY: make_country_reader(countries),
        Shape.DAY: read_date,
        Shape.NUMBER: read_number,
    }
    return quote_answer(name, readers[cell.shape], is_number=fact.kind == Kind.NUMBER)


def compute_content_key(values: Sequence[str]) -> str:
    """Return 16 hex characters that are equal for rows that say the same (BLAKE2b, RFC 7693, 64 bits)."""
    return hashlib.blake2b("\0".join(values).encode(), digest_size=8).hexdigest()


def normalise_person(row: ClaimRow) -> str:
    """Return one text for one person, or "" while name, date of birth or e-mail is unknown."""
    return fold_person(row.given_name, row.family_name, row.email, row.birth_date)


def fold_person(given_name: str, family_name: str, email: str, birth_date: str) -> str:
    """Return the same text for the same person however it was typed, or "" while one part is unknown."""
    if not ((given_name or family_name) and birth_date and email):  # some people have one name only
        return ""
    text = f"{given_name}\0{family_name}\0{email}\0{birth_date}"  # no field can hold NUL
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold().translate(UNJOINED)
    return " ".join(folded.split())
