"""Mails: rendered in the reader's language, written with what they tell of, and kept as told."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext_lazy

from claims.base import calls, mails
from claims.base.errors import Refused
from claims.models import Mail

ANA = "ana@muster.example"
CONTEXT = {
    "code": "1234-5678",
    "reason": "You register <b>O'Neill</b> & co.",
    "link": "http://testserver/x/",
    "minutes": 30,
}


@pytest.fixture
def calls_made(monkeypatch):
    """The wake-up calls to workers."""
    made = []
    monkeypatch.setattr(calls.current_app, "send_task", lambda task, **options: made.append(task))
    return made


def queue(to=ANA, language="en", **fields):
    return mails.queue_mail(to, kind="code", language=language, context=CONTEXT, **fields)


def make_due(**fields):
    """Let the pause or the lease of every mail be over."""
    Mail.objects.update(next_at=timezone.now() - timedelta(seconds=1), **fields)


def read(mail):
    mail.refresh_from_db()
    return mail


@pytest.mark.django_db
def test_a_mail_is_a_row_of_the_transaction_and_a_call_after_it(calls_made, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail = queue()
        assert not calls_made
    assert calls_made == ["claims.tasks.send_mails"]
    assert (mail.state, mail.attempts, mail.language) == (Mail.State.QUEUED, 0, "en")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_sent(calls_made):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        _ = 1 / 0
    assert not Mail.objects.exists() and not calls_made


@pytest.mark.django_db
def test_plain_text_is_plain_and_html_is_escaped():
    mail = queue()
    assert "You register <b>O'Neill</b> & co." in mail.text and "1234-5678" in mail.text
    assert "You register &lt;b&gt;O&#x27;Neill&lt;/b&gt; &amp; co." in mail.html and "<b>" not in mail.html
    assert "\n\n\n" not in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["<img", "<script", "<style", "style=", "<link", "src="])
def test_html_fetches_nothing_and_runs_nothing(word):
    assert word not in queue().html


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "given"), [("de", "de"), ("de-AT", "de"), ("en", "en"), ("xx", "en"), ("", "en")])
def test_a_mail_speaks_the_language_of_the_reader_or_the_main_one(asked, given):
    mail = queue(language=asked)
    assert mail.language == given and f'<html lang="{given}">' in mail.html


@pytest.mark.django_db
def test_what_a_caller_says_is_translated_when_the_mail_is_written():
    context = {**CONTEXT, "reason": gettext_lazy("Sign in")}
    mail = mails.queue_mail(ANA, kind="code", language="de", context=context)
    assert "Einloggen" in mail.text and "Einloggen" in mail.html


@pytest.mark.django_db
def test_a_subject_is_rendered_without_what_concerns_a_person(monkeypatch):
    from claims.base.mails import queue as module

    seen = {}
    original = module.render

    def render(name, context, *, is_html):
        seen[name] = dict(context)
        return original(name, context, is_html=is_html)

    monkeypatch.setattr(module, "render", render)
    assert queue().subject == "Your code"
    assert seen["code.subject.txt"] == {} and seen["code.txt"]["code"] == "1234-5678"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "ana", "ana@muster.example\nBcc: eva@x.example", "a" * 250 + "@muster.example"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Refused, match="no e-mail address"):
        queue(address)


@pytest.mark.django_db
def test_a_kind_without_texts_is_a_bug():
    with pytest.raises(TemplateDoesNotExist):
        mails.queue_mail(ANA, kind="unheard-of", language="en", context={})


@pytest.mark.django_db
def test_a_mail_with_a_code_is_blanked_as_soon_as_it_has_left():
    mail = queue(forget_at=timezone.now() + timedelta(minutes=30))
    mails.send_queued_mails()
    assert "1234-5678" in outbox.outbox[0].body
    assert (read(mail).text, mail.html, mail.subject) == ("", "", "Your code")


@pytest.mark.django_db
def test_the_demonstration_keeps_a_code_until_it_is_no_longer_good(settings):
    settings.SHOWS_MAILS = True
    mail = queue(forget_at=timezone.now() + timedelta(minutes=30))
    mails.send_queued_mails()
    assert "1234-5678" in read(mail).text
    Mail.objects.update(forget_at=timezone.now())
    mails.sweep_mails()
    assert (read(mail).text, mail.html, mail.state) == ("", "", Mail.State.SENT)


@pytest.mark.django_db
def test_a_mail_without_a_code_keeps_what_it_says():
    mail = queue()
    mails.sweep_mails()
    assert "1234-5678" in read(mail).text


@pytest.mark.django_db
def test_a_code_that_would_come_too_late_is_not_sent():
    mail = queue(forget_at=timezone.now())
    assert mails.send_queued_mails() == 0
    mails.sweep_mails()
    assert (read(mail).state, mail.text) == (Mail.State.FAILED, "") and "too late" in mail.error
    assert not outbox.outbox


@pytest.mark.django_db
def test_a_mail_on_its_way_is_not_blanked_under_the_worker():
    mail = queue(forget_at=timezone.now() + timedelta(minutes=30))
    taken = mails.take_mail()
    Mail.objects.update(forget_at=timezone.now())
    mails.forget_mails()
    assert read(mail).text
    mails.sending.book_sent(taken)
    assert (read(mail).state, mail.text) == (Mail.State.SENT, "")


@pytest.mark.django_db
def test_the_mail_that_left_last_stands_first():
    first, second, waiting = queue(), queue(), queue()
    now = timezone.now()
    for mail, minutes in ((first, 1), (second, 2)):
        Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=now + timedelta(minutes=4 - minutes))
    assert list(mails.list_mails()) == [first, second, waiting]


@pytest.mark.django_db
def test_all_mails_to_an_address_are_found_and_erased_however_it_is_written():
    queue("Ana@Muster.example")
    queue(" ana@muster.example ")
    other = queue("eva@muster.example")
    queue("ana@caf\u00e9.example")
    assert mails.erase_mails("ana@cafe\u0301.example") == 1  # the same letter, made of two
    assert mails.erase_mails("ANA@MUSTER.EXAMPLE") == 2
    assert list(mails.list_mails()) == [other]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"state": "lost"}, {"state": "sending"}, {"state": "sent"}, {"text": ""}, {"sent_at": timezone.now()}],
)
def test_the_database_keeps_the_states_of_a_mail_in_order(fields):
    queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.update(**fields)
