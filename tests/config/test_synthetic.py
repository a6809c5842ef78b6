"""Invented claims: nobody contradicts themselves, the book looks like a real one, a file is there whole or not at all."""

import csv
from collections import Counter
from datetime import date

import pytest

from claims.base.errors import Refused
from claims.criteria import read_rulebook
from claims.imports import import_claims
from claims.models import DuplicatePair
from claims.packs import load_pack
from claims.rules.eligibility import Kind, explain_rule, join_findings
from config.synthetic import open_whole, write_claims
from config.synthetic.answers import TEXTS
from tests.claims.duplicates.conftest import search
from tests.config.test_pack_noyb import NOYB, read_noyb


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    file = tmp_path_factory.mktemp("synthetic") / "claims.csv"
    write_claims(file, read_noyb()[1], 2500, seed=3, bad=0)
    with file.open(encoding="utf-8") as stream:
        return [{name.removeprefix("answer."): text for name, text in row.items()} for row in csv.DictReader(stream)]


def judge_row(row):
    book = read_rulebook(read_noyb()[1])
    values = {name: read_cell(fact.kind, row.get(name)) for name, fact in book.facts.items()}
    return join_findings("".join(explain_rule(criterion.rule, values).verdict for criterion in book.criteria))


def read_cell(kind, text):
    if not text:
        return None
    return date.fromisoformat(text) if kind == Kind.DATE else int(text) if kind == Kind.NUMBER else text


def have(rows, *names):
    """The rows that know all of these."""
    found = [row for row in rows if all(row[name] for name in names)]
    assert len(found) > 5, names
    return found


def test_nobody_moves_or_opens_an_account_before_birth_or_closes_one_before_opening(rows):
    assert all(row["resident_since"] >= row["birth_date"] for row in have(rows, "birth_date", "resident_since"))
    assert all(row["account_opened_on"] > row["birth_date"] for row in have(rows, "birth_date", "account_opened_on"))
    closed = have(rows, "account_opened_on", "account_closed_on")
    assert all(row["account_opened_on"] <= row["account_closed_on"] < "2025-05-27" for row in closed)


def test_objections_fall_between_the_announcement_and_the_registration(rows):
    objected = have(rows, "objection_made_on")
    assert all("2025-04-14" <= row["objection_made_on"] <= row["registered_at"][:10] for row in objected)


def test_only_who_gave_no_birth_date_ticks_whether_they_are_a_minor(rows):
    assert not any(row["birth_date"] for row in have(rows, "is_minor_today"))
    consents = have(rows, "custodians_consent", "birth_date")
    assert all(date.fromisoformat(row["birth_date"]) > date(2007, 5, 27) for row in consents)


def test_people_write_in_their_language_or_in_one_of_the_action(rows):
    spoken = {text: code for texts in TEXTS.values() for code, text in texts.items()}
    for row in have(rows, "damage_text"):
        assert spoken[row["damage_text"]] in {row["language"], "en"}
    assert len({row["damage_text"] for row in rows}) > 10


def test_two_seeds_make_two_books_that_can_follow_each_other(db, tmp_path):
    action = load_pack(NOYB).action
    for seed in (1, 2):
        write_claims(tmp_path / f"{seed}.csv", action.criteria.document, 50, seed=seed, bad=0)
        result = import_claims(action, tmp_path / f"{seed}.csv")
        assert (result.imported, result.known, result.refused) == (50, 0, 0)


def test_who_registers_again_is_found_and_a_family_is_not(db, tmp_path):
    action, file = load_pack(NOYB).action, tmp_path / "c.csv"
    write_claims(file, action.criteria.document, 80, seed=1, bad=0, again=8)
    assert import_claims(action, file).imported == 80
    search(action)
    pairs = DuplicatePair.objects.order_by("second__external_ref").values_list("second__external_ref", flat=True)
    assert list(pairs) == [f"S1-{number:07d}" for number in (73, 74, 75, 77, 78, 79)]  # 76 and 80 are partners


def test_a_book_has_a_majority_that_fits_some_that_must_say_more_and_a_minority_that_does_not(rows):
    outcomes = Counter(judge_row(row) for row in rows)
    assert outcomes["eligible"] > 0.5 * len(rows)
    assert 0.1 * len(rows) < outcomes["needs_info"] < 0.3 * len(rows)
    assert 0.05 * len(rows) < outcomes["ineligible"] < 0.25 * len(rows)


def test_a_file_that_fails_half_way_leaves_the_old_one_and_no_part(tmp_path):
    file = tmp_path / "c.csv"
    file.write_text("old")
    with pytest.raises(OSError, match="full"), open_whole(file) as stream:
        stream.write("half")
        raise OSError("disk full")
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_what_is_no_file_is_never_replaced(tmp_path):
    with pytest.raises(Refused, match="can be replaced"), open_whole(tmp_path):
        pass
