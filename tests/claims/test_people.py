"""Administrators say who works in an action; nobody lifts the own rights, and a lost factor takes two of them."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from claims import factor_resets, people
from claims.accounts import grant_role
from claims.base.errors import Refused
from claims.models import Claim, FactorReset, HistoryEvent, Mail, Role
from tests.factories import make_action, make_claim, make_claimant, make_user

PAGE = "/workspace/small/people/"


@pytest.fixture
def office(action):
    return {name: make_user(role=role, action=action, name=name) for name, role in (
        ("Ada", "administrator"), ("Bea", "administrator"), ("Leo", "lawyer"))}  # fmt: skip


@pytest.fixture
def ada(client, office):
    client.force_login(office["Ada"])
    return office["Ada"]


def find_role(office, name):
    return office[name].roles.get()


@pytest.mark.usefixtures("noon")
def test_an_administrator_lets_an_expert_in_until_a_day(client, ada):
    today = timezone.localdate()
    answer = client.post(PAGE, {"email": "Eva@expert.example", "role": "auditor", "until": today.isoformat()})
    assert answer.url == PAGE
    role = Role.objects.get(user__email="eva@expert.example")
    assert (role.name, role.last_day) == ("auditor", today)
    assert Mail.objects.get().kind == "invitation" and "eva" not in str(HistoryEvent.objects.latest("number").data)
    assert "eva@expert.example" in client.get(PAGE).content.decode()


def test_what_is_wrong_in_the_form_is_said(client, ada):
    page = client.post(PAGE, {"email": "x", "role": "king", "until": "2020-01-01"}).content.decode()
    assert "There is a problem" in page and "This day is over" in page and Role.objects.count() == 3


@pytest.mark.parametrize("role", ["lawyer", "administrator"])
def test_nobody_changes_the_own_rights(client, office, ada, role):
    client.post(PAGE, {"email": ada.email, "role": role})
    for step in ("take-away", "close", "lost-factor"):
        client.post(f"{PAGE}{find_role(office, 'Ada').pk}/{step}/")
    ada.refresh_from_db()
    assert find_role(office, "Ada").name == "administrator" and ada.is_active and not FactorReset.objects.exists()


def test_a_role_taken_away_ends_what_one_sees_at_once(client, office, ada):
    from django.test import Client

    lawyer = Client()
    lawyer.force_login(office["Leo"])
    assert lawyer.get("/workspace/small/").status_code == 200
    client.post(f"{PAGE}{find_role(office, 'Leo').pk}/take-away/")
    assert lawyer.get("/workspace/small/").url.startswith("/accounts/login/")
    assert HistoryEvent.objects.filter(verb="role revoked", by=ada).exists()


def test_the_last_administrator_stays(office):
    people.take_away(find_role(office, "Bea"), by=office["Ada"])
    with pytest.raises(Refused, match="last administrator"):
        people.take_away(find_role(office, "Ada"), by=office["Bea"])
    with pytest.raises(Refused, match="last administrator"):
        people.invite(
            find_role(office, "Ada").action, office["Ada"].email, "staff", until=None, language="en", by=office["Bea"]
        )


def test_the_account_of_a_claimant_is_not_closed(action, office):
    make_claim(action, make_claimant(user=office["Leo"]))
    with pytest.raises(Refused, match="other actions"):
        people.close_account(find_role(office, "Leo"), by=office["Ada"])


def test_a_lost_factor_takes_two_administrators(client, office, ada):
    leo = find_role(office, "Leo")
    client.post(f"{PAGE}{leo.pk}/lost-factor/")
    client.post(f"{PAGE}{leo.pk}/agree/")  # the same administrator
    assert Authenticator.objects.filter(user=office["Leo"]).exists()
    client.force_login(office["Bea"])
    client.post(f"{PAGE}{leo.pk}/agree/")
    assert not Authenticator.objects.filter(user=office["Leo"]).exists()
    assert Mail.objects.get().kind == "factors_taken_off"
    verbs = HistoryEvent.objects.filter(subject="user", subject_id=office["Leo"].pk).values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["factor reset asked for", "factors taken off"]


def test_what_was_asked_for_the_day_before_is_forgotten(office):
    leo = find_role(office, "Leo")
    factor_resets.ask_reset(leo, by=office["Ada"])
    FactorReset.objects.update(asked_at=timezone.now() - factor_resets.GOOD_FOR)
    with pytest.raises(Refused, match="within a day"):
        factor_resets.agree_reset(leo, by=office["Bea"], language="en")


def test_the_factor_of_somebody_who_works_for_others_too_is_not_taken_off_here(office):
    grant_role(office["Leo"], make_action("other"), "lawyer")
    with pytest.raises(Refused, match="also in other actions"):
        factor_resets.ask_reset(office["Leo"].roles.get(action__slug="small"), by=office["Ada"])
    assert not FactorReset.objects.exists()


def test_an_administrator_comes_to_the_people_and_sees_no_claim(client, action, ada):
    claim = make_claim(action)
    assert client.get("/workspace/").url == PAGE
    page = client.get(PAGE).content.decode()
    assert reverse("claims:workspace-claims", args=["small"]) not in page
    assert client.get(f"/workspace/small/claims/{claim.reference}/").status_code == 404
    assert Claim.objects.exists()


def test_an_auditor_reads_who_works_here_and_changes_nothing(client, action, office):
    client.force_login(make_user(role=Role.Name.AUDITOR, action=action))
    page = client.get(PAGE).content.decode()
    assert "Leo" in page and "Let somebody work here" not in page and "people/" not in page.split("<main")[1]
    assert client.post(PAGE, {"email": "x@expert.example", "role": "auditor"}).status_code == 404
