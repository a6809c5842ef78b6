"""The API: same rights as the pages, deny by default, explicit fields, a schema without warnings."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.base.references import show_reference
from claims.models import Job, Role
from tests.factories import make_action, make_claim, make_claimant, make_user


@pytest.fixture
def lawyer(action):
    return make_user(role=Role.Name.LAWYER, action=action)


def test_open_actions_are_public(client, action):
    make_action("secret", is_published=False)
    answer = client.get("/api/v1/actions/").json()
    assert [item["slug"] for item in answer] == ["small"]
    assert set(answer[0]) == {"slug", "name", "matter", "regime", "stage", "is_illustration"}
    assert client.get("/api/v1/actions/secret/").status_code == 404


@pytest.mark.parametrize("path", ["claims/", "jobs/", "claims/AAAA/", "jobs/6f1f7c1e-0d0c-4a53-9a3c-6b2f0e5a0001/"])
def test_who_is_not_signed_in_gets_no_rows(client, action, path):
    assert client.get(f"/api/v1/{path}").status_code == 403


def test_a_stranger_gets_404_for_a_claim_and_a_job_that_are_there(client, action):
    claim = make_claim(action, make_claimant(given_name="Leak"))
    job = Job.objects.create(kind="screening", action=action, error="Leak")
    client.force_login(make_user(role=Role.Name.LAWYER, action=make_action()))
    for path in (f"claims/{claim.reference}/", f"jobs/{job.code}/"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 404
        assert b"Leak" not in answer.content
    assert client.get("/api/v1/claims/").json()["results"] == client.get("/api/v1/jobs/").json()["results"] == []


def test_a_lawyer_gets_the_claims_and_jobs_of_the_action_without_names(client, action, lawyer):
    claim = make_claim(action, make_claimant(given_name="Ana"))
    job = Job.objects.create(kind="screening", action=action)
    client.force_login(lawyer)
    answer = client.get(f"/api/v1/claims/{show_reference(claim.reference)}/").json()
    assert (answer["reference"], answer["criteria_version"]) == (show_reference(claim.reference), None)
    assert "Ana" not in str(answer)
    assert client.get(f"/api/v1/jobs/{job.code}/").json()["state"] == "waiting"
    assert len(client.get("/api/v1/claims/").json()["results"]) == 1


def test_who_reads_no_claims_gets_no_counts_of_a_job(client, action, lawyer):
    job = Job.objects.create(kind="screening", action=action, state="done", result={"eligible": 1})
    found = {}
    for user in (lawyer, make_user(role="finance", action=action)):
        client.force_login(user)
        found[user] = client.get(f"/api/v1/jobs/{job.code}/").json()["result"]
    assert list(found.values()) == [{"eligible": 1}, {}]


def test_nothing_can_be_written_through_the_api(client, action, lawyer):
    client.force_login(lawyer)
    for method in (client.post, client.put, client.delete):
        assert method("/api/v1/claims/", content_type="application/json").status_code == 405


@pytest.mark.parametrize("path", ["claims/?cursor=nonsense", "claims/?cursor=%00", "claims/%00/", "claims/?format=xml"])
def test_nonsense_is_refused_and_no_error_of_ours(client, action, lawyer, path):
    client.force_login(lawyer)
    assert client.get(f"/api/v1/{path}").status_code in {200, 400, 404}


def test_the_schema_has_no_warnings(db, tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yaml"), fail_on_warn=True, validate=True)


def test_the_schema_is_served(client, db):
    assert client.get("/api/v1/schema/").status_code == 200


def test_the_index_names_the_lists_and_what_is_not_there_is_404_in_json(client, db):
    assert set(client.get("/api/v1/").json()) == {"actions", "claims", "jobs", "scenarios", "runs", "filings", "schema"}
    for method in (client.get, client.post):
        answer = method("/api/v1/nothing/")
        assert answer.status_code == 404 and "/api/v1/" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("claims/?outcome=zzz", "outcome"),
        ("claims/?action=nope", "action"),
        ("claims/?state=ZZ", "state"),
        ("claims/?tier=%00", "tier"),
        ("claims/?limit=2", "limit"),
        ("claims/?outcome=eligible&outcome=ineligible", "outcome"),
        ("jobs/?state=done", "state"),
        ("actions/?slug=small", "slug"),
    ],
)
def test_a_parameter_that_is_unknown_is_named_and_not_ignored(client, action, lawyer, path, named):
    client.force_login(lawyer)
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 400 and set(answer.json()) == {named}


def test_claims_are_filtered_by_action_outcome_state_and_tier(client, action, lawyer):
    version = action.criteria
    findings = "y" * len(version.document["criteria"])
    make_claim(
        action, habitual_residence="FR", outcome="eligible", tier="t1", criteria_version=version, findings=findings
    )
    make_claim(action, habitual_residence="AT")
    client.force_login(lawyer)
    counts = {
        query: len(client.get(f"/api/v1/claims/?{query}").json()["results"])
        for query in (
            "",
            "action=small",
            "outcome=eligible",
            "state=FR",
            "tier=t1",
            "state=AT&action=small",
            "outcome=ineligible",
        )
    }
    assert counts == {
        "": 2,
        "action=small": 2,
        "outcome=eligible": 1,
        "state=FR": 1,
        "tier=t1": 1,
        "state=AT&action=small": 1,
        "outcome=ineligible": 0,
    }


def test_findings_name_their_criteria(client, action, lawyer):
    version = action.criteria
    names = [criterion["id"] for criterion in version.document["criteria"]]
    make_claim(action, outcome="needs_info", criteria_version=version, findings="un" + "y" * (len(names) - 2))
    client.force_login(lawyer)
    findings = client.get("/api/v1/claims/").json()["results"][0]["findings"]
    assert list(findings) == names and list(findings.values())[:3] == ["unknown", "no", "yes"]


def test_a_page_of_claims_reads_no_pack_and_asks_as_often_for_many_as_for_one(client, action, lawyer):
    version = action.criteria
    findings = "y" * len(version.document["criteria"])
    client.force_login(lawyer)
    client.get("/api/v1/claims/")  # the first request of a session notes when it was in use
    asked = []
    for _ in range(2):
        make_claim(action, outcome="eligible", criteria_version=version, findings=findings)
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/claims/")
        asked.append([query["sql"] for query in queries])
    assert len(asked[0]) == len(asked[1])
    assert not [sql for sql in asked[0] if '"claims_claim"."id"' in sql and ('"facts"' in sql or '"document"' in sql)]
