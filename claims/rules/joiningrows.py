"""One line of a file of proofs: its columns, and what it comes to. Columns: README, "Proofs of joining"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

REQUIRED = ("register_reference", "date")
CLAIM_COLUMNS = ("reference", "external_ref")
OPTIONAL = ("time", "declared", "fee_paid")
COLUMNS = (*CLAIM_COLUMNS, *REQUIRED, *OPTIONAL)
LONGEST = 100
WORDS = {"": None, "yes": True, "no": False}
ROW, NO_REFERENCE, BAD_REFERENCE, BAD_DATE, BAD_TIME, BAD_WORD = (
    "row", "no reference", "bad reference", "bad date", "bad time", "bad word",
)  # fmt: skip


@dataclass(frozen=True)
class JoiningRow:
    """A valid line. One of `reference` and `external_ref` is set."""

    line: int
    reference: str
    external_ref: str
    register_reference: str
    on: date
    at: time | None
    is_declared: bool | None
    is_fee_paid: bool | None


def find_header_faults(header: Sequence[str]) -> list[str]:
    """Return what is wrong with a header, a sentence each."""
    faults = [
        f"column `{name[:60]}` is unknown; there are: {', '.join(COLUMNS)}" for name in header if name not in COLUMNS
    ]
    faults += [
        f"column `{name}` is there twice; remove one" for name in sorted({n for n in header if header.count(n) > 1})
    ]
    faults += [f"column `{name}` is missing; add it" for name in REQUIRED if name not in header]
    if not set(CLAIM_COLUMNS) & set(header):
        faults.append("a column `reference` or `external_ref` is missing; one of them says which claim")
    return faults


def read_row(line: int, cells: Sequence[str] | None, header: Sequence[str]) -> JoiningRow | tuple[str, str]:
    """Return the row of a line, or (column, code of what is wrong)."""
    if cells is None or len(cells) != len(header):
        return "", ROW
    values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    reference, external = values.get("reference", ""), values.get("external_ref", "")
    if not (reference or external):
        return "reference", NO_REFERENCE
    given = values["register_reference"]
    if not 0 < len(given) <= LONGEST or not given.isprintable():
        return "register_reference", BAD_REFERENCE
    if (on := _read_date(values["date"])) is None:
        return "date", BAD_DATE
    try:
        at = time.fromisoformat(values["time"]) if values.get("time") else None
    except ValueError:
        return "time", BAD_TIME
    if at and at.tzinfo:
        return "time", BAD_TIME
    for name in ("declared", "fee_paid"):
        if values.get(name, "").lower() not in WORDS:
            return name, BAD_WORD
    declared, paid = (WORDS[values.get(name, "").lower()] for name in ("declared", "fee_paid"))
    return JoiningRow(line, reference, external, given, on, at, declared, paid)


def _read_date(text: str) -> date | None:
    try:
        on = date.fromisoformat(text) if len(text) == 10 else None  # 20270524 and week dates are ISO too
    except ValueError:
        return None
    return on if on and on.year >= 2000 and text[4] == "-" and text[5] != "W" else None
