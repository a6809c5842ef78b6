"""Rows on their way into a snapshot: nobody's name is frozen that cannot be printed."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.references import show_reference
from documents.pdf import find_unprintable
from documents.rules.texts import prepare_text

NAMES = ("given_name", "family_name", "street", "postcode", "city", "country", "email", "acting_name")


def refuse_unprintable(rows: Generator[Mapping[str, Any], None, None]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows. Raises Refused for the first with a sign that no font has, naming the row, never the person."""
    known: set[str] = set()  # signs that were looked up before: a few hundred for any number of rows
    with closing(rows):  # a cursor of PostgreSQL must be closed in the transaction that opened it
        for row in rows:
            text = "".join(row[name] for name in NAMES)
            if not known.issuperset(text):
                if find_unprintable(prepare_text(text, longest=len(text))):
                    raise Refused(_explain(row))
                known.update(text)
            yield row


def _explain(row: Mapping[str, Any]) -> str:
    name, signs = next(
        (name, signs) for name in NAMES if (signs := find_unprintable(prepare_text(row[name], longest=len(row[name]))))
    )
    points = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
    return _("row {row} ({reference}), {field}: no font has {points}; correct the field and try again").format(
        row=row["number"], reference=show_reference(row["reference"]), field=name, points=points
    )
