"""`run_scenario` as outsiders rely on it: one JSON object, one line for a refusal, a worker of its own."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from redress.models import ScenarioRun
from tests.claims.test_commands import run
from tests.factories import SMALL_PACK, load_small_pack, load_small_scenarios

PROMISED = {
    "scenario_id", "engine", "numpy", "seed", "draws", "digest", "lines", "exact", "chance_nothing_paid",
    "chance_costs_covered", "by_state", "seconds",
}  # fmt: skip
LINES = ["claimants", "gross", "interest", "total", "costs", "fee", "shortfall", "net", "net_pv", "net_per_head"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def pack():
    load_small_scenarios(load_small_pack())


def test_a_name_and_its_file_with_a_worker_and_inline_give_the_same_digest():
    found = []
    for arguments in (["base", "--chunks", 3], [SMALL_PACK / "scenarios" / "base.yaml", "--inline"]):
        status, out, err = run("run_scenario", "small", *arguments, "--json")
        assert status == 0, err
        found.append(json.loads(out))
    first, second = found
    assert first.keys() >= PROMISED and [*first["lines"]] == LINES
    assert first["lines"]["total"].keys() >= {"mean_cents", "p05_cents", "p50_cents", "p95_cents"}
    assert isinstance(first["lines"]["total"]["mean_cents"], str) and "mean" in first["lines"]["claimants"]
    assert {**first, "run": 0, "seconds": 0} == {**second, "run": 0, "seconds": 0}
    assert ScenarioRun.objects.filter(scenario_document=None).count() == 1


def refuse(*arguments):
    """Run the command in this process and return the line that it ends with."""
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("run_scenario", *map(str, arguments), "--json", stdout=out, stderr=err)
    assert (end.value.code, out.getvalue()) == (1, "")
    assert len(err.getvalue().strip().splitlines()) == 1
    return err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["small", "nobody"], "there is no scenario `nobody` in small; known are: base, low, registered"),
        (["other", "base"], "there is no action `other`"),
        (["small", "/nowhere.yaml"], "is missing"),
        (["small", "base", "--draws", "0"], "draws"),
        (["small", "base", "--draws", "1000000000"], "draws"),
        (["small", "registered"], "no claim in the book"),
    ],
)
def test_a_refusal_is_one_line_without_a_traceback(arguments, words):
    assert words in refuse(*arguments)
    assert words in refuse(*arguments, "--inline")


def test_wrong_usage_ends_with_status_2():
    code, out, err = run("run_scenario", "small", "base", "--chunks", "0")
    assert (code, out) == (2, "") and "at least 1" in err


def test_a_file_that_does_not_hold_is_refused_with_its_line(tmp_path):
    text = (SMALL_PACK / "scenarios" / "base.yaml").read_text().replace("p10: 100", "p10: 900")
    (tmp_path / "mine.yaml").write_text(text)
    assert "mine.yaml, line 18, award_per_head.default" in refuse("small", tmp_path / "mine.yaml")
