"""The API: same rights as the pages, deny by default, explicit fields, a schema without warnings."""

import pytest
from django.core.management import call_command

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
