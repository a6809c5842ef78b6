"""Who may do what in an action: the table of rights, written once. Everything that asks reads it here."""

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """What one may do in an action. A right that a role lacks makes the page not exist (404)."""

    FIGURES = "figures"  # counts, criteria, deadlines, scenarios with their amounts: nothing of a single person
    BOOK = "book"  # claims with the names, answers and files of people, and the filings that hold them
    HISTORY = "history"  # who did what, across the action
    REVEAL = "reveal"  # free text and bank data unmasked, after a reason
    WORK = "work"  # notes, assignments
    DECIDE = "decide"  # everything that changes what a claim, a filing or the action is
    FINANCE = "finance"  # what is owed and paid: settlements, cost, payouts
    OVERSEE = "oversee"  # who works in the action and what stands before its publication, and nothing to change of it
    PEOPLE = "people"  # who works in the action, in which role, until when


# Lawyer: decides. Staff: reads and prepares. Finance: amounts, no person. Auditor: reads everything with free text
# masked, decides nothing. Administrator: people and their roles, no claim. Article 5(1)(b), (c) and (f) GDPR.
ROLE_RIGHTS: Mapping[str, frozenset[Right]] = {
    "lawyer": frozenset({Right.FIGURES, Right.BOOK, Right.HISTORY, Right.REVEAL, Right.WORK, Right.DECIDE}),
    "staff": frozenset({Right.FIGURES, Right.BOOK, Right.REVEAL, Right.WORK}),
    "finance": frozenset({Right.FIGURES, Right.FINANCE}),
    "auditor": frozenset({Right.FIGURES, Right.BOOK, Right.HISTORY, Right.OVERSEE}),
    "administrator": frozenset({Right.PEOPLE}),
}


def list_roles(right: Right) -> list[str]:
    """Return the names of the roles that hold a right."""
    return [role for role, rights in ROLE_RIGHTS.items() if right in rights]
