"""Claims come in: what is right goes in once, what is wrong is named, and a crash leaves nothing."""

import csv
import os
from pathlib import Path

import pytest
from django.db import transaction

from claims import imports
from claims.answers import read_text_answer
from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.counts import count_claims, scan_counts
from claims.criteria import list_facts
from claims.erasing import erase_claimant
from claims.imports import import_claims, taking
from claims.imports.people import find_fresh
from claims.intake import enter_registrations, send_registration, start_registration
from claims.models import Claim, Claimant, ErasedRow
from claims.packs import load_pack
from claims.rules.claimrows import list_columns
from claims.rules.eligibility import KNOWN_FACTS, RECORD_FACTS
from config.synthetic import write_claims
from tests.claims.test_intake import fill
from tests.factories import SMALL_PACK, make_action, make_claim, make_user

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


def test_a_line_of_ten_megabytes_is_refused_and_the_next_one_read(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(lines[0] + "x" * 10_000_000 + "\n" + lines[1], encoding="utf-8")
    result = import_claims(action, file)
    assert (result.read, result.imported, result.refused) == (2, 1, 1)
    assert result.first_complaints[0][0] == 2


def test_an_unclosed_quote_is_named_with_its_line(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    file.write_text(file.read_text(encoding="utf-8") + 'R2,"never closed,' + "y" * 200_000 + "\n", encoding="utf-8")
    result = import_claims(action, file)
    assert (result.imported, result.refused) == (1, 1)
    line, _, reason = result.first_complaints[0]
    assert line == 3
    assert "quote" in reason


def test_an_unclosed_quote_names_every_line_that_it_swallowed(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW, *[{**ROW, "external_ref": f"R{n}", "city": "A, B"} for n in range(9)])
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace("R1,Ana", 'R1,"Ana')
    file.write_text("".join(lines), encoding="utf-8")
    result = import_claims(action, file)
    assert result.first_complaints[0][0] == 2
    assert "lines 2 to 3" in result.first_complaints[0][2]
    assert (result.read, result.refused) == (9, 1 + 7)  # of one person; the rows after line 3 are read again as rows


def test_complaints_stand_in_the_order_of_the_lines(run):
    again = {**ROW, "external_ref": "R2"}  # found by a look-up, after the reading
    _, complaints = run(ROW, again, {**ROW, "birth_date": "x"}, {**again, "external_ref": "R3"})
    assert [line for line, _, _ in complaints] == [3, 4, 5]


def test_the_order_of_the_columns_does_not_make_another_row(run, action):
    run(ROW)
    result, _ = run(ROW, header=columns(action)[::-1])
    assert (result.known, result.refused) == (1, 0)


def test_the_refused_rows_are_on_the_disk_before_the_claims_are_in(action, tmp_path, monkeypatch):
    file = write(tmp_path / "c.csv", action, ROW, {**ROW, "external_ref": ""})
    monkeypatch.setattr("claims.imports.complaints.os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "no space")))
    with pytest.raises(OSError, match="no space"):
        import_claims(action, file, errors=tmp_path / "e.csv")
    assert Claim.objects.count() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_refused_rows_go_into_a_plain_file_or_nothing_is_done(action, tmp_path, make):
    make(tmp_path / "errors")
    with pytest.raises(Refused, match="is not a plain file"):
        import_claims(action, write(tmp_path / "c.csv", action, ROW), errors=tmp_path / "errors")
    assert Claim.objects.count() == 0


def test_a_link_at_the_name_of_an_older_part_is_not_written_through(action, tmp_path):
    file = write(tmp_path / "c.csv", action, ROW)
    (tmp_path / "e.csv.part").symlink_to(file)
    assert import_claims(action, file, errors=tmp_path / "e.csv").imported == 1


def test_an_import_that_is_in_says_so_where_the_list_cannot_get_its_name(action, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "denied")))
    with pytest.raises(Refused, match="the claims are imported; the refused rows are in"):
        import_claims(action, write(tmp_path / "c.csv", action, ROW), errors=tmp_path / "e.csv")
    assert Claim.objects.count() == 1
    assert list(tmp_path.glob("e.csv.*.part"))


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_commas_semicolons_and_a_byte_order_mark_are_all_read(run, delimiter, encoding):
    result, _ = run({**ROW, "city": "Wien; Graz, Linz"}, delimiter=delimiter, encoding=encoding)
    assert result.imported == 1
    assert Claimant.objects.get().city == "Wien; Graz, Linz"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "is empty"),
        (b"external_ref,city\rR1,Wien\r", "bare CR"),
        ("external_ref,näme\n".encode("latin-1"), "line 1, byte 15: not UTF-8"),
        (b"\xff\xfee\x00x\x00", "line 1, byte 1: not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(action, tmp_path, content, words):
    file = tmp_path / "c.csv"
    file.write_bytes(content)
    with pytest.raises(Refused, match=words):
        import_claims(action, file)


def test_missing_doubled_and_unknown_columns_are_named(action, tmp_path):
    names = [name for name in columns(action) if name != "city"]
    file = write(tmp_path / "c.csv", action, header=[*names, "email", "answer.colour"])
    with pytest.raises(Refused) as caught:
        import_claims(action, file)
    for words in ("`email` is there twice", "missing: column `city`", "`answer.colour` is unknown"):
        assert words in str(caught.value)


def test_not_utf_8_in_the_middle_leaves_nothing_half_done(action, tmp_path, monkeypatch):
    monkeypatch.setattr(imports.taking, "BATCH", 2)
    rows = [{**ROW, "external_ref": f"R{n}", "email": f"p{n}@muster.example"} for n in range(8)]
    file = write(tmp_path / "c.csv", action, *rows)
    file.write_bytes(file.read_bytes() + b"R9,\xe4\n")
    with pytest.raises(Refused, match="line 10"):
        import_claims(action, file, errors=tmp_path / "e.csv")
    assert Claim.objects.count() == Claimant.objects.count() == count_claims(action) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_a_crash_in_the_middle_leaves_nothing_half_done(action, tmp_path, monkeypatch):
    monkeypatch.setattr(imports.taking, "BATCH", 2)
    monkeypatch.setattr(imports.taking, "add_counts", lambda *args: 1 / 0)
    file = write(
        tmp_path / "c.csv", action, *[{**ROW, "external_ref": f"R{n}", "email": f"{n}@m.example"} for n in range(5)]
    )
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        import_claims(action, file)
    assert Claim.objects.count() == Claimant.objects.count() == 0


def test_one_person_has_one_claim_however_often_the_file_names_them(run):
    result, complaints = run(ROW, {**ROW, "external_ref": "R2", "given_name": "ANA", "email": "Ana@Muster.example"})
    assert (result.imported, result.refused) == (1, 1)
    assert "same person as line 2" in complaints[0][2]


def test_a_person_who_was_sent_online_a_moment_ago_keeps_that_claim(run, action):
    person = make_user(ROW["email"])
    registration = start_registration(action, by=person, language="en")
    names = {name: ROW[name] for name in ("given_name", "family_name", "birth_date")}
    fill(registration, **names)
    sent = send_registration(registration, by=person)
    result, complaints = run(ROW)
    assert (result.imported, result.refused) == (0, 1) and "just registered online" in complaints[0][2]
    assert enter_registrations() == 1 and Claim.objects.get().reference == sent.reference


def test_the_same_file_brings_nobody_back_who_was_erased(run):
    """Article 17 GDPR: the erasure holds whatever file names the person again."""
    other = {**ROW, "external_ref": "R2", "given_name": "Bea", "email": "bea@muster.example"}
    run(ROW, other)
    erase_claimant(Claim.objects.get(external_ref="R1").claimant, by=None)
    result, complaints = run(ROW, other, {**other, "external_ref": "R3", "given_name": "Cleo"})
    assert (result.imported, result.known, result.refused) == (1, 1, 1)
    assert complaints[0][:2] == (2, "external_ref") and "was erased" in complaints[0][2]
    assert set(Claim.objects.values_list("external_ref", flat=True)) == {"", "R2", "R3"}
    assert "R1" not in str(list(ErasedRow.objects.values_list("key")))


def test_who_is_erased_while_a_file_comes_in_stays_erased(run, monkeypatch):
    run(ROW)

    def find_fresh_and_erase(*args):
        erase_claimant(Claim.objects.get().claimant, by=None)
        return find_fresh(*args)

    monkeypatch.setattr(taking, "find_fresh", find_fresh_and_erase)
    result, _complaints = run(ROW)
    assert (result.imported, result.refused) == (0, 1)


def test_trap_6_one_person_stands_in_one_action_of_a_matter(run, action, tmp_path):
    """Article 9(4) of Directive (EU) 2020/1828; trap 6."""
    run(ROW)
    sister = make_action("sister", matter=action.matter.slug, questions=action.questions)
    file = write(tmp_path / "s.csv", sister, ROW)
    result = import_claims(sister, file)
    assert (result.imported, result.refused) == (0, 1)
    assert "Article 9(4)" in result.first_complaints[0][2]


def test_a_person_known_from_another_matter_is_another_claimant_there(run, action, tmp_path):
    """Nothing told for one case reaches those who work on another."""
    run({**ROW, "street": "Musterstraße 1"})
    other = make_action("elsewhere", questions=action.questions)
    assert import_claims(other, write(tmp_path / "o.csv", other, ROW)).imported == 1
    here, there = Claimant.objects.order_by("pk")
    assert (here.street, there.street) == ("Musterstraße 1", "")
    assert here.person_key != there.person_key


def test_who_withdrew_comes_again_with_newer_contact_data(run):
    run(ROW)
    Claim.objects.update(status=Claim.Status.WITHDRAWN)
    result, _ = run({**ROW, "external_ref": "R2", "city": "Musterstadt"})
    assert (result.imported, Claim.objects.count(), Claimant.objects.get().city) == (1, 2, "Musterstadt")


def test_who_is_not_fully_known_is_never_taken_for_another(run):
    result, _ = run({**ROW, "birth_date": ""}, {**ROW, "birth_date": "", "external_ref": "R2"})
    assert result.imported == 2


def test_an_import_is_in_the_history_without_personal_values(run):
    run(ROW)
    from claims.models import HistoryEvent

    event = HistoryEvent.objects.get(verb="claims imported")
    assert event.data["rows"] == 1
    assert "Muster" not in str(event.__dict__)
    assert verify_history()[1] is None


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


def test_a_claim_that_came_in_another_way_does_not_hinder(run, action):
    make_claim(action)
    assert run(ROW)[0].imported == 1
    assert load_pack(SMALL_PACK).changed is False
