"""Every kind of text that breaks careless programs, on the pages of one's own claim: kept as typed, or refused in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.answers import read_text_answer
from claims.models import Claim, Claimant, Decision, Reply
from claims.review import refusing, replies
from claims.review.words import open_words
from tests.claims.views.test_my import at
from tests.claims.views.test_my import files as files
from tests.claims.views.test_my import mine as mine
from tests.claims.views.test_my import person as person
from tests.claims.views.test_my import sent as sent
from tests.claims.views.test_naughty import fold
from tests.factories import make_user
from tests.naughty import TEXTS

pytestmark = pytest.mark.django_db
LIVE = ("<script>alert", "<script>window")


@pytest.fixture
def lawyer(action):
    return make_user("lawyer2@example.org", role="lawyer", action=action)


def send(client, url, texts):
    """Send what was typed; return whether it was taken, with nothing that runs on the page that answers."""
    answer = client.post(url, texts)
    shown = answer.content.decode()
    assert answer.status_code in {200, 302}, texts
    assert answer.status_code == 302 or "There is a problem" in shown, texts
    assert not any(sign in shown for sign in LIVE) and "\0" not in shown
    return answer.status_code == 302


def announce(claim, lawyer):
    """Say that a claim may be refused, long enough ago that the claimant was told."""
    Claim.objects.filter(pk=claim.pk).update(findings="nyyy", outcome="ineligible")
    refusing.announce_refusal(claim, "criterion", by=lawyer)
    Decision.objects.update(at=timezone.now() - timedelta(hours=1))


def read_lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def test_contact_data_are_kept_as_typed_or_refused(mine, sent):
    taken, same = 0, {"answer.country": "AT", "answer.language": "en"}
    for street, city in zip(TEXTS[::6], TEXTS[3::6], strict=False):
        if send(mine, at("my-contact", sent), same | {"answer.street": street, "answer.city": city}):
            taken, person = taken + 1, Claimant.objects.get()
            assert (fold(person.street), fold(person.city)) == (fold(street), fold(city))
    for text in TEXTS[1::24]:  # what fits into neither, mostly
        send(mine, at("my-contact", sent), same | {"answer.phone": text, "answer.postcode": text})
    assert taken > 20 and not any(sign in mine.get(at("my-claim", sent)).content.decode() for sign in LIVE)


def test_an_answer_that_is_corrected_is_kept_as_typed_or_refused(mine, sent):
    url, taken = at("my-answer", sent, "damage_text"), 0
    for text in TEXTS[1::12]:
        Claim.objects.filter(pk=sent.pk).update(findings="yyyu", answers={})  # open again
        if send(mine, url, {"answer.damage_text": text}):
            taken += 1
            assert read_text_answer(Claim.objects.get(), "damage_text") == read_lines(text)
    assert taken > 20 and not any(sign in mine.get(at("my-claim", sent)).content.decode() for sign in LIVE)


def test_what_is_written_in_a_hearing_is_kept_as_typed_or_refused(mine, sent, lawyer, monkeypatch):
    monkeypatch.setattr(replies, "MOST", 999)
    announce(sent, lawyer)
    taken = 0
    for text in TEXTS[2::12]:
        if send(mine, at("my-reply", sent), {"words": text}):
            taken, reply = taken + 1, Reply.objects.latest("pk")
            assert read_lines(open_words(sent, reply.code, reply.words)) == read_lines(text)
    assert taken > 20


def test_another_language_keeps_the_words_of_a_hearing_that_are_not_sent_yet(mine, sent, lawyer):
    announce(sent, lawyer)
    page = mine.post(at("my-reply", sent), {"words": "Half of what\n<I> want", "language": "de"}).content.decode()
    assert '<html lang="de"' in page and "Half of what\n&lt;I&gt; want</textarea>" in page and "field-error" not in page
    assert 'form="language-form" hidden' in page and not Reply.objects.exists()


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x85"])
def test_a_sign_that_cannot_be_kept_is_taken_out_before_the_eyes_of_who_wrote(mine, sent, lawyer, sign):
    announce(sent, lawyer)
    page = mine.post(at("my-reply", sent), {"words": f"It was{sign} private."}).content.decode()
    assert "We took out characters that cannot be kept" in page and "It was private." in page
    assert not Reply.objects.exists()
