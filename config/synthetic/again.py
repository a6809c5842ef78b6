"""People who do not exist and register a second time, a little differently; and families, who only share a home."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import cycle

from claims.rules.claimrows import BASE_COLUMNS
from config.synthetic.people import STATES

Row = dict[str, str]
GROWN_UP = "2000"  # whoever was born before: the answers of one fit a partner too


def can_come_again(row: Sequence[str]) -> bool:
    """Whether so much is known of a person that the office could find them again."""
    known = dict(zip(BASE_COLUMNS, row, strict=False))
    own = STATES.get(known["country"])
    names = own and (known["given_name"] in own[2].split() and known["family_name"] in own[3].split())
    return bool(names and len(known["family_name"]) > 3 and "" < known["birth_date"] < GROWN_UP)


def write_again(rows: Sequence[Sequence[str]], references: Iterable[str]) -> list[list[str]]:
    """Return a second registration for each row: three of one person, then one of a family, and so on."""
    return [_write(*it) for it in zip(rows, references, cycle(CHANGES), strict=False)]


def _write(row: Sequence[str], reference: str, change: Callable[[Row], Row]) -> list[str]:
    first = dict(zip(BASE_COLUMNS, row, strict=False))
    later = datetime.fromisoformat(first["registered_at"]) + timedelta(days=9)
    again = first | {"external_ref": reference, "registered_at": later.isoformat().replace("+00:00", "Z")}
    return [*change(again).values(), *row[len(BASE_COLUMNS) :]]


def _mistype(row: Row) -> Row:
    """Write the family name with a letter less, at the same address."""
    name = row["family_name"]
    return row | {"family_name": name[:2] + name[3:]}


def _swap_names(row: Row) -> Row:
    """Write the names into each other's field, with another e-mail address."""
    swapped = {"given_name": row["family_name"], "family_name": row["given_name"]}
    return row | swapped | {"email": _write_email(row)}


def _move(row: Row) -> Row:
    """Live in another street of another town by now."""
    street, _, number = row["street"].rpartition(" ")
    towns = [town.replace("_", " ") for town in STATES[row["country"]][5].split()]
    moved = {"street": f"{street} {int(number) + 300}", "postcode": row["postcode"][::-1], "city": towns[-1]}
    return row | moved | {"email": _write_email(row)}


def _join_family(row: Row) -> Row:
    """Be the partner: another given name and birthday, one home, one e-mail address and telephone."""
    given = next(name for name in STATES[row["country"]][2].split() if name[0] != row["given_name"][0])
    born = date.fromisoformat(row["birth_date"]) - timedelta(days=700)
    return row | {"given_name": given.replace("_", " "), "birth_date": born.isoformat()}


def _write_email(row: Row) -> str:
    return f"{row['external_ref'].lower()}@{row['country'].lower()}.example"


CHANGES: tuple[Callable[[Row], Row], ...] = (_mistype, _swap_names, _move, _join_family)
