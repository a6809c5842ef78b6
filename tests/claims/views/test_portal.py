"""What claimants read: what is true now, what it rests on, what nobody knows yet."""

import re
from datetime import date

import pytest

from claims.contacts import change_email
from claims.counts import add_counts
from claims.letters import send_letter
from claims.models import Claim, Mail
from claims.opening.changing import change_facts
from claims.procedure.events import EventDraft, record_event
from claims.templatetags.claims_wording import amount, figure, people, visible
from claims.wording import day
from tests.factories import make_action, make_claim, make_user


def read(client, url, **headers):
    return re.sub(r"\s+", " ", client.get(url, headers=headers).content.decode())


def test_the_first_page_lists_open_actions(client, action):
    page = read(client, "/")
    assert "Example v. Sample" in page and "does not exist" in page


def test_an_action_page_gives_every_statement_its_source(client, action):
    page = read(client, "/actions/small/")
    cited = set(re.findall(r"href=\"#s(\d+)\"", page))
    listed = set(re.findall(r"<li id=\"s(\d+)\"", page))
    assert cited == listed and cited


def test_registering_is_never_shown_as_joining(client, action):
    page = read(client, "/actions/small/")
    assert "Registering with us is not yet joining" in page
    assert "None: not filed" in page
    assert "Never: joining cannot be taken back" in page


def test_the_page_of_an_action_follows_what_the_office_entered(client, action):
    action.facts["facts"] += [
        {"text": {"en": "Nothing was filed."}, "source": "invented", "holds_until": "action-filed"}
    ]
    action.save()
    assert "Nothing was filed." in read(client, "/actions/small/")
    record_event(action, EventDraft("action-filed", date(2026, 1, 12), source="stamp of the registry"), by=None)
    page = read(client, "/actions/small/")
    assert "Nothing was filed." not in page and "None: not filed" not in page
    assert page.count("stamp of the registry") >= 1 and "<dt>File number</dt><dd>Not yet known" in page
    action.refresh_from_db()
    change_facts(action, {"file_number": "12 Cg 3/26x"}, by=make_user(), reason="The court gave it")
    assert "12 Cg 3/26x" in read(client, "/actions/small/")


def test_a_date_that_the_law_has_not_fixed_is_not_yet_known(client, action):
    page = read(client, "/actions/small/")
    assert '<dt>Last day to join</dt><dd> <span class="tag unk">Not yet known</span>' in page
    assert "the court publishes" in page


def test_trap_6_another_action_of_the_same_matter_is_named(client, action):
    make_action("sister", matter=action.matter.slug)
    make_action("stranger")
    page = read(client, "/actions/small/")
    assert "/actions/sister/" in page and "/actions/stranger/" not in page


def test_the_page_leads_to_the_check_first(client, action):
    page = read(client, "/actions/small/")
    assert 'class="btn" href="/actions/small/check/"' in page and "4 questions, no account." in page
    assert 'href="/actions/small/register/"' in page
    assert page.index("/actions/small/check/") < page.index('class="toc"')


def test_an_action_that_has_ended_says_so_and_has_no_check(client, action):
    type(action).objects.update(stage="dismissed")
    page = read(client, "/actions/small/")
    assert "This action has ended" in page and "/check/" not in page and "/register/" not in page


def test_the_page_says_where_the_action_stands_and_how_it_ended(client, action):
    page = read(client, "/actions/small/")
    assert "<b>27 May 2025</b><br>It started." in page
    assert "Date not yet known</span><br>Order." in page
    assert "our record has no decision in this action" in page
    action.facts["outcomes"] = [{"on": "2026-03-01", "text": {"en": "The court ordered it."}, "source": "invented"}]
    action.save()
    assert "<b>1 March 2026</b><br>The court ordered it." in read(client, "/actions/small/")


def test_the_dates_of_the_page_come_from_the_events_alone(client, action):
    action.events.filter(key="started").update(on="2024-02-03")
    page = read(client, "/actions/small/")
    assert "3 February 2024" in page and "27 May 2025" not in page


def test_the_page_says_who_is_behind_the_action_and_how_data_are_used(client, action):
    page = read(client, "/actions/small/")
    assert "Designated in Austria" in page and "Sample Ltd, Ireland" in page
    for title in ("Who answers for it", "What for", "By what right", "Who sees them", "How long", "Your rights"):
        assert f"<h3>{title}</h3>" in page


def test_whoever_asks_a_person_finds_where(client, action, own_claim):
    action.facts |= {"contact": {"email": "help@office.example", "name": "Ana Muster"}}
    action.save()
    sign_in(client, own_claim)
    for address in ("/actions/small/", "/my/", f"/my/claims/{own_claim.reference}/contact/"):
        page = read(client, address)
        assert "Ana Muster" in page and 'href="mailto:help@office.example"' in page


def test_every_mail_about_a_claim_says_where_a_person_answers(action, own_claim):
    action.facts |= {"contact": {"email": "help@office.example", "phone": "0123"}}
    action.save()
    for kind in ("receipt", "merged"):
        letter = send_letter(Claim.objects.get(pk=own_claim.pk), kind, is_kept=False)
        assert "Contact: help@office.example, 0123" in letter.text and "mailto:help@office.example" in letter.html
        assert "nswer this mail" not in letter.text
    user = own_claim.claimant.user
    change_email(user, "new@person.example")
    assert "help@office.example" in Mail.objects.get(kind="moved").text


def test_a_small_number_of_people_is_not_published(client, action):
    make_claim(action)
    assert "fewer than 10 people" in read(client, "/actions/small/")
    add_counts(action.pk, {("AT", "", ""): 1233})
    assert "1,234 people" in read(client, "/actions/small/")


def sign_in(client, claim):
    client.force_login(claim.claimant.user, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_a_claim_shows_registering_and_joining_side_by_side(client, own_claim):
    sign_in(client, own_claim)
    page = read(client, "/my/")
    assert "<b>Registered</b>" in page and "<b>Not joined yet</b>" in page
    assert "We have not checked your claim yet." in page


def test_a_finding_is_told_with_what_is_missing(client, action, own_claim):
    version = action.criteria
    letters = "u" + "y" * (len(version.document["criteria"]) - 1)
    Claim.objects.filter(pk=own_claim.pk).update(criteria_version=version, findings=letters, outcome="needs_info")
    sign_in(client, own_claim)
    page = read(client, "/my/")
    assert "That is not a no" in page
    assert version.document["criteria"][0]["unknown"]["en"] in page


def test_pages_speak_the_language_of_the_reader(client, action):
    page = read(client, "/actions/small/", accept_language="de")
    assert '<html lang="de">' in page and "Eine kleine Klage" in page


def test_a_text_in_another_language_says_which(client, action):
    action.facts["headline"] = {"en": "Only in English"}
    action.save()
    assert '<span lang="en">Only in English</span>' in read(client, "/actions/small/", accept_language="de")


@pytest.mark.parametrize("name", ["403.html", "404.html", "500.html", "503.html"])
def test_error_pages_need_no_context(db, name):
    from django.template.loader import render_to_string

    assert "<h1>" in render_to_string(name)


def test_values_are_said_in_words():
    assert (amount(500000), amount(12345)) == ("€5,000", "€123.45")
    assert day("2025-05-27") == "27 May 2025"
    assert day("2025-01/2025-06") == "January 2025 – June 2025"
    assert people(0) == "nobody yet"
    assert figure({"value": 263_600_000, "unit": "accounts"}) == "263.6 million"
    assert visible("a\x00b\u2066c\nd") == "a[U+0000]b[U+2066]c\nd"


@pytest.mark.parametrize("path", ["/", "/actions/small/", "/actions/small/check/", "/actions/small/register/"])
def test_pages_for_everyone_travel_compressed_and_pages_with_a_session_do_not(client, action, path):
    zipped = {"accept-encoding": "gzip"}
    assert client.get(path, headers=zipped)["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(f"{path}?typed=1", headers=zipped)
    assert "Content-Encoding" not in client.post(path, {"answer.uses_privately": "yes"}, headers=zipped)
    client.force_login(make_user())
    assert "Content-Encoding" not in client.get(path, headers=zipped)


UNCHECKED = "No lawyer has checked this translation yet."


def test_words_of_the_law_that_nobody_checked_say_so_in_every_language_but_the_one_that_prevails(client, action):
    page = read(client, "/actions/small/")
    assert "the text in this language prevails: German" in page and page.count(UNCHECKED) == 3
    assert read(client, "/actions/small/", **{"accept-language": "de"}).count('class="cite">Das ist eine Übers') == 0
    action.facts["signed_off"]["action.yaml"] = {"en": "A. Counsel"}
    action.save()
    assert read(client, "/actions/small/").count(UNCHECKED) == 1  # the record of the law has no such sign-off
