"""The declarations: what is missing is said there, the text that prevails can be read, and one comes back to them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from claims import mandates
from claims.intake import open_draft, read_values, save_step, start_registration
from claims.models import DeclarationText
from tests.claims.test_intake import ABOUT, ANSWERS
from tests.claims.views.test_registration import make_png
from tests.factories import make_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/actions/small/register/declarations/"


@pytest.fixture
def registration(action):
    return start_registration(action, by=make_user("eleni@paradeigma.example"), language="en")


@pytest.fixture
def at_home(client, registration):
    client.force_login(registration.user, backend=BACKEND)
    return client


def test_what_is_not_accepted_is_said_there_and_what_was_ticked_is_kept(at_home, registration):
    answer = at_home.post(PAGE, {"news": "on"})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'href="#accept-truth"' in page and 'id="accept-truth"' in page
    assert "<title>Error:" in page
    assert "news" in mandates.list_accepted_kinds(registration) or not DeclarationText.objects.filter(kind="news")
    assert at_home.post(PAGE, {"truth": "on"}).url.endswith("/check/")


def test_one_can_stop_without_accepting_anything(at_home):
    assert at_home.post(PAGE, {"stop": "1"}).url.endswith("/stopped/")


def test_an_heir_accepts_in_an_own_name(registration, at_home):
    save_step(registration, {"capacity": "heir"})
    page = at_home.get(PAGE).content.decode()
    assert "as an heir, in your own name" in page and "mean that person" not in page


def test_whoever_comes_back_lands_on_declarations_that_are_open(registration, at_home):
    save_step(registration, {**ABOUT, **ANSWERS})
    for step in open_draft(registration).steps:
        save_step(registration, {name: "" for name in step.fields if name not in read_values(registration)})
    assert open_draft(registration).find_open_step().name == "declarations"
    at_home.post(PAGE, {"truth": "on"})
    assert open_draft(registration).find_open_step().name == "check"


def test_the_text_that_prevails_stands_beside_its_translation(at_home, action):
    here = DeclarationText.objects.filter(action=action, kind="truth").order_by("-version").first()
    prevails = DeclarationText.objects.get(
        action=action, kind="truth", version=here.version, language=here.prevailing_language
    )
    other = next(code for code in ("de", "en") if code != here.prevailing_language)
    with translation.override(other):
        (text,) = [it for it in mandates.list_declarations(action, other) if it.kind == "truth"]
        assert text.language == other and text.prevailing_text == prevails
    page = at_home.get(PAGE).content.decode() if other == "en" else ""
    assert other != "en" or (prevails.title in page and f'lang="{prevails.language}"' in page)


def test_the_check_leads_to_each_page_on_which_something_is_missing(at_home, registration):
    save_step(registration, {**ABOUT, "given_name": "", "family_name": "", "birth_date": ""})
    page = at_home.post("/actions/small/register/check/").content.decode()
    errors = page.split('class="errors"')[1].split("</div>")[0]
    for step in ("name", "birth"):
        assert reverse("claims:register-step", args=["small", step]) in errors
    assert PAGE in errors


def test_the_check_lists_the_files_that_were_sent(at_home, registration, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    assert "You have sent no files." in at_home.get("/actions/small/register/check/").content.decode()
    files = {"files": [SimpleUploadedFile("screenshot.png", make_png(), "image/png")]}
    at_home.post("/actions/small/register/evidence/add/", files)
    assert "screenshot.png" in at_home.get("/actions/small/register/check/").content.decode()
