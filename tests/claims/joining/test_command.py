"""`record_joining` in a process of its own: a worker for itself, one JSON object, wrong lines in a file."""

import json

import pytest

from claims.models import Claim, JoiningFile, JoiningProof
from tests.claims.joining.test_proofs import EVENTS, place
from tests.claims.test_commands import run
from tests.factories import load_small_pack, make_claim


@pytest.mark.django_db(transaction=True)
def test_the_command_records_proofs_and_lists_the_rest_and_a_repeat_changes_nothing(tmp_path):
    action = place(
        load_small_pack(), "AT-ABHILFE", action_filed=EVENTS["action-filed"], order_published=EVENTS["order-published"]
    )
    claim = make_claim(action)
    file, errors = tmp_path / "proofs.csv", tmp_path / "errors.csv"
    file.write_text(f"reference,register_reference,date\n{claim.reference},R1,2026-03-09\nZZZZ,R2,2026-03-09\n")
    status, out, err = run("record_joining", "small", file, "--dry-run", "--json")
    assert status == 0 and json.loads(out).items() >= {"joined": 1, "refused": 1, "unknown": 1}.items(), err
    assert not JoiningProof.objects.exists() and not JoiningFile.objects.exists()
    for expected in ({"joined": 1, "known": 0, "refused": 1}, {"joined": 0, "known": 1, "refused": 1}):
        status, out, err = run("record_joining", "small", file, "--errors", errors, "--json")
        assert status == 0 and json.loads(out).items() >= expected.items(), err
    assert errors.read_text().splitlines()[1].startswith("3,reference,")
    assert str(Claim.objects.get(pk=claim.pk).joined_on) == "2026-03-09"


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path):
    load_small_pack()
    status, out, err = run("record_joining", "small", tmp_path / "none.csv", "--json")
    assert (status, out) == (1, "") and "cannot be read" in err and "Traceback" not in err
