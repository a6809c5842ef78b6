"""What a person may not see does not exist: what the table of access (tests/access_table.py) does not say in a line."""

from django.urls import reverse

from claims.models import Job

PEOPLE = ("anonymous", "stranger", "neighbour", "staff", "lawyer")


def test_staff_cannot_start_a_screening_by_sending_the_form(visit, action, claim):
    visit("staff", reverse("claims:workspace-screen", args=[action.slug]), "post")
    assert not Job.objects.exists()


def test_a_step_without_the_token_of_the_form_is_refused(people, action):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people["lawyer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("claims:workspace-screen", args=[action.slug]))
    assert answer.status_code == 403
    assert "We could not check" in answer.content.decode()


def test_the_workspace_exists_only_for_those_who_work_there(visit, action):
    found = {who: visit(who, "/workspace/").status_code for who in PEOPLE}
    assert found == {"anonymous": 302, "stranger": 404, "neighbour": 302, "staff": 302, "lawyer": 302}
    assert visit("lawyer", "/workspace/").url == f"/workspace/{action.slug}/"


def test_a_claim_of_another_action_is_not_found_through_the_own_one(visit, people, claim):
    answer = visit("neighbour", f"/workspace/other/claims/{claim.reference}/")
    assert answer.status_code == 404
    listed = visit("neighbour", f"/workspace/other/claims/?after={claim.reference}").content.decode()
    assert f"/claims/{claim.reference}/" not in listed


def test_people_see_their_own_claims_only(client, visit, own_claim, claim):
    assert visit("anonymous", "/my/").status_code == 302
    client.force_login(own_claim.claimant.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/my/").content.decode()
    assert own_claim.reference[:4] in page
    assert claim.reference[:4] not in page


def test_a_lawyer_without_claims_is_led_to_the_workspace(visit):
    assert visit("lawyer", "/my/").url == "/workspace/"
    assert visit("stranger", "/my/").status_code == 200


def test_an_action_that_is_not_published_does_not_exist(visit, action):
    type(action).objects.filter(pk=action.pk).update(is_published=False)
    assert visit("lawyer", f"/actions/{action.slug}/").status_code == 404
    assert action.name not in visit("anonymous", "/").content.decode()
