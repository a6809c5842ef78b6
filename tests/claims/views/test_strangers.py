"""What a person may not see does not exist: the table of every address and what each person gets there."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from claims.models import Job

PEOPLE = ("anonymous", "stranger", "neighbour", "staff", "lawyer")
LOGIN, EVERYONE, OFFICE, OFFICE_FACTORS = "login", "everyone", "office", "factors of the office"
# name -> who may see it; for POST: who may do it.
ACCESS = {
    "claims:home": EVERYONE,
    "claims:action": EVERYONE,
    "claims:check": EVERYONE,
    "claims:register": "its own tests",
    "claims:register-code": "its own tests",
    "claims:register-link": "its own tests",
    "claims:register-step": "its own tests",
    "claims:register-evidence": "its own tests",
    "claims:register-evidence-add": "its own tests",
    "claims:register-evidence-remove": "its own tests",
    "claims:register-declarations": "its own tests",
    "claims:register-check": "its own tests",
    "claims:register-stopped": "its own tests",
    "claims:sent": "its own tests",
    "claims:my": LOGIN,
    "claims:my-claim": "its own tests",
    "claims:my-erase": "its own tests",
    "claims:my-erase-code": "its own tests",
    "claims:my-erase-link": "its own tests",
    "claims:my-erase-draft": "its own tests",
    "claims:my-contact": "its own tests",
    "claims:my-evidence": "its own tests",
    "claims:my-evidence-add": "its own tests",
    "claims:my-evidence-remove": "its own tests",
    "claims:my-email-link": "its own tests",
    "claims:my-email": LOGIN,
    "claims:my-email-code": LOGIN,
    "claims:my-answer": "its own tests",
    "claims:my-reply": "its own tests",
    "claims:my-withdraw": "its own tests",
    "claims:demo-mails": "its own tests",
    "claims:evidence-copy": "its own tests",
    "claims:workspace-evidence-copy": "its own tests",
    "claims:workspace": OFFICE,
    "claims:workspace-overview": OFFICE,
    "claims:workspace-rules": OFFICE,
    "claims:workspace-rules-compare": OFFICE,
    "claims:workspace-draft": "its own tests",
    "claims:workspace-open": "its own tests",
    "claims:workspace-opening": "its own tests",
    "claims:workspace-facts": "its own tests",
    "claims:workspace-criterion": "its own tests",
    "claims:workspace-dry-run": "its own tests",
    "claims:workspace-dry-run-moves": "its own tests",
    "claims:workspace-procedure": OFFICE,
    "claims:workspace-calendar": OFFICE,
    "claims:calendar-feed": "its own tests",
    "claims:workspace-joining": OFFICE,
    "claims:workspace-joining-faults": "its own tests",
    "claims:workspace-claim-joining": OFFICE,
    "claims:workspace-claim-joining-take-back": "its own tests",
    "claims:workspace-procedure-take-back": "its own tests",
    "claims:workspace-procedure-add-proof": "its own tests",
    "claims:workspace-procedure-proof": "its own tests",
    "claims:workspace-claims": OFFICE,
    "claims:workspace-view-save": "its own tests",
    "claims:workspace-view-remove": "its own tests",
    "claims:workspace-claim": OFFICE,
    "claims:workspace-duplicates": OFFICE,
    "claims:workspace-duplicates-search": "POST by lawyers",
    "claims:workspace-duplicate": "its own tests",
    "claims:workspace-duplicate-merge": "its own tests",
    "claims:workspace-duplicate-not-same": "its own tests",
    "claims:workspace-unmerge": "its own tests",
    "claims:workspace-quarantine": OFFICE,
    "claims:workspace-people": "the matrix",
    "claims:workspace-people-change": "the matrix",
    "claims:workspace-release": "POST by lawyers",
    "claims:workspace-accept": "POST by lawyers",
    "claims:workspace-drop": "POST by lawyers",
    "claims:workspace-take-back": "POST by lawyers",
    "claims:workspace-ask": "its own tests",
    "claims:workspace-refuse": "its own tests",
    "claims:workspace-reopen": "its own tests",
    "claims:workspace-undo": "its own tests",
    "claims:workspace-finding": "its own tests",
    "claims:workspace-override-confirm": "its own tests",
    "claims:workspace-override-undo": "its own tests",
    "claims:workspace-note": "its own tests",
    "claims:workspace-assign": "its own tests",
    "claims:workspace-reveal": "its own tests",
    "claims:workspace-here": "its own tests",
    "claims:workspace-bulk": "its own tests",
    "claims:workspace-bulk-result": "its own tests",
    "claims:workspace-bulk-undo": "its own tests",
    "claims:workspace-jobs": OFFICE,
    "claims:workspace-job": OFFICE,
    "claims:workspace-screen": "POST by lawyers",
    "claims:workspace-cancel": "POST by lawyers",
    "documents:own-data": LOGIN,
    "documents:own-data-json": LOGIN,
    "documents:own-data-pdf": LOGIN,
    "documents:certificate": "its own tests",
    "documents:certificate-file": "its own tests",
    "documents:workspace-certificate": "its own tests",
    "documents:workspace-certificate-file": "its own tests",
    "documents:filings": OFFICE,
    "documents:filing": OFFICE,
    "documents:filing-file": "its own tests",
    "documents:filing-bundle": "its own tests",
    "documents:resume-filing": "POST by lawyers",
    "documents:correct-filing": "its own tests",
    "documents:verify-filing": "its own tests",
    "documents:verify": EVERYONE,
    "documents:verify-code": EVERYONE,
    "redress:scenarios": OFFICE,
    "redress:scenario": OFFICE,
    "redress:run": OFFICE,
    "redress:picture": OFFICE,
    "redress:run-scenario": "POST by lawyers",
    "account_login": EVERYONE,
    "account_logout": LOGIN,
    "account_signup": EVERYONE,
    "account_inactive": EVERYONE,
    "account_request_login_code": EVERYONE,
    "account_confirm_login_code": EVERYONE,
    "account_reauthenticate": LOGIN,
    "account_change_password": LOGIN,
    "account_set_password": LOGIN,
    "account_reset_password": EVERYONE,
    "account_reset_password_done": EVERYONE,
    "account_reset_password_from_key": EVERYONE,
    "account_reset_password_from_key_done": EVERYONE,
    "mfa_index": OFFICE_FACTORS,
    "mfa_authenticate": EVERYONE,
    "mfa_reauthenticate": OFFICE_FACTORS,
    "mfa_activate_totp": OFFICE_FACTORS,
    "mfa_deactivate_totp": OFFICE_FACTORS,
    "mfa_view_recovery_codes": OFFICE_FACTORS,
    "mfa_generate_recovery_codes": OFFICE_FACTORS,
    "mfa_list_webauthn": OFFICE_FACTORS,
    "mfa_add_webauthn": OFFICE_FACTORS,
    "mfa_login_webauthn": EVERYONE,
    "mfa_reauthenticate_webauthn": OFFICE_FACTORS,
    "mfa_remove_webauthn": OFFICE_FACTORS,
    "set_language": EVERYONE,
    # Tested where the API and the health page are.
    "api-index": EVERYONE,
    "api-missing": EVERYONE,
    "api-schema": EVERYONE,
    "api-actions": EVERYONE,
    "api-action": EVERYONE,
    "api-claims": "their own tests",
    "api-claim": "their own tests",
    "api-jobs": "their own tests",
    "api-job": "their own tests",
    "api-scenarios": "their own tests",
    "api-runs": "their own tests",
    "api-run": "their own tests",
    "api-filings": "their own tests",
    "api-filing": "their own tests",
    "api-filing-file": "their own tests",
    "health": EVERYONE,
    "csp-report": "its own tests",
    "metrics": "token",
}
OFFICE_PAGES = [name for name, rule in ACCESS.items() if rule == OFFICE and name != "claims:workspace"]
LAWYER_STEPS = [name for name, rule in ACCESS.items() if rule == "POST by lawyers"]


@pytest.fixture
def address(action, claim, job, scenario_run, filing):
    """Return a function that builds the address of a name for this action."""
    parts = {"slug": action.slug, "reference": claim.reference, "code": job.code}
    parts |= {"name": "base", "picture": "exceedance", "run": scenario_run.code, "filing": filing.code}
    pieces = {
        "claims:workspace-claim": ("slug", "reference"),
        "claims:workspace-claim-joining": ("slug", "reference"),
        "claims:workspace-release": ("slug", "reference"),
        "claims:workspace-accept": ("slug", "reference"),
        "claims:workspace-drop": ("slug", "reference"),
        "claims:workspace-take-back": ("slug", "reference"),
        "claims:workspace-job": ("slug", "code"),
        "claims:workspace-cancel": ("slug", "code"),
        "redress:scenario": ("slug", "name"),
        "redress:run-scenario": ("slug", "name"),
        "redress:run": ("slug", "run"),
        "redress:picture": ("slug", "run", "picture"),
        "documents:filing": ("slug", "filing"),
        "documents:resume-filing": ("slug", "filing"),
    }
    names = {"run": "code", "filing": "code"}  # what the address calls it
    return lambda name: reverse(name, kwargs={names.get(key, key): parts[key] for key in pieces.get(name, ("slug",))})


def walk_names(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            yield from walk_names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)


def test_every_address_is_in_the_table():
    assert set(walk_names(get_resolver().url_patterns)) == set(ACCESS)


@pytest.mark.parametrize("name", OFFICE_PAGES)
def test_an_office_page_is_for_the_office_of_its_action(visit, address, name):
    anonymous = visit("anonymous", address(name))
    assert anonymous.status_code == 302 and anonymous.url.startswith(reverse("account_login"))
    assert {who: visit(who, address(name)).status_code for who in PEOPLE[1:]} == {
        "stranger": 404, "neighbour": 404, "staff": 200, "lawyer": 200,
    }  # fmt: skip


@pytest.mark.parametrize("name", LAWYER_STEPS)
def test_a_lawyers_step_is_for_lawyers_of_its_action(visit, address, name):
    assert visit("anonymous", address(name), "post").url.startswith(reverse("account_login"))
    assert {who: visit(who, address(name), "post").status_code for who in PEOPLE[1:]} == {
        "stranger": 404, "neighbour": 404, "staff": 404, "lawyer": 302,
    }  # fmt: skip


@pytest.mark.parametrize("name", LAWYER_STEPS)
def test_a_step_is_never_taken_by_opening_an_address(visit, address, name):
    assert visit("lawyer", address(name)).status_code == 405


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
