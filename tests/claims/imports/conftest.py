"""A row of a claims file, and a function that imports rows of a file."""

import csv

import pytest

from claims.criteria import list_facts
from claims.imports import import_claims
from claims.rules.claimrows import list_columns
from claims.rules.eligibility import KNOWN_FACTS, RECORD_FACTS

ROW = {
    "external_ref": "R1",
    "given_name": "Ana",
    "family_name": "Muster",
    "birth_date": "1990-05-02",
    "email": "ana@muster.example",
    "country": "AT",
    "habitual_residence": "AT",
    "resident_since": "2010-01-01",
    "language": "de",
    "registered_at": "2025-11-03T14:05:00Z",
    "answer.uses_privately": "yes",
    "answer.effort_hours": "3",
}


def columns(action):
    return list_columns(
        {name: fact for name, fact in list_facts(action.questions).items() if name not in RECORD_FACTS | KNOWN_FACTS}
    )


def write(file, action, *rows, header=None, delimiter=",", encoding="utf-8"):
    header = header or columns(action)
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows([[row.get(name, "") for name in header] for row in rows])
    return file


@pytest.fixture
def run(action, tmp_path):
    """Import rows and return (result, complaints)."""

    def run(*rows, **options):
        file = write(tmp_path / "claims.csv", action, *rows, **options)
        result = import_claims(action, file, errors=tmp_path / "errors.csv")
        complaints = list(csv.reader((tmp_path / "errors.csv").open(encoding="utf-8")))[1:]
        return result, [(int(line), column, reason) for line, column, reason in complaints]

    return run
