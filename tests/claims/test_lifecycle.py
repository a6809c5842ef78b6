"""Where a claim stands, and that nothing counts which does not stand."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

import claims
from claims.base.errors import StaleStatus
from claims.counts import count_claims, list_counts, scan_counts
from claims.lifecycle import Step, move_claim, take_steps
from claims.models import Claim, Quarantine
from claims.models.claims import STANDS
from claims.screening import list_ranges, screen_range
from documents.filings.counting import count_book
from documents.filings.registers import iterate_rows
from redress.counts import freeze_counts
from tests.factories import make_action, make_claim, make_claimant

pytestmark = pytest.mark.django_db
Status = Claim.Status
ANSWERS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}


def list_numbers(action):
    """Every number and list that leaves the office, and the claims that a screening looks at."""
    return {
        "public": count_claims(action),
        "scenario": sum(row["claims"] for row in freeze_counts(action).rows),
        "report": count_book(action, action.criteria).registered,
        "register": len(list(iterate_rows(action, action.criteria, {}))),
        "screened": sum(n for _first, _last, n in list_ranges(action)),
    }


@pytest.mark.parametrize("status", Status)
def test_only_a_claim_that_stands_is_in_a_number_or_a_register(action, status):
    claim = make_claim(action, make_claimant(), answers=ANSWERS)
    screen_range(action, action.criteria, claim.pk, claim.pk)
    claim.refresh_from_db()
    if status != Status.SUBMITTED:
        take_steps([Step(claim, status, is_merging=status == Status.MERGED)])
    assert set(list_numbers(action).values()) == {int(status in Claim.STANDING)}
    assert list_counts(action) == scan_counts(action)


def test_the_definition_in_sql_is_that_of_the_query_set(action):
    for status in Status:
        make_claim(action, status=status)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM claims_claim WHERE {STANDS}")  # noqa: S608
        found = {pk for (pk,) in cursor.fetchall()}
    assert found == set(Claim.objects.standing().values_list("pk", flat=True)) and len(found) == 2


def test_a_claim_that_was_moved_meanwhile_moves_no_further(action):
    claim = make_claim(action)
    move_claim(Claim.objects.get(pk=claim.pk), Status.WITHDRAWN)
    with pytest.raises(StaleStatus):
        move_claim(claim, Status.ACCEPTED)
    assert list_counts(action) == scan_counts(action) == {}


def test_what_was_withdrawn_can_only_be_registered_anew(action):
    claim = make_claim(action, status=Status.WITHDRAWN)
    for target in Status:
        with pytest.raises(StaleStatus):
            move_claim(claim, target)


@pytest.mark.parametrize("target", [Status.SUBMITTED, Status.ACCEPTED, Status.WITHDRAWN])
def test_into_another_claim_and_out_of_it_only_merging_leads(action, target):
    with pytest.raises(StaleStatus):
        move_claim(make_claim(action), Status.MERGED)
    with pytest.raises(StaleStatus):
        move_claim(make_claim(action, status=Status.MERGED), target)
    sources = Path(claims.__file__).parent.rglob("*.py")
    callers = {
        path.relative_to(Path(claims.__file__).parent).as_posix()
        for path in sources
        if "take_steps" in path.read_text()
    }
    assert {path for path in callers if not path.startswith("duplicates/")} == {"lifecycle.py"}


def test_a_withdrawn_claim_that_was_held_is_taken_off_the_counts_once(action):
    kept, held = make_claim(action), make_claim(action)
    Quarantine.objects.create(claim=held, action=action, score=6, reasons=[])
    move_claim(held, Status.WITHDRAWN)
    assert sum(list_counts(action).values()) == count_claims(action) == 1 and kept.stands


def test_the_database_knows_no_other_status_and_still_guards_the_matter(action):
    claim, other = make_claim(action), make_action("elsewhere")
    for change in ({"status": "won"}, {"matter": other.matter}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(**change)
            connection.check_constraints()
