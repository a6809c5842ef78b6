"""The register of claimants: from the rows of a snapshot to one volume for the page and its data.

A row of the snapshot is a mapping with these keys, all texts but `number`; what is unknown is empty:
number (running, from 1 through all volumes), reference, external_ref, given_name, family_name, birth_date, email,
street, postcode, city, country, residence, language, registered_on, joined_on, outcome, tier, criteria (number of the
version), declarations (such as "M3 A2"), cents; acting_as (guardian, representative or heir), acting_name and
acting_since where somebody acts for the person. Dates are ISO 8601, sums whole cents.

A rendering is what remains of the row: what it may not show is left out here, before anything is laid out, so that it
is neither on the page nor in the metadata nor in the attached data.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from documents.rules.texts import SOFT_BREAK, prepare_mail, prepare_text, write_cell

VOLUME_ROWS = 2_500  # a court takes 5,000; a worker may have 600 MB, with all that it starts
_IDENTITY = ("given_name", "family_name", "street", "postcode", "city", "country", "language")
_ACTING = ("acting_as", "acting_name", "acting_since")  # snapshots of before they were frozen too lack them
_CASE = ("residence", "registered_on", "joined_on", "outcome", "tier", "criteria", "declarations", "cents")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "full": ("number", "reference", "external_ref", "birth_date", "email", *_IDENTITY, *_ACTING, *_CASE),
    "court_confidential": ("number", "reference", *_IDENTITY, *_ACTING, *_CASE),
    # A state or a tier may hold one person, and a tier may tell of health or belief: the reference alone remains, by
    # which those in the register find themselves.
    "public_redacted": ("number", "reference"),
}
RENDERINGS = tuple(FIELDS)
# Of the table on the page, in this order.
COLUMNS = ("no", "ref", "name", "address", "state", "registered", "joined", "basis", "declarations", "amount")
PUBLIC_COLUMNS = ("no", "ref", "name", "address")
NOTHING = "–"

Row = Mapping[str, Any]
Labels = Mapping[str, Any]


@dataclass(frozen=True)
class Register:
    """What all volumes of one register share. Texts are in the language of the labels, plain, not yet prepared."""

    language: str
    rendering: str
    claimants: int
    total_cents: int | None
    snapshot_sha256: str
    made_at: str  # of the snapshot, ISO 8601 with its zone
    entity: str
    dispute: str  # who against whom
    docket: str
    criteria: str  # "version 4 of 20 February 2026"
    tiers: tuple[tuple[str, str], ...] = ()  # id and title, in the order of the criteria
    mark: str = ""  # "Illustration – fictitious people"
    volume_rows: int = VOLUME_ROWS  # as the snapshot was cut
    is_undecided: bool = False  # whether no lawyer has accepted some of them yet

    @property
    def volumes(self) -> int:
        """How many volumes there are; a register without claimants has one."""
        return count_volumes(self.claimants, self.volume_rows)


@dataclass(frozen=True)
class Volume:
    """One volume: rows and frame for `documents.pdf.render_register`, and the data to attach."""

    rows: list[dict[str, str]]
    frame: dict[str, Any]
    csv: bytes


def count_volumes(claimants: int, volume_rows: int = VOLUME_ROWS) -> int:
    """Return how many volumes so many claimants take."""
    return max(1, -(-claimants // volume_rows))


def list_volume(volume: int, volume_rows: int = VOLUME_ROWS) -> tuple[int, int]:
    """Return where the rows of a volume (from 1) begin and end in the snapshot, as a slice does."""
    return (volume - 1) * volume_rows, volume * volume_rows


def redact(row: Row, rendering: str) -> dict[str, Any]:
    """Return what a rendering may show of a row; the rest is not there."""
    return {field: row.get(field, "") if field in _ACTING else row[field] for field in FIELDS[rendering]}


def write_csv(rows: Iterable[Row], rendering: str) -> bytes:
    """Return the rows as CSV: UTF-8, RFC 4180, plain numbers and ISO dates; what looks like a formula is text."""
    lines: list[str] = []
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    fields = FIELDS[rendering]
    writer.writerow(fields)
    writer.writerows([write_cell(str(row[field])) for field in fields] for row in rows)
    return "".join(lines).encode(errors="backslashreplace")


def lay_out_volume(register: Register, volume: int, rows: Sequence[Row], labels: Labels) -> Volume:
    """Return one volume (from 1) with its rows, in the words and formats of the labels.

    Raises ValueError where the running numbers are not those of the volume: a register with a gap is no evidence.
    """
    first = list_volume(volume, register.volume_rows)[0] + 1
    expected = min(register.volume_rows, register.claimants - first + 1)
    if [row["number"] for row in rows] != list(range(first, first + expected)):
        raise ValueError(
            f"volume {volume} must hold the numbers {first} to {first + expected - 1}, each once, in order"
        )
    shown = [redact(row, register.rendering) for row in rows]
    codes = {tier: f"T{place}" for place, (tier, _) in enumerate(register.tiers, 1)}
    return Volume(
        rows=[_lay_out_row(row, codes, labels) for row in shown],
        frame=_lay_out_frame(register, volume, shown, labels),
        csv=write_csv(shown, register.rendering),
    )


def list_cells(volume: Volume) -> list[list[str]]:
    """Return the cells of each row as the page shows them, in the order of its columns."""
    words = volume.frame["words"]
    withheld = {"name": words["withheld_name"], "address": words["withheld_address"]}
    return [[row.get(column) or withheld[column] for column in volume.frame["columns"]] for row in volume.rows]


def _lay_out_row(row: Row, codes: Mapping[str, str], labels: Labels) -> dict[str, str]:
    cells = {
        "no": format_count(row["number"], labels),
        "ref": "-".join(row["reference"][i : i + 4] for i in range(0, len(row["reference"]), 4)),
        "lang": row.get("language") or labels["language"],
    }
    if "residence" in row:
        cells |= _lay_out_case(row, codes, labels)
    if "family_name" in row:
        cells["name"] = _join(" ", row["given_name"], row["family_name"], longest=200)
        place = f"{row['postcode']} {row['city']}".strip()
        cells["address"] = _join(", ", row["street"], place, row["country"], longest=400)
    if row.get("birth_date"):
        cells["name"] += f"\n{labels['born']} {format_day(row['birth_date'], labels)}"
    if row.get("acting_as"):
        cells["name"] += f"; {_say_acting(row, labels)}"
    if row.get("email"):  # on a line of its own: what breaks in the middle is copied wrongly
        cells["address"] += f"\n{prepare_mail(row['email'])}"
    return cells


def _say_acting(row: Row, labels: Labels) -> str:
    name, day = _join("", row["acting_name"], longest=200), format_day(row["acting_since"], labels)
    return labels["acting"][row["acting_as"]].format(name=name, day=day)


def _lay_out_case(row: Row, codes: Mapping[str, str], labels: Labels) -> dict[str, str]:
    return {
        "state": row["residence"] or NOTHING,
        "registered": format_day(row["registered_on"], labels),
        "joined": format_day(row["joined_on"], labels),
        "basis": " · ".join(part for part in (codes.get(row["tier"], ""), _name_version(row)) if part) or NOTHING,
        "declarations": prepare_text(row["declarations"], longest=60) or NOTHING,
        "amount": format_cents(row["cents"], labels),
    }


def _name_version(row: Row) -> str:
    return f"v{row['criteria']}" if row["criteria"] else ""


def _join(between: str, *parts: str, longest: int) -> str:
    text = prepare_text(between.join(part for part in parts if part), longest=longest)
    # A line that ends with the hyphen of a name would repeat it on the next in Croatian, Polish and others; a soft
    # break after it keeps the name as it is.
    return text.replace(f"-{SOFT_BREAK}", "-").replace("-", f"-{SOFT_BREAK}") or NOTHING


def _lay_out_frame(register: Register, volume: int, rows: Sequence[Row], labels: Labels) -> dict[str, Any]:
    made_at = datetime.fromisoformat(register.made_at).astimezone(UTC)
    is_public = register.rendering == "public_redacted"
    # No sum is public: with the number of rows and the amounts of the tiers it would tell how many are in each tier.
    known = [int(row["cents"]) for row in rows if row.get("cents")]
    words = {
        "volume": volume,
        "volumes": register.volumes,
        "rendering": labels["renderings"][register.rendering],
        "first": format_count(rows[0]["number"], labels) if rows else NOTHING,
        "last": format_count(rows[-1]["number"], labels) if rows else NOTHING,
        "rows": format_count(len(rows), labels),
        "claimants": format_count(register.claimants, labels),
        "sum": format_cents(sum(known) if known else None, labels),
        "total": format_cents(register.total_cents, labels),
        "moment": f"{format_day(made_at.date().isoformat(), labels)}, {made_at:%H:%M} UTC",
        "criteria": register.criteria or NOTHING,
        "tiers": "; ".join(f"T{place} {title}" for place, (_, title) in enumerate(register.tiers, 1)) or NOTHING,
    }
    say = {key: text.format(**words) for key, text in labels["sentences"].items()}
    return {
        "lang": labels["language"],
        "region": labels["region"],
        "rendering": register.rendering,
        "date": [made_at.year, made_at.month, made_at.day],
        "made_at": made_at.isoformat(),
        "title": say["title"],
        "author": prepare_text(register.entity),
        "description": say["description"],
        "keywords": [say["heading"], say["volume"]],
        "docket": prepare_text(register.docket, longest=120),
        "mark": register.mark,
        "short": say["short"],
        "heading": say["heading"],
        "subheading": prepare_text(register.dispute),
        "volume": volume,
        "volumes": register.volumes,
        "cover": _list_cover(say, words, labels, is_public=is_public),
        "columns": list(PUBLIC_COLUMNS if is_public else COLUMNS),
        "snapshot_sha256": register.snapshot_sha256,
        "csv_name": f"claimant-register-vol-{volume:02}-of-{register.volumes:02}.csv",
        "csv_description": say["csv"],
        "note": " ".join(
            [say["note_redacted"] if is_public else say["note"], *[say["undecided"]] * register.is_undecided]
        ),
        "letters": "" if is_public else say["letters"],
        "total_label": say["cover_volume" if is_public else "total_label"],
        "total_amount": "" if is_public else words["sum"],
        "legend": say["legend_redacted"] if is_public else say["legend"],
        "words": labels["words"]
        | {"columns": labels["words"]["columns"][: len(PUBLIC_COLUMNS) if is_public else None]},
    }


def _list_cover(
    say: Mapping[str, str], words: Mapping[str, Any], labels: Labels, *, is_public: bool
) -> list[list[str]]:
    names = labels["cover"]
    cover = [
        [names["volume"], say["cover_volume"]],
        [names["rendering"], words["rendering"]],
        [names["rows"], words["rows"]],
        [names["criteria"], words["criteria"]],
    ]
    if is_public:
        return [*cover, [names["total"], say["cover_claimants"]]]
    return [*cover, [names["sum"], words["sum"]], [names["total"], say["cover_total"]]]


def format_count(number: int, labels: Labels) -> str:
    """Return a whole number with its groups."""
    return f"{number:,}".replace(",", labels["group"])


def format_cents(cents: str | int | None, labels: Labels) -> str:
    """Return cents as euros with two decimals, without the sign of the currency; a dash where nothing is known."""
    if cents is None or cents == "":
        return NOTHING
    euros, rest = divmod(int(cents), 100)
    return f"{format_count(euros, labels)}{labels['decimal']}{rest:02}"


def format_day(iso: str, labels: Labels) -> str:
    """Return a date in the format of the labels; a dash where none is known."""
    if not iso:
        return NOTHING
    day = date.fromisoformat(iso)
    return labels["day"].format(day=day.day, month=day.month, name=labels["months"][day.month - 1], year=day.year)
