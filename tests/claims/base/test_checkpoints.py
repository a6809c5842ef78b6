"""What the chain cannot show: a tail that was cut with its head, a chain written anew, a table emptied."""

import json
import stat
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from claims.base.checkpoints import compare_checkpoints, make_checkpoint, note_checkpoint
from claims.base.history import GENESIS, compute_hash, verify_history
from claims.models import HistoryEvent
from tests.claims.base.test_history import record_some, unguarded
from tests.factories import make_action


@pytest.fixture
def history(db):
    action = make_action()
    record_some(action, 2)
    make_checkpoint()
    record_some(action, 2)
    make_checkpoint()


def test_an_untouched_history_bears_out_its_checkpoints(history, settings):
    assert compare_checkpoints() == (2, [])
    assert make_checkpoint() is None
    assert stat.S_IMODE(Path(settings.HISTORY_CHECKPOINTS).stat().st_mode) == 0o600


def test_a_cut_tail_is_found_though_the_head_was_set_to_match(history):
    hash_of_three = HistoryEvent.objects.get(number=3).hash
    unguarded("DELETE FROM claims_historyevent WHERE number = 4")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_historyhead SET number = 3, hash = %s", [hash_of_three])
    assert verify_history() == (3, None)
    count, faults = compare_checkpoints()
    assert count == 2 and len(faults) == 1 and faults[0].startswith("event 4 is missing")


def test_a_chain_written_anew_is_found(history):
    events, previous = list(HistoryEvent.objects.order_by("number")), GENESIS
    unguarded("UPDATE claims_historyevent SET verb = 'other'")
    with connection.cursor() as cursor:
        for event in events:
            event.verb, event.previous_hash = "other", previous
            previous = compute_hash(event)
            cursor.execute(
                "UPDATE claims_historyevent SET hash = %s, previous_hash = %s WHERE number = %s",
                [previous, event.previous_hash, event.number],
            )
        cursor.execute("UPDATE claims_historyhead SET hash = %s", [previous])
    assert verify_history() == (4, None)
    assert [fault.split(" that was")[0] for fault in compare_checkpoints()[1]] == [
        "event 2 is not the one",
        "event 4 is not the one",
    ]


def test_a_checkpoint_without_the_key_is_found(history, settings):
    path = Path(settings.HISTORY_CHECKPOINTS)
    first, second = path.read_text().splitlines()
    forged = json.dumps({**json.loads(first), "number": 1})
    path.write_text(f"{forged}\nnonsense\n{second}\n")
    count, faults = compare_checkpoints()
    assert count == 3 and [fault.split(" is ")[0] for fault in faults] == ["checkpoint 1", "checkpoint 2"]


def test_the_command_says_what_is_missing_and_ends_with_1(history, capsys):
    call_command("verify_history", "--json")
    assert json.loads(capsys.readouterr().out) == {"events": 4, "checkpoints": 2, "faults": 0, "ok": True}
    unguarded("DELETE FROM claims_historyevent")
    with pytest.raises(SystemExit):
        call_command("verify_history")
    assert "event 4 is missing" in capsys.readouterr().err


def test_the_line_in_the_log_is_a_copy_that_can_be_compared(db, settings, tmp_path, monkeypatch):
    record_some(make_action())
    with (tmp_path / "log").open("w") as log:
        monkeypatch.setattr("sys.__stdout__", log)
        note_checkpoint()
    Path(settings.HISTORY_CHECKPOINTS).unlink()
    assert compare_checkpoints() == (0, [])
    assert compare_checkpoints(tmp_path / "log") == (1, [])


def test_postgresql_refuses_to_empty_the_history(only_postgresql):
    record_some(make_action())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is emptied while checks wait
        cursor.execute("TRUNCATE claims_historyevent CASCADE")
    assert verify_history() == (4, None)
