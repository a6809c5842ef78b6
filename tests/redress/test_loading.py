"""Scenarios of a pack: read with every complaint at its line, overlaid, kept in versions."""

import shutil

import pytest
from django.db import DatabaseError, transaction

from claims.base.errors import Refused
from claims.models import HistoryEvent
from redress.drafts import read_draft
from redress.loading import find_scenario, load_pack, load_scenarios
from redress.models import ScenarioDocument
from tests.factories import SMALL_PACK

BASE = (SMALL_PACK / "scenarios" / "base.yaml").read_text()


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SMALL_PACK / "scenarios", tmp_path / "scenarios")


def change(folder, old, new, name="base"):
    file = folder / f"{name}.yaml"
    text = file.read_text()
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new))
    return file


def refuse(file, *words):
    with pytest.raises(Refused) as refusal:
        read_draft(file)
    for word in words:
        assert word in str(refusal.value), refusal.value
    assert "\n" not in str(refusal.value)


def test_loading_a_pack_writes_its_scenarios_once(db):
    first, again = load_pack(SMALL_PACK), load_pack(SMALL_PACK)
    assert (first.scenarios, first.changed, again.scenarios, again.changed) == (3, True, 3, False)
    assert HistoryEvent.objects.filter(verb="scenarios loaded").count() == 1


def test_a_scenario_that_differs_becomes_a_version_and_so_does_what_lies_over_it(action, folder):
    load_scenarios(action, folder)
    change(folder, "p90: 500", "p90: 600")
    assert load_scenarios(action, folder) == (3, 2)
    assert [find_scenario(action, name).version for name in ("base", "low", "registered")] == [2, 2, 1]
    assert find_scenario(action, "low").document["award_per_head"]["default"]["p90"] == 600


def test_a_comment_makes_no_version(action, folder):
    load_scenarios(action, folder)
    change(folder, "name: base", "name: base  # the middle")
    assert load_scenarios(action, folder) == (3, 0)


def test_a_version_is_never_changed_or_removed(action, folder):
    load_scenarios(action, folder)
    for step in (lambda: ScenarioDocument.objects.update(version=9), lambda: ScenarioDocument.objects.first().delete()):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            step()


def test_one_bad_scenario_keeps_the_whole_pack_out(db, tmp_path):
    pack = shutil.copytree(SMALL_PACK, tmp_path / "small")
    change(pack / "scenarios", "p10: 100", "p10: 900")
    with pytest.raises(Refused, match=r"scenarios/base\.yaml, line 18"):
        load_pack(pack)
    assert not ScenarioDocument.objects.exists() and not HistoryEvent.objects.exists()


def test_an_overlay_changes_what_it_names_and_keeps_the_rest(folder):
    base, low = read_draft(folder / "base.yaml"), read_draft(folder / "low.yaml")
    assert low.document["liability"]["default"] == {"p": 0.2, "source": "invented as well"}
    assert low.document["award_per_head"] == base.document["award_per_head"]
    assert low.scenario_id != base.scenario_id and "overlay_of" not in low.document


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("p10: 100, p90: 500", "p10: 900, p90: 500", 18, "award_per_head.default"),
        ("dist: lognormal", "dist: weibull", 18, "award_per_head.default.dist"),
        ("seed: 7", "seed: 7\nluck: good", 5, "luck"),
        ("p: 0.6, source", "p: 1.6, source", 20, "liability.default.p"),
        ("p: 0.6, source: invented", "p: 0.6, src: invented", 20, "liability.default.src"),
        ("draws: 20000", "draws: 0", 5, "draws"),
        ("draws: 20000", "draws: 1000000000", 5, "draws"),
        ("draws: 20000", "draws: .nan", 5, "draws"),
        ("p90: 500", "p90: .nan", 18, "award_per_head.default.p90"),
        ("p90: 500", "p90: .inf", 18, "award_per_head.default.p90"),
        ("mean: 0.05", "mean: 1.05", 16, "participation.default.rate"),
        ("low: 100000, mode: 300000", "low: 400000, mode: 300000", 22, "costs.fixed"),
        ("state: GR", "state: ZZ", 11, "population.cohorts.2.state"),
        ("tier: minor, n: 5000", "tier: heir, n: 5000", 11, "population.cohorts.2.tier"),
        ("n: 5000", "n: -5000", 11, "population.cohorts.2.n"),
        ("schema: scenario/1", "schema: scenario/9", 1, "schema"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_file_line_and_key(folder, old, new, line, key):
    refuse(change(folder, old, new), f"scenarios/base.yaml, line {line}, {key}")


def test_probabilities_that_miss_one_are_refused(folder):
    dist = "{dist: discrete, values: [0, 100], probs: [0.5, 0.4], source: invented}"
    file = change(folder, "{dist: lognormal, p10: 100, p90: 500, floor: 0, cap: 5000, source: invented}", dist)
    refuse(file, "line 18, award_per_head.default")


def test_a_number_without_a_source_is_refused_unless_it_is_an_illustration(folder):
    change(folder, "p: 0.6, source: invented", "p: 0.6")
    assert read_draft(folder / "base.yaml").document["liability"] == {"default": {"p": 0.6}}
    refuse(change(folder, "illustration: true\n", ""), "line 19, liability.default", "source")


def test_what_is_wrong_in_an_overlay_is_told_at_its_line(folder):
    refuse(change(folder, "p: 0.2", "p: 7", "low"), "scenarios/low.yaml, line 5, liability.default.p")


def test_what_is_wrong_in_the_base_of_an_overlay_is_told_at_the_bases_line(folder):
    change(folder, "p10: 100", "p10: 900")
    refuse(folder / "low.yaml", "scenarios/base.yaml, line 18, award_per_head.default")


@pytest.mark.parametrize(
    ("name", "words"),
    [("nobody", "there is no scenario"), ("low", "name the scenario"), ("../base", "name the scenario"), ("[base]", "name the scenario")],
)  # fmt: skip
def test_an_overlay_of_what_is_not_there_is_refused(folder, name, words):
    refuse(change(folder, "overlay_of: base", f"overlay_of: {name}", "low"), "scenarios/low.yaml, line 3", words)


def test_an_overlay_of_an_overlay_is_refused(folder):
    (folder / "lower.yaml").write_text("schema: scenario/1\nname: lower\noverlay_of: low\n")
    refuse(folder / "lower.yaml", "lower.yaml, line 3, overlay_of", "overlay itself")


def test_an_overlay_may_lie_over_a_stored_scenario(action, folder):
    stored = {"base": read_draft(folder / "base.yaml").document}
    (folder / "base.yaml").unlink()
    assert read_draft(folder / "low.yaml", stored).document["draws"] == 20000


def test_a_scenario_is_named_as_its_file(action, folder):
    change(folder, "name: base", "name: middle")
    with pytest.raises(Refused, match=r"base\.yaml names its scenario `middle`"):
        load_scenarios(action, folder)


@pytest.mark.parametrize("text", ["", "[]", "5", "name: &a [*a]", "schema: scenario/1", "\x00", "{" * 99])
def test_what_is_no_scenario_at_all_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "odd.yaml").write_text(text)
    refuse(tmp_path / "odd.yaml", "odd.yaml")


def test_a_scenario_may_be_json(tmp_path):
    import json

    document = read_draft(SMALL_PACK / "scenarios" / "base.yaml").document
    (tmp_path / "base.json").write_text(json.dumps(document))
    assert read_draft(tmp_path / "base.json").document == document
