"""Scenarios and runs in the API: the rights of the pages, results without small cohorts, runs by lawyers."""

import pytest

from claims.base import jobs
from claims.models import Job, Role
from redress.models import ScenarioRun
from tests.factories import make_action, make_claim, make_run, make_user

ABSENT = "6f1f7c1e-0d0c-4a53-9a3c-6b2f0e5a0001"


@pytest.fixture
def run(action):
    return make_run(action)


@pytest.fixture
def sign_in(client, action):
    def go(role, where=None):
        client.force_login(make_user(role=role, action=where or action))
        return client

    return go


def post(client, **data):
    return client.post("/api/v1/runs/", data, content_type="application/json")


@pytest.mark.parametrize("path", ["scenarios/", "runs/", f"runs/{ABSENT}/"])
def test_who_is_not_signed_in_gets_no_rows(client, run, path):
    assert client.get(f"/api/v1/{path}").status_code == 403


def test_a_neighbour_gets_nothing_of_an_action(sign_in, run):
    client = sign_in(Role.Name.LAWYER, make_action())
    assert client.get(f"/api/v1/runs/{run.code}/").status_code == 404
    for path in ("scenarios", "runs"):
        assert client.get(f"/api/v1/{path}/").json()["results"] == []
    assert post(client, action="small", scenario="base").status_code == 404


def test_staff_read_and_do_not_run(sign_in, run):
    client = sign_in(Role.Name.STAFF)
    assert [row["name"] for row in client.get("/api/v1/scenarios/?action=small").json()["results"]] != []
    assert client.get(f"/api/v1/runs/{run.code}/").json()["digest"] == run.digest
    assert post(client, action="small", scenario="base").status_code == 404
    assert not Job.objects.exists()


def test_a_lawyer_runs_a_scenario_and_reads_the_result(sign_in, run):
    client = sign_in(Role.Name.LAWYER)
    answer = post(client, action="small", scenario="low", draws=5000, seed=3)
    assert answer.status_code == 202, answer.json()
    jobs.work()
    found = client.get(f"/api/v1/runs/{answer.json()['id']}/").json()
    assert (found["draws"], found["seed"], found["scenario"]) == (5000, 3, "low")
    assert isinstance(found["result"]["lines"]["net"]["mean_cents"], str) and found["job"]
    assert not {"model", "counts", "charts"} & found.keys()


@pytest.mark.parametrize(
    ("data", "status", "named"),
    [
        ({"action": "small", "scenario": "nobody"}, 404, "detail"),
        ({"action": "small", "scenario": "registered"}, 400, "detail"),
        ({"action": "small"}, 400, "scenario"),
        ({"action": "small", "scenario": "base", "draws": 0}, 400, "draws"),
        ({"action": "small", "scenario": "base", "draws": 10**9}, 400, "detail"),
        ({"action": "small", "scenario": "base", "draws": "many"}, 400, "draws"),
        ({"action": "small", "scenario": "base", "seed": 2**80}, 400, "seed"),
        ({"action": "small\0", "scenario": "base"}, 400, "action"),
    ],
)
def test_what_cannot_be_run_is_refused(sign_in, run, data, status, named):
    answer = post(sign_in(Role.Name.LAWYER), **data)
    assert (answer.status_code, [*answer.json()]) == (status, [named])
    assert ScenarioRun.objects.count() == 1


def test_the_same_scenario_does_not_run_twice_at_once(sign_in, run):
    client = sign_in(Role.Name.LAWYER)
    assert [post(client, action="small", scenario="base").status_code for _ in range(2)] == [202, 400]


def test_states_with_few_people_are_not_in_the_answer(sign_in, action):
    for state, number in [("AT", 12), ("DE", 2), ("GR", 3)]:
        for _ in range(number):
            make_claim(
                action, habitual_residence=state, tier="adult", outcome="eligible", criteria_version=action.criteria
            )
    run = make_run(action, "registered")
    result = sign_in(Role.Name.STAFF).get(f"/api/v1/runs/{run.code}/").json()["result"]
    assert (result["by_state"], result["states_hidden"]) == ([], 3)


def test_the_list_of_runs_is_light(sign_in, run, django_assert_max_num_queries):
    client = sign_in(Role.Name.STAFF)
    with django_assert_max_num_queries(8):
        rows = client.get("/api/v1/runs/").json()["results"]
    assert len(rows) == 1 and not {"result", "document"} & rows[0].keys()
