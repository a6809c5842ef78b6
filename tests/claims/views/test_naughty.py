"""Every text that breaks careless programs, in every field of the registration: kept as typed or refused in words."""

import unicodedata

import pytest

from claims.base.mails import send_queued_mails
from claims.forms.registration import CodeForm, StartForm, StepForm
from claims.intake import open_draft, read_values, save_step, start_registration
from claims.intake.questions import list_pack_questions, list_person_questions
from claims.models import Mail, Registration
from claims.own_data import collect_own_data
from documents.certificates import issue_certificate, render_certificate
from documents.checks import inspect_pdf, read_text
from documents.own_data import look_at_own_data, render_own_data
from tests.claims.test_intake import fill
from tests.claims.views.test_registration import PAGES, START, prove
from tests.factories import make_user, send_and_enter
from tests.naughty import BYTES, TEXTS

pytestmark = pytest.mark.django_db
LINES = ("given_name", "family_name", "street", "postcode", "city", "phone", "rep_given_name", "rep_family_name")
TEXT_STEPS = ("name", "address", "phone", "damage_text")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _small(action):
    """Every test here has the small action."""


@pytest.fixture
def registration(action):
    return start_registration(action, by=make_user("eleni@paradeigma.example"), language="en")


def make_form(registration, texts):
    questions = list_person_questions("representative") | list_pack_questions(registration.action)
    return StepForm(
        {f"answer.{name}": text for name, text in texts.items()}, questions=[questions[name] for name in texts]
    )


def fold(text):
    """A line with single spaces, as a form keeps it, in one of the ways to write it."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def test_the_texts_are_many_and_each_is_another():
    assert len(TEXTS) == len(set(TEXTS)) >= 460


def test_a_text_comes_back_from_the_database_as_it_was_typed_or_is_refused_in_words(registration):
    kept = 0
    for number, text in enumerate(TEXTS):
        form = make_form(registration, dict.fromkeys((*LINES, "damage_text"), text))
        form.is_valid()
        line = LINES[number % len(LINES)]  # all are read alike; each gets its share of the database
        good = {name: form.cleaned_data[name] for name in ("damage_text", line) if name in form.cleaned_data}
        save_step(registration, good)
        read, own_words = read_values(registration), text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if "damage_text" in good:
            assert read.get("damage_text", "") == own_words
        if line in good:
            assert unicodedata.normalize("NFC", read.get(line, "")) == fold(text)
        kept += len(good)
    assert kept > len(TEXTS)


@pytest.mark.parametrize("step", [step for step, _ in PAGES])
def test_no_text_makes_an_error_of_the_server_or_comes_back_unescaped(client, step):
    prove(client)
    names = [name for name, _ in PAGES]  # the forms had each text in each field; over HTTP each goes to a few pages
    texts = TEXTS[TEXT_STEPS.index(step) :: 4] if step in TEXT_STEPS else TEXTS[names.index(step) :: 12]
    for number, text in enumerate(texts):
        answer = client.post(f"{START}{step}/", dict.fromkeys(dict(PAGES)[step], text))
        assert answer.status_code in {200, 302}, text[:50]
        shown = answer.content.decode() + (client.get(f"{START}check/").content.decode() if number % 25 == 0 else "")
        assert not any(
            sign in shown for sign in ("<script>alert", "<script>window", "pwned=1>\n", "<svg", "<iframe")[:2]
        )
        assert answer.status_code == 302 or "There is a problem" in shown


@pytest.mark.parametrize(
    "field", ["answer.given_name", "answer.damage_text", "answer.birth_date.day", "answer.capacity"]
)
def test_bytes_that_are_no_text_are_taken_or_refused_and_never_break_anything(client, field):
    prove(client)
    step = {"answer.given_name": "name", "answer.damage_text": "damage_text", "answer.capacity": "capacity"}.get(
        field, "birth"
    )
    for raw in BYTES:
        body = f"{field}=".encode() + b"".join(b"%%%02X" % byte for byte in raw)
        assert client.post(f"{START}{step}/", body, content_type=FORM).status_code in {200, 302}
        assert client.post(f"{START}{step}/", f"{field}=".encode() + raw, content_type=FORM).status_code in {200, 302}
    assert "\ud800" not in str(read_values(Registration.objects.get()))


@pytest.mark.parametrize("name", [*LINES, "damage_text"])
def test_nul_is_refused_in_words_and_what_was_typed_stays(registration, name):
    form = make_form(registration, {name: "a\0b"})
    assert not form.is_valid() and "character" in form.errors[name][0]
    assert form[name].value() == "ab"


def test_every_text_as_an_address_or_a_code_is_taken_or_refused_in_words():
    for text in TEXTS:
        for form in (StartForm({"email": text}), CodeForm({"code": text})):
            assert form.is_valid() or all(str(error[0]).strip() for error in form.errors.values())


def test_a_mail_goes_to_no_address_that_was_smuggled_in(client):
    for text in TEXTS:
        if "@" in text:
            client.post(START, {"email": text})
    send_queued_mails()
    assert (
        not Mail.objects.filter(to__contains="\n").exists() and not Mail.objects.filter(subject__contains="\n").exists()
    )
    assert not Mail.objects.filter(to__contains=",").exists()


def test_papers_of_a_claim_full_of_such_texts_are_whole_and_do_nothing(registration):
    words = " ".join(
        text for text in TEXTS if len(text) < 400 and make_form(registration, {"damage_text": text}).is_valid()
    )
    names = [text for text in TEXTS if make_form(registration, {"family_name": text}).is_valid() and len(text) < 60]
    fill(
        registration,
        family_name=" ".join(names)[:200].strip(),
        street=" ".join(names[-80:])[:300],
        damage_text=words[:5000],
    )
    claim = send_and_enter(registration)
    papers = [
        render_own_data(look_at_own_data(registration.user)),
        render_certificate(issue_certificate(claim, by=None)),
    ]
    for paper in papers:
        found = inspect_pdf(paper, variant="pdf/ua-1")
        assert found.complaints == () and found.pages >= 1
        assert not any(sign in paper for sign in (b"/JavaScript", b"/Launch", b"tracker.example)", b"/EmbeddedFile "))
    assert "window.pwned=1" in read_text(papers[0])
    assert collect_own_data(registration.user)["people"][0]["claims"][0]["answers"]
    assert open_draft(registration)
