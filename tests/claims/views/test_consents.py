"""Taking a consent back is as easy as giving it (GDPR, Article 7(3)): one tick on one's own page, at any time."""

import pytest
from django.urls import reverse

from claims import consents, curing, intake, mandates
from claims.base.history import list_events
from claims.duplicates.words import count_declarations
from claims.models import Claim, DeclarationText
from claims.own_data import collect_own_data
from claims.withdrawals import withdraw_claim
from documents.certificates import list_accepted
from documents.own_data import look_at_own_data
from tests.claims.test_intake import ABOUT, ANSWERS
from tests.factories import make_claim, make_claimant, make_user, send_and_enter

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def person():
    return make_user("eleni@paradeigma.example")


@pytest.fixture
def registration(action, person):
    """Complete, with the consent to news ticked."""
    registration = intake.start_registration(action, by=person, language="en")
    intake.save_step(registration, {**ABOUT, **ANSWERS})
    texts = mandates.list_wanted(action, {}, "en") + mandates.list_optional(action, "en")
    mandates.accept_declarations(registration, texts)
    return registration


@pytest.fixture
def sent(registration):
    return send_and_enter(registration)


@pytest.fixture
def mine(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def at(claim, name="my-consents"):
    return reverse(f"claims:{name}", args=[claim.reference])


def read(client, url):
    return client.get(url).content.decode()


def list_news(claim):
    return [it for it in mandates.list_acceptances(claim) if it.text.kind == "news"]


def is_ticked(page):
    return " checked>" in page


def test_a_consent_is_taken_back_with_one_tick_and_given_anew_as_a_new_row(mine, sent):
    assert at(sent) in read(mine, at(sent, "my-claim")) and is_ticked(read(mine, at(sent)))
    assert mine.post(at(sent), {}).url == at(sent, "my-claim")
    (first,) = list_news(sent)
    assert first.taken_back_at and not is_ticked(read(mine, at(sent)))
    mine.post(at(sent), {"news": "on"})
    old, new = list_news(sent)
    assert (old, old.taken_back_at) == (first, first.taken_back_at) and is_ticked(read(mine, at(sent)))
    assert new.taken_back_at is None and (new.text, new.claim) == (first.text, sent) and new.text.sha256


def test_only_consents_can_be_taken_back(mine, sent):
    mine.post(at(sent), {"shown.truth": "x"})
    assert [it.text.kind for it in sent.acceptances.filter(taken_back_at=None).select_related("text")] == ["truth"]
    assert "accept-truth" not in read(mine, at(sent))


def test_what_stays_as_it_was_changes_nothing_and_is_no_event(mine, sent):
    before = list_events(sent).count()
    mine.post(at(sent), {"news": "on"})
    assert list_events(sent).count() == before and len(list_news(sent)) == 1


def test_the_history_and_the_timeline_tell_of_it_by_kind(mine, sent, person):
    mine.post(at(sent), {})
    event = list_events(sent)[0]
    assert (event.verb, event.by, event.data) == ("consent taken back", person, {"kinds": ["news"]})
    mine.post(at(sent), {"news": "on"})
    page = read(mine, at(sent, "my-claim"))
    assert "A consent was taken back" in page and "A consent was given" in page and "Taken back " in page


def test_what_was_taken_back_counts_nowhere_and_is_in_the_own_data(mine, sent, registration, person):
    assert "news" in mandates.list_accepted_kinds(registration) and count_declarations(sent) == 2
    mine.post(at(sent), {})
    registration.refresh_from_db()
    assert mandates.list_accepted_kinds(registration) == {"truth"} and consents.list_given(sent) == set()
    assert [row[0] for row in list_accepted(sent)] == ["Truth"] and count_declarations(sent) == 1
    said = collect_own_data(person)["people"][0]["claims"][0]["declarations"]
    assert {it["kind"]: bool(it["taken_back_at"]) for it in said} == {"truth": False, "news": True}
    assert "taken back" in look_at_own_data(person)["keys"]["people[].claims[].declarations"]
    assert "Taken back " in read(mine, "/my/data/")


def test_a_question_that_goes_with_a_declaration_asks_for_it_again_once_that_is_taken_back(mine, sent):
    question = {"declared": {"kind": "news", "answer": "yes"}}
    assert curing.find_declaration(sent, question, "en") is None
    mine.post(at(sent), {})
    assert curing.find_declaration(sent, question, "en").kind == "news"


def test_a_withdrawn_claim_and_a_closed_action_let_consents_be_taken_back(mine, sent, person):
    withdraw_claim(sent, by=person)
    type(sent.action).objects.update(stage="closed")
    assert at(sent) in read(mine, at(sent, "my-claim"))
    mine.post(at(sent), {})
    assert consents.list_given(sent) == set()


def test_until_a_worker_has_made_the_claim_the_page_leads_to_what_was_sent(mine, registration, person):
    waiting = intake.send_registration(registration, by=person)
    assert mine.post(at(waiting), {}).url == at(waiting, "sent")


def test_an_old_page_gives_nothing_again_that_was_taken_back_elsewhere(mine, sent):
    shown = mine.get(at(sent)).context["shown"]["news"]
    mine.post(at(sent), {})
    mine.post(at(sent), {"news": "on", "shown.news": shown})
    assert consents.list_given(sent) == set()


def test_another_language_keeps_the_tick_that_is_not_saved_yet(mine, sent):
    page = mine.post(at(sent), {"language": "de"}).content.decode()
    assert '<html lang="de"' in page and not is_ticked(page) and consents.list_given(sent) == {"news"}


def test_words_that_changed_since_do_not_stand_for_those_that_were_accepted(mine, sent):
    (given,) = list_news(sent)
    text = DeclarationText.objects.get(pk=given.text_id)
    text.pk, text.version, text.summary = None, 2, "Newer words."
    text.save()
    assert "Newer words." not in read(mine, at(sent))
    mine.post(at(sent), {})
    assert "Newer words." in read(mine, at(sent))
    mine.post(at(sent), {"news": "on"})
    assert list_news(sent)[-1].text.version == 2


def test_whoever_came_in_by_import_can_give_a_consent(mine, action, person):
    claim = make_claim(action, make_claimant(user=person))
    mine.post(at(claim), {"news": "on"})
    assert consents.list_given(claim) == {"news"}


def test_nothing_is_given_for_a_claim_that_was_erased_meanwhile(sent, person):
    claim, texts = Claim.objects.get(), mandates.list_optional(sent.action, "en")
    type(claim.claimant).objects.update(user=None)
    claim.acceptances.all().delete()
    consents.save_consents(claim, texts, offered=texts, by=person)
    assert not claim.acceptances.exists()
