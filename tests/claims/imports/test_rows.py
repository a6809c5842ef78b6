"""Each row of a claims file: what is right goes in as it is meant, what is wrong is named by line and column."""

import pytest

from claims.answers import read_text_answer
from claims.counts import count_claims
from claims.imports import import_claims
from claims.models import Claim, Claimant
from tests.claims.imports.conftest import ROW, columns, write


def test_a_row_comes_in_with_every_value_in_its_type(run, action):
    result, complaints = run(ROW)
    claim = Claim.objects.select_related("claimant").get()
    assert (result.read, result.imported, complaints) == (1, 1, [])
    assert claim.answers == {"uses_privately": "yes", "effort_hours": 3}
    assert (claim.claimant.full_name, str(claim.claimant.birth_date)) == ("Ana Muster", "1990-05-02")
    assert (claim.registered_at.isoformat(), str(claim.resident_since)) == ("2025-11-03T14:05:00+00:00", "2010-01-01")
    assert (claim.matter, claim.status, count_claims(action)) == (action.matter, "submitted", 1)


def test_lines_and_signs_of_free_text_and_joiners_of_names_stay(run):
    run({**ROW, "given_name": "A\u200dna", "answer.damage_text": "one\ntwo \u202bthree"})
    claim = Claim.objects.get()
    assert (claim.claimant.given_name, read_text_answer(claim, "damage_text")) == ("A\u200dna", "one\ntwo \u202bthree")


def test_free_text_is_sealed_in_the_database(run):
    run({**ROW, "answer.damage_text": "canary-in-own-words"})
    claim = Claim.objects.get()
    assert "canary" not in str(claim.answers) and claim.claimant.data_key.startswith("master:")


def test_who_comes_again_keeps_the_key_that_sealed_the_earlier_claim(run):
    run({**ROW, "answer.damage_text": "first"})
    Claim.objects.update(status="withdrawn")
    run({**ROW, "external_ref": "again", "answer.damage_text": "second"})
    texts = [read_text_answer(claim, "damage_text") for claim in Claim.objects.order_by("pk")]
    assert texts == ["first", "second"]


def test_an_empty_answer_is_unknown_and_never_no(run):
    run({**ROW, "answer.uses_privately": "", "answer.platform": "unknown"})
    assert Claim.objects.get().answers == {"effort_hours": 3}


def test_the_same_file_twice_brings_nothing_new(run):
    first, _ = run(ROW, {**ROW, "external_ref": "R2", "email": "eva@muster.example"})
    second, _ = run(ROW, {**ROW, "external_ref": "R2", "email": "eva@muster.example"})
    assert (first.imported, second.imported, second.known, second.refused) == (2, 0, 2, 0)
    assert Claim.objects.count() == Claimant.objects.count() == 2


def test_a_known_row_with_other_content_is_refused_and_not_lost_in_silence(run):
    run(ROW)
    result, complaints = run({**ROW, "city": "Musterstadt"})
    assert (result.known, result.refused) == (0, 1)
    assert complaints[0][:2] == (2, "external_ref")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("birth_date", "31.02.2025", "not a date"),
        ("birth_date", "2025-02-31", "not a date"),
        ("birth_date", "20250228", "not a date"),
        ("birth_date", "1066-10-14", "between 1900 and 2100"),
        ("country", "XX", "country code"),
        ("habitual_residence", "EL", "Greece is GR"),
        ("habitual_residence", "at", "country code"),
        ("email", "ana at muster", "e-mail"),
        ("phone", "call me", "phone"),
        ("language", "german", "language code"),
        ("registered_at", "", "not a time"),
        ("registered_at", "2025-11-04T14:05:00", "no time zone"),
        ("given_name", "A\0na", "U+0000"),
        ("given_name", "A" * 201, "at most 200"),
        ("external_ref", "", "recognises"),
        ("external_ref", "R\n1", "U+000A"),
        ("given_name", "Ana\u202e", "U+202E"),
        ("family_name", "\u200b", "U+200B"),
        ("family_name", "\u3164", "U+3164"),
        ("email", '"><script>@x.example', "e-mail"),
        ("email", "a@b..example", "e-mail"),
        ("birth_date", "2099-01-01", "in the future"),
        ("registered_at", "2099-01-01T00:00:00Z", "in the future"),
        ("answer.effort_hours", "-5", "of 0 or more"),
        ("answer.uses_privately", "maybe", "no, yes"),
        ("answer.platform", "myspace", "facebook"),
        ("answer.effort_hours", "3,5", "whole number"),
        ("answer.effort_hours", "٣", "whole number"),
        ("answer.objection_made_on", "soon", "not a date"),
        ("answer.damage_text", "x" * 5001, "at most 5000"),
    ],
)
def test_a_bad_value_is_refused_with_line_column_and_reason(run, column, value, reason):
    result, complaints = run({**ROW, "external_ref": "R0", "email": "o@muster.example"}, {**ROW, column: value})
    assert (result.imported, result.refused) == (1, 1)
    ((line, named, text),) = complaints
    assert (line, named) == (3, column)
    assert reason in text
    assert not value.strip() or value not in text or len(value) < 4  # what was typed is not repeated


def test_every_complaint_about_a_row_is_listed(run):
    _, complaints = run({**ROW, "birth_date": "x", "email": "x"})
    assert [column for _, column, _ in complaints] == ["birth_date", "email"]


def test_a_row_with_too_few_fields_is_refused(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    file.write_text(file.read_text() + "R9,only,three\n", encoding="utf-8")
    result = import_claims(action, file)
    assert (result.imported, result.refused) == (1, 1)
    assert "has 3 fields" in result.first_complaints[0][2]


def test_the_order_of_the_columns_does_not_make_another_row(run, action):
    run(ROW)
    result, _ = run(ROW, header=columns(action)[::-1])
    assert (result.known, result.refused) == (1, 0)
