"""What every page of the workspace shows around its content, whichever app the page is of."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import access
from claims.duplicates.pairs import list_open_pairs
from claims.intake import list_late
from claims.models import Action, Assignment, Claim, User
from claims.quarantine import list_held
from claims.rules.rights import Right
from claims.tallies import count_standing
from claims.unscreened import count_unscreened
from claims.waits import NAMES, list_waiting_claims

MANY = 1000  # a page does not count further what waits


def build_frame(
    person: User,
    action: Action,
    section: str,
    *,
    rights: Set[Right] | None = None,
    standing: int | None = None,
) -> dict[str, Any]:
    """Return the context of `workspace.html` for an action and the section of the menu in which the page lies.

    What is at hand already is not asked for again: the `rights` of the person, how many claims are `standing`.
    """
    rights = access.list_rights(person, action) if rights is None else rights
    return {
        "action": action,
        "section": section,
        "standing": count_standing(action) if standing is None else standing,
        "can": {right.value: True for right in rights},  # in templates: {% if can.decide %}
        "is_lawyer": Right.DECIDE in rights,
        "reads_book": Right.BOOK in rights,  # for `count_for`: an argument of a filter has to be there
    }


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: what, how much of it, and where to go."""

    name: str
    number: int
    address: str
    is_capped: bool = False


def list_waiting(action: Action, person: User) -> list[Waiting]:
    """Return what waits for this person in an action, as far as the person may do it; nothing of which there is none.

    A part of the workspace that has a queue of its own adds a line here.
    """
    claims = reverse("claims:workspace-claims", args=[action.slug])
    rights = access.list_rights(person, action)
    rows: list[tuple[str, QuerySet[Any], str]] = [
        (_("Claims with you"), _list_work(action, person), f"{claims}?assigned=me")
    ]
    if Right.WORK in rights:
        late = reverse("claims:workspace-late", args=[action.slug])
        rows.append((_("Registrations sent that could not be entered yet"), list_late(action), late))
    if Right.DECIDE in rights:
        held = reverse("claims:workspace-quarantine", args=[action.slug])
        pairs = reverse("claims:workspace-duplicates", args=[action.slug])
        undecided = Claim.objects.filter(action=action, status=Claim.Status.SUBMITTED)
        rows += [
            (_("Claims to decide"), undecided, f"{claims}?status=submitted"),
            (_("Possible duplicates"), list_open_pairs(action), pairs),
            (_("Registrations held for a look"), list_held(action), held),
        ]  # fmt: skip
        rows += [
            (str(name), list_waiting_claims(action, kind, me=person.pk), f"{claims}?waits={kind}&sort=waiting")
            for kind, name in NAMES.items()
        ]
    numbers = _count_all([found for _name, found, _address in rows])
    lines = [(name, n, address) for (name, _found, address), n in zip(rows, numbers, strict=True)]
    if Right.DECIDE in rights and (version := action.criteria):
        name = _("Claims not yet screened under version %(number)s of the criteria") % {"number": version.number}
        screen = reverse("claims:workspace-overview", args=[action.slug]) + "#screen"
        lines.append((name, count_unscreened(action, version, most=MANY + 1), screen))
    return [Waiting(name, min(n, MANY), address, is_capped=n > MANY) for name, n, address in lines if n]


def _count_all(lists: Sequence[QuerySet[Any]]) -> list[int]:
    """Return how many rows each has, none counted far beyond MANY, in one question to the database."""
    counts, params = list[str](), list[Any]()
    for rows in lists:
        try:
            sql, given = rows.order_by().values("pk")[: MANY + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, given = "SELECT 1 WHERE 1 = 0", ()
        counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS found)")  # noqa: S608  # the ORM wrote each
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return list(cursor.fetchone())


def _list_work(action: Action, person: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(user=person, claim__action=action, claim__status__in=Claim.STANDING)
