"""The columns of a file of claims in words: what is asked there, and how the cells are written."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.imports.taking import list_asked
from claims.models import Action
from claims.models.actions import pick_text
from claims.rules.cells import A_COUNTRY, A_DAY, A_LANGUAGE, A_MOMENT
from claims.rules.claimrows import ANSWER, Cell, Shape, list_cells


@dataclass(frozen=True)
class FileColumn:
    """A column: its name, the question that it answers, how its cells are written."""

    name: str
    question: str
    format: str


def describe_columns(action: Action) -> list[FileColumn]:
    """Return the columns that a file of claims must have in this action."""
    asked = {ANSWER + it["id"]: pick_text(dict(it["label"])) for it in action.questions}
    cells = list_cells(list_asked(action))
    return [FileColumn(name, asked.get(name, ""), say_format(cell)) for name, cell in cells.items()]


def say_format(cell: Cell) -> str:
    """Say how a cell is written."""
    match cell.shape:
        case Shape.DAY:
            return _("A day as YYYY-MM-DD, such as %(example)s.") % {"example": A_DAY}
        case Shape.MOMENT:
            return _("A moment with its time zone, such as %(example)s.") % {"example": A_MOMENT}
        case Shape.COUNTRY:
            return _("A state as two letters (ISO 3166-1), such as %(example)s; Greece is GR.") % {"example": A_COUNTRY}
        case Shape.LANGUAGE:
            return _("A language as two small letters, such as %(example)s.") % {"example": A_LANGUAGE}
        case Shape.CHOICE:
            return _("One of: %(values)s.") % {"values": ", ".join(sorted(cell.options))}
        case Shape.NUMBER:
            return _("A whole number of 0 or more.")
        case Shape.EMAIL:
            return _("E-mail address")
        case Shape.PHONE:
            return _("Digits, spaces and these signs: %(signs)s") % {"signs": "+ ( ) / . -"}
    return _("At most %(most)d characters fit") % {"most": cell.longest}
