"""A claim that came in by a file: its address proven by a link and the day of birth open it, nothing less."""

import re
from datetime import date

import pytest
from django.core import mail
from django.test import Client

from claims.accounts import disable_user
from claims.base.addresses import make_address_key
from claims.base.mails import send_queued_mails
from claims.contacts import change_email
from claims.erasing import erase_claimant
from claims.models import Claim, HistoryEvent, Mail, Role, User
from claims.own_data import collect_own_data
from tests.factories import load_small_pack, make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
EMAIL, CONNECT = "lukasz@muster.example", "/my/connect/"
BORN, NOT_BORN = (
    {f"answer.birth_date.{part}": text for part, text in (("day", day), ("month", "5"), ("year", "1990"))}
    for day in ("2", "3")
)


@pytest.fixture
def claim():
    return make_claim(load_small_pack(), make_claimant(email="Lukasz@muster.example"))


def ask_for_link(client, email=EMAIL):
    client.post("/accounts/login/code/", {"email": email})
    send_queued_mails()
    return re.search(r"http://[^/\s]+(/my/connect/\S+/)", mail.outbox[-1].body).group(1)


def enter(client, email=EMAIL):
    client.force_login(make_user(email))
    return client


def test_who_has_no_account_opens_the_claim_with_the_link_and_the_day_of_birth(client, claim):
    link = ask_for_link(client)
    assert client.get(link).status_code == 200 and not User.objects.filter(email=EMAIL).exists()
    assert client.post(link).url == CONNECT
    assert client.post(CONNECT, NOT_BORN).status_code == 200 and not User.objects.filter(email=EMAIL).exists()
    assert client.post(CONNECT, BORN).url == f"/my/claims/{claim.reference}/"
    assert client.get(f"/my/claims/{claim.reference}/").status_code == 200
    assert HistoryEvent.objects.filter(verb="claim connected").count() == 1
    assert Client().post(link).url == "/accounts/login/"  # it works once


def test_signing_in_says_the_way_to_whoever_came_from_a_mail_of_ours_and_has_no_account(client, claim):
    assert (
        "that mail leads you to your claim"
        in client.get(f"/my/claims/{claim.reference}/", follow=True).content.decode()
    )
    asked = client.post("/accounts/login/code/", {"email": EMAIL}, follow=True)
    assert "the mail holds a link instead of a code" in asked.content.decode()


def test_the_link_makes_no_account_where_no_claim_has_the_address(client, claim):
    assert client.post(ask_for_link(client, "nobody@muster.example")).url == "/"
    assert not User.objects.exists() and "_auth_user_id" not in client.session


def test_an_account_that_exists_gets_no_link(client, claim):
    make_user(EMAIL)
    client.post("/accounts/login/code/", {"email": EMAIL})
    send_queued_mails()
    assert "/my/connect/" not in mail.outbox[-1].body


def test_another_day_of_birth_opens_nothing_and_five_tries_are_all(client, claim):
    enter(client)
    for _ in range(5):
        page = client.post(CONNECT, NOT_BORN)
        assert page.status_code == 200 and "We found no claim" in page.content.decode()
    assert client.post(CONNECT, BORN).status_code == 429
    assert Claim.objects.get().claimant.user is None


def test_an_unknown_day_of_birth_matches_nobody(client):
    make_claim(load_small_pack(), make_claimant(email=EMAIL, birth_date=None))
    assert "We found no claim" in enter(client).post(CONNECT, BORN).content.decode()


def test_the_page_is_the_same_with_and_without_a_claim_of_that_address(client, claim):
    pages = [enter(Client(), email).get(CONNECT).content.decode() for email in (EMAIL, "other@muster.example")]
    first, second = (re.sub(r'nonce="[^"]*"|value="[^"]*"|(lukasz|other)@\S+', "", page) for page in pages)
    assert first == second


def test_the_page_says_whom_to_write_to_of_every_action_that_everyone_sees(client, action):
    enter(client, "other@muster.example")
    action.facts["contact"] = {"email": "office@muster.example"}
    for is_shown in (True, False):
        action.is_published = is_shown
        action.save()
        assert ("mailto:office@muster.example" in client.get(CONNECT).content.decode()) is is_shown


def test_the_link_of_a_mail_leads_over_the_day_of_birth_to_the_question(client, claim):
    there = f"/my/claims/{claim.reference}/answer/birth_date/"
    way = enter(client).get(there).url
    assert way.startswith(CONNECT)
    assert client.post(way, BORN).url == there


def test_strangers_are_led_nowhere_and_no_other_host_is_gone_to(client, claim):
    stranger = enter(Client(), "stranger@muster.example")
    assert stranger.get(f"/my/claims/{claim.reference}/").status_code == 404
    assert enter(client).post(f"{CONNECT}?next=https://evil.example/", BORN).url == f"/my/claims/{claim.reference}/"


def test_only_the_person_with_that_day_of_birth_is_opened_of_a_family(client, claim):
    child = make_claim(claim.action, make_claimant(email=EMAIL, birth_date=date(2014, 5, 2)))
    enter(client).post(CONNECT, BORN)
    assert client.get(f"/my/claims/{child.reference}/").url.startswith(CONNECT)
    assert "came in by post or from a list" in client.get("/my/").content.decode()


def test_what_an_account_holds_nobody_takes_from_it(client, claim):
    owner = make_user("owner@muster.example")
    claim.claimant.user = owner
    claim.claimant.save()
    enter(client).post(CONNECT, BORN)
    assert Claim.objects.get().claimant.user == owner


def test_who_works_on_the_matter_opens_no_claim_in_it(client, claim):
    client.force_login(make_user(EMAIL, role=Role.Name.STAFF, action=claim.action))
    assert "You work on this matter" in client.post(CONNECT, BORN).content.decode()
    assert Claim.objects.get().claimant.user is None


@pytest.mark.parametrize("unknown", [{"answer.birth_date": "unknown"}, {"answer.birth_date.unknown": "unknown"}, {}])
def test_not_knowing_the_day_of_birth_is_no_answer_here(client, claim, unknown):
    page = enter(client).post(CONNECT, unknown)
    assert page.status_code == 200 and "Please answer" in page.content.decode()


def test_twins_are_told_apart_by_the_office(client, claim):
    make_claim(claim.action, make_claimant(email=EMAIL, given_name="Eva"))
    assert "More than one person" in enter(client).post(CONNECT, BORN).content.decode()
    assert not Claim.objects.exclude(claimant__user=None).exists()


def test_a_closed_account_opens_nothing_and_nobody_is_signed_in(client, claim):
    disable_user(make_user(EMAIL))
    assert client.post(ask_for_link(client)).url == CONNECT
    assert "This account is closed" in client.post(CONNECT, BORN).content.decode()
    assert "_auth_user_id" not in client.session and User.objects.get().last_login is None


def test_without_an_account_or_a_link_one_signs_in_first(client, claim):
    assert client.get(CONNECT).url.startswith("/accounts/login/")


def test_who_worked_on_the_matter_once_may_claim_now(client, claim):
    role = Role.objects.create(user=make_user(EMAIL), action=claim.action, name=Role.Name.STAFF)
    Role.objects.filter(pk=role.pk).update(ends_at="2026-01-05T00:00Z")
    client.force_login(role.user)
    assert client.post(CONNECT, BORN).url == f"/my/claims/{claim.reference}/"


def test_after_the_own_claim_one_is_not_sent_to_the_childs(client, claim):
    child = make_claim(claim.action, make_claimant(email=EMAIL, birth_date=date(2014, 5, 2)))
    way = enter(client).get(f"/my/claims/{child.reference}/?a=b").url
    assert "a%3Db" in way and client.post(way, BORN).url == f"/my/claims/{claim.reference}/"


def test_what_was_merged_or_withdrawn_is_no_news(client, claim):
    Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.WITHDRAWN)
    assert "came in by post" not in enter(client).get("/my/").content.decode()


@pytest.mark.parametrize("has_moved", [False, True])
def test_mails_about_others_under_the_address_stay_theirs(client, claim, has_moved):
    child = make_claim(claim.action, make_claimant(email=EMAIL, birth_date=date(2014, 5, 2)))
    for it in (claim, child):
        Mail.objects.create(to=EMAIL, to_key=make_address_key(EMAIL), kind="asked", subject="-", text=it.reference)
    enter(client).post(CONNECT, BORN)
    if has_moved:
        change_email(User.objects.get(), "lukasz@neu.example")
        Mail.objects.filter(kind="moved").delete()
    father = Claim.objects.get(pk=claim.pk).claimant
    assert [mail["text"] for mail in collect_own_data(father.user)["mails"]] == [claim.reference]
    erase_claimant(father, by=father.user)
    assert list(Mail.objects.filter(kind="asked").values_list("text", flat=True)) == [child.reference]


def test_an_address_that_somebody_else_has_proven_in_this_browser_is_not_that_of_who_signs_in(client, claim):
    make_claim(claim.action, make_claimant(email="ana@muster.example", birth_date=date(1988, 1, 1)))
    client.post(ask_for_link(client, "ana@muster.example"))
    assert enter(client).post(CONNECT, BORN).url == f"/my/claims/{claim.reference}/"
