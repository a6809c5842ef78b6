"""What lies beside a statement of claim: what rests on the same criteria and the same run, and what to look at."""

import pytest

from claims.models import Claim, CriteriaVersion
from config.management.commands import seed_demo
from documents.filings import start_filing
from documents.filings.snapshots import read_snapshot
from documents.models import Filing
from documents.wording import say_warning
from tests.documents.conftest import build
from tests.factories import make_filing, make_run

REGISTER, REPORT, ANNEX = "claimant-register", "eligibility-report", "scenario-annex"
COURT = {"rendering": "court_confidential"}


def seal(action, kind, **fields):
    """A sealed filing as a row; its number stands for its snapshot, which is not there."""
    filing = make_filing(action, kind, **{"criteria_version": action.criteria, "rows": 60, **fields})
    sealed = {
        "sealed_at": filing.created_at,
        "manifest": {"totals": {"files": 1, "pages": 2}},
        "manifest_sha256": "a" * 64,
    }
    Filing.objects.filter(pk=filing.pk).update(state="sealed", **sealed)
    return filing


def state(action, **options):
    """Freeze a statement; return the codes of its annexes by kind, and its warnings."""
    filing = start_filing(action, "statement-of-claim", **options)
    annexes = read_snapshot(filing.home, sha256=filing.snapshot_sha256).facts["annexes"]
    return {annex["kind"]: annex.get("filing") for annex in annexes}, filing.warnings


def test_what_rests_on_something_else_does_not_lie_beside_the_statement(book):
    base, low = make_run(book), make_run(book, "low")
    old = CriteriaVersion.objects.get(pk=book.criteria.pk)
    old.pk, old.number = None, 0  # the newest is the one with the highest number
    old.save(force_insert=True)
    seal(book, REGISTER, rendering="full", scenario_run=base)
    seal(book, REGISTER, criteria_version=old, **COURT)
    seal(book, REPORT, criteria_version=old)
    seal(book, ANNEX, scenario_run=low)
    annexes, warnings = state(book, run=base)
    assert annexes == {REGISTER: None, REPORT: None, ANNEX: None}
    assert set(warnings) >= {f"missing_{kind}" for kind in annexes}


def test_each_is_taken_in_the_language_of_the_statement_where_there_is_one(book):
    run = make_run(book)
    german, annex = seal(book, REPORT, language="de"), seal(book, ANNEX, scenario_run=run)
    seal(book, REPORT)
    annexes, _ = state(book, run=run, language="de")
    assert (annexes[REPORT], annexes[ANNEX]) == (str(german.code), str(annex.code))


@pytest.mark.parametrize("is_priced", [True, False])
def test_a_register_with_another_sum_is_told(book, is_priced):
    Claim.objects.filter(action=book).update(tier="adult")
    run = make_run(book)
    register = build(book, REGISTER, run=run if is_priced else None, **COURT)
    assert register.is_sealed, register.job.error
    annexes, warnings = state(book, run=run)
    assert annexes[REGISTER] == str(register.code) and ("total_differs" in warnings) != is_priced
    assert say_warning("total_differs") != "total_differs"


def test_the_demonstration_builds_statements_after_what_lies_beside_them():
    kinds = [kind for kind, _, _ in seed_demo.FILINGS]
    assert kinds[-2:] == ["statement-of-claim"] * 2 and "statement-of-claim" not in kinds[:-2]
    assert ("claimant-register", "de", "court_confidential") in seed_demo.FILINGS
    assert ("claimant-register", "en", "full") in seed_demo.FILINGS
    shown = {"kind": "claimant-register", "language": "de", "rendering": "full", "pages": 3, "files": ["a.pdf"]}
    assert seed_demo.describe_filing(shown)[0] == ("Filing", "claimant-register (de, full): 3 pages, verified")
