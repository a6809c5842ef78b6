"""Which rows of a file are new: not imported before, and of people who do not stand in the matter yet."""

import json
from dataclasses import dataclass

from django.db import connection

from claims.base.references import show_reference
from claims.base.vault import make_blind_index
from claims.imports.complaints import Complaints, ImportResult
from claims.imports.erased import find_erased
from claims.models import Action, Claim, Claimant, Registration
from claims.rules.claimrows import ClaimRow, normalise_person

CLAIMS, CLAIMANTS = Claim._meta.db_table, Claimant._meta.db_table


@dataclass
class Batch:
    """Rows on their way in, the person key of each, and the claimants who are known already."""

    rows: list[ClaimRow]
    persons: list[str | None]
    claimants: dict[str, int]


def find_fresh(action: Action, found: list[tuple[int, ClaimRow]]) -> Batch | None:
    """Return the rows as a batch where none repeats another of them; None where one does."""
    rows = [row for _, row in found]
    persons = [_make_person_key(action, row) for row in rows]
    known = [person for person in persons if person]
    is_fresh = len({row.external_ref for row in rows}) == len(rows) and len(set(known)) == len(known)
    return Batch(rows, persons, {}) if is_fresh else None


def drop_known(
    action: Action, found: list[tuple[int, ClaimRow]], result: ImportResult, complaints: Complaints
) -> Batch:
    """Return the rows that are new; the others are counted as known or refused."""
    refs = [row.external_ref for _, row in found]
    seen = _find_content_keys(action, refs)
    erased = find_erased(action.pk, refs)  # after the book: who is erased meanwhile is seen in one of both
    persons = [_make_person_key(action, row) for _, row in found]
    claimants = _find_claimants([person for person in persons if person])
    standing = _find_standing(action, claimants) | _find_sent([person for person in persons if person])
    new = Batch([], [], claimants)
    for (line, row), person in zip(found, persons, strict=True):
        if (content_key := seen.get(row.external_ref)) is not None:
            if content_key == row.content_key:
                result.known += 1
            else:
                reason = "was imported before with other content; an import changes no claim"
                complaints.refuse(line, reason, column="external_ref")
        elif row.external_ref in erased:
            reason = "was erased; register it only on the person's own wish"
            complaints.refuse(line, reason, column="external_ref")
        elif person and person in standing:
            complaints.refuse(line, standing[person])
        else:
            new.rows.append(row)
            new.persons.append(person)
            seen[row.external_ref] = row.content_key
            if person:
                standing[person] = f"is the same person as line {line}; one person has one claim"
    return new


def _make_person_key(action: Action, row: ClaimRow) -> str | None:
    """Return the index of a person in a matter; in another matter it is another one, so that no two can be linked."""
    text = normalise_person(row)
    return make_blind_index(text, purpose=f"person of matter {action.matter_id}") if text else None


def _find_content_keys(action: Action, external_refs: list[str]) -> dict[str, str]:
    """Return external_ref -> content key of those that are in the book already."""
    return dict(
        _select_in(
            f"SELECT external_ref, content_key FROM {CLAIMS} WHERE action_id = {action.pk:d} AND external_ref",  # noqa: S608
            external_refs,
        )
    )


def _find_claimants(persons: list[str]) -> dict[str, int]:
    """Return person key -> id of the claimants who are known already, from whatever action of the matter."""
    return dict(_select_in(f"SELECT person_key, id FROM {CLAIMANTS} WHERE person_key", persons))  # noqa: S608


def has_sent(action: Action) -> bool:
    """Whether somebody has sent a registration in the matter of which no claim was made yet."""
    return Registration.objects.filter(state=Registration.State.SENT, action__matter=action.matter_id).exists()


def _find_sent(persons: list[str]) -> dict[str, str]:
    """Return person key -> why the person waits: sent online first, and a worker makes the claim within seconds."""
    sent = Registration.objects.filter(state=Registration.State.SENT, person_key__in=persons)
    reason = "this person has just registered online; import the row again in some minutes"
    return {person: reason for person in sent.values_list("person_key", flat=True) if person}


def _select_in(sql: str, values: list[str]) -> list[tuple]:
    """Run a query that ends in a column, for the rows where it has one of the values, passed as one parameter."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            # Its statistics are those from before the import: it would read the growing table again and again.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"{sql} = ANY(%s)", [values])
        else:
            cursor.execute(f"{sql} IN (SELECT value FROM json_each(%s))", [json.dumps(values)])  # noqa: S608
        return cursor.fetchall()


def _find_standing(action: Action, claimants: dict[str, int]) -> dict[str, str]:
    """Return person key -> why the person cannot come in again (Directive (EU) 2020/1828, Article 9(4))."""
    if not claimants:
        return {}
    claims = Claim.objects.filter(matter=action.matter_id, claimant_id__in=claimants.values())
    rows = claims.exclude(status=Claim.Status.WITHDRAWN).values_list(
        "claimant_id", "action_id", "action__slug", "reference"
    )
    reasons = {
        claimant_id: f"this person already has the claim {show_reference(reference)} in this action"
        if action_id == action.pk
        else f"this person stands in the action {slug} of this matter; Article 9(4) of Directive 2020/1828 allows one"
        for claimant_id, action_id, slug, reference in rows
    }
    return {person: reasons[pk] for person, pk in claimants.items() if pk in reasons}
