"""The pages of scenarios: what they say, who may run one, and what stays hidden."""

import re

import pytest

from claims.models import CriteriaVersion, Job
from redress.loading import find_scenario, load_scenarios
from redress.management.commands.run_scenario import find_basis
from redress.models import ScenarioRun
from redress.scenarios import Basis, find_criteria, run_inline
from tests.factories import SMALL_PACK, make_claim, make_run

BASE = "/workspace/small/scenarios/base/"


def read(visit, who, url, **headers):
    answer = visit(who, url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_result_says_chances_in_words_and_shows_every_line(visit, scenario_run):
    page = read(visit, "staff", BASE)
    assert re.search(r"In \d+% of cases nothing is paid\.", page)
    for line in ("Awarded", "Interest", "Costs not covered", "Left for each person"):
        assert f">{line}</th>" in page
    assert scenario_run.digest in page and scenario_run.scenario_id in page and "Illustration" in page


def test_pictures_have_words_and_a_table_beside_them(visit, scenario_run):
    page = read(visit, "staff", BASE)
    for picture in ("exceedance", "waterfall"):
        address = f"/workspace/small/runs/{scenario_run.code}/{picture}.svg"
        assert re.search(rf'<img src="{address}" alt="[^"]{{40,}}"', page)
        answer = visit("staff", address)
        assert answer["Content-Type"] == "image/svg+xml" and answer.content.startswith(b"<svg")
    assert page.count("Show the numbers") == 2


def test_a_picture_that_is_not_there_is_not_found(visit, scenario_run):
    assert visit("staff", f"/workspace/small/runs/{scenario_run.code}/tornado.svg").status_code == 404


def test_the_page_is_in_the_readers_language(visit, client, scenario_run):
    visit("staff", BASE)
    page = client.get(BASE, headers={"Accept-Language": "de"}).content.decode()
    assert "der Fälle wird nichts gezahlt" in page and "exceedance-de.svg" in page


def test_every_assumption_stands_with_its_source(visit, scenario_run):
    page = read(visit, "staff", BASE)
    for words in ("Chance that liability is found", "60%", "lognormal: P10 100, P90 500, at least 0, at most 5,000"):
        assert words in page
    assert page.count("invented") >= 8


def test_what_a_document_says_is_shown_and_never_run(visit, action, scenario_run):
    document = {
        **scenario_run.document,
        "liability": {"default": {"p": 0.5, "source": "<script>alert(1)</script>\u202e"}},
    }
    ScenarioRun.objects.update(document=document)
    page = read(visit, "staff", BASE)
    assert "<script>alert" not in page and "[U+202E]" in page


def test_the_headline_stands_beside_the_others(visit, action, tmp_path, scenario_run):
    text = "schema: scenario/1\nname: headline\noverlay_of: base\nliability: {default: {p: 1, source: invented}}\n"
    (tmp_path / "headline.yaml").write_text(text)
    (tmp_path / "base.yaml").write_text((SMALL_PACK / "scenarios" / "base.yaml").read_text())
    load_scenarios(action, tmp_path)
    run = find_scenario(action, "headline")
    run_inline(action, Basis("headline", run.document, run), by=None)
    assert "Beside the headline" in read(visit, "staff", BASE)
    assert "Beside the headline" not in read(visit, "staff", "/workspace/small/scenarios/headline/")


def test_a_lawyer_runs_a_scenario_and_sees_its_progress(visit, client, scenario_run):
    answer = visit("lawyer", f"{BASE}run/", "post")
    assert answer.url == BASE and Job.objects.get().subject == "base"
    page = read(visit, "lawyer", BASE)
    assert "<progress" in page and "Run again" not in page
    assert "<progress" in read(visit, "staff", "/workspace/small/scenarios/")
    visit("lawyer", BASE)
    again = client.post(f"{BASE}run/", follow=True).content.decode()
    assert "already waiting or running" in again and Job.objects.count() == 1


def test_staff_have_no_button(visit, scenario_run):
    assert "Run again" in read(visit, "lawyer", BASE)
    assert "Run again" not in read(visit, "staff", BASE)


def test_an_empty_book_is_told_and_no_error(visit, client, scenario_run):
    visit("lawyer", BASE)
    answer = client.post("/workspace/small/scenarios/registered/run/", follow=True)
    assert "no claim in the book" in answer.content.decode()


def test_a_new_version_says_that_the_result_is_of_an_older_one(visit, action, scenario_run):
    newest = find_scenario(action, "base")
    newest.pk, newest.version, newest.scenario_id = None, 2, "0" * 64
    newest.save(force_insert=True)
    assert "The assumptions have changed since this run" in read(visit, "staff", BASE)


def test_states_with_few_people_are_not_on_the_page(visit, action):
    for state, number in [("AT", 12), ("DE", 2), ("GR", 3)]:
        for _ in range(number):
            make_claim(
                action, habitual_residence=state, tier="adult", outcome="eligible", criteria_version=action.criteria
            )
    make_run(action, "registered")
    page = read(visit, "staff", "/workspace/small/scenarios/registered/")
    assert "3 states are not shown" in page and "Germany" not in page


def test_a_run_of_another_action_is_not_found_through_the_own_one(visit, scenario_run):
    assert visit("neighbour", f"/workspace/other/runs/{scenario_run.code}/").status_code == 404
    assert visit("neighbour", "/workspace/other/scenarios/base/").status_code == 404


@pytest.mark.parametrize("name", ["nobody", "base'--", "%00"])
def test_a_scenario_that_is_not_there_is_not_found(visit, action, name):
    assert visit("lawyer", f"/workspace/small/scenarios/{name}/").status_code == 404


def test_the_list_shows_each_scenario_with_its_newest_result(visit, scenario_run):
    page = read(visit, "staff", "/workspace/small/scenarios/")
    assert page.count("Not run yet") == 2 and "/workspace/small/scenarios/low/" in page


def test_a_run_with_draws_of_its_own_is_listed_as_a_trial_and_is_no_result(visit, action):
    trial = make_run(action, draws=100)
    page = read(visit, "staff", "/workspace/small/scenarios/")
    assert page.count("Not run yet") == 3 and "100 draws, seed 7" in page and str(trial.code) in page
    for address in (BASE, f"/workspace/small/runs/{trial.code}/"):
        assert "This run has draws or a seed of its own" in read(visit, "staff", address)


def test_a_run_that_counts_claims_says_which_criteria_were_in_force(visit, action, scenario_run):
    assert find_criteria(scenario_run) is None  # its people come from the document
    version = action.criteria
    make_claim(action, outcome="eligible", criteria_version=version)
    run = run_inline(action, find_basis(action, "registered"), by=None)
    CriteriaVersion.objects.create(
        action=action, number=version.number + 1, document=version.document, sha256=version.sha256
    )
    assert find_criteria(run) == version
    page = read(visit, "staff", f"/workspace/small/runs/{run.code}/")
    assert f"Version {version.number} was in force." in page
