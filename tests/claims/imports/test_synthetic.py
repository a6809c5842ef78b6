"""Invented claims come in as the real ones do."""

import csv

from claims.counts import count_claims, scan_counts
from claims.imports import import_claims
from config.synthetic import write_claims


def test_synthetic_claims_come_in_and_bad_rows_are_the_ones_that_were_planted(action, tmp_path):
    file = tmp_path / "s.csv"
    bad = write_claims(file, action.criteria.document, 400, seed=7, bad=0.1)
    result = import_claims(action, file)
    assert (result.read, result.refused, result.imported) == (400, bad, 400 - bad)
    assert sum(scan_counts(action).values()) == count_claims(action) == 400 - bad


def test_the_same_seed_gives_the_same_bytes(action, tmp_path):
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_claims(tmp_path / name, action.criteria.document, 50, seed=seed, bad=0.1)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()


def test_synthetic_people_live_in_all_27_states_and_write_in_three_scripts(action, tmp_path):
    file = tmp_path / "s.csv"
    write_claims(file, action.criteria.document, 6000, seed=1, bad=0)
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert len({row["country"] for row in rows}) == 27
    names = "".join(row["family_name"] for row in rows)
    assert all(sign in names for sign in "mπΠр")
    assert "" in {row["answer.uses_privately"] for row in rows}
