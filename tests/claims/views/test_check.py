"""The page of the pre-check: a verdict at once, with reasons, and nothing of it stored anywhere."""

import logging
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Action

URL = "/actions/small/check/"
GOOD = {
    "answer.uses_privately": "yes",
    "answer.habitual_residence": "AT",
    "answer.resident_since.day": "1",
    "answer.resident_since.month": "1",
    "answer.resident_since.year": "2010",
    "answer.birth_date.day": "2",
    "answer.birth_date.month": "May",
    "answer.birth_date.year": "1990",
}
UNKNOWN = {
    "answer.uses_privately": "unknown",
    "answer.habitual_residence": "unknown",
    "answer.resident_since.unknown": "unknown",
    "answer.birth_date.unknown": "unknown",
}


def send(client, data, **headers):
    answer = client.post(URL, data, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_all_questions_are_on_one_page_with_the_reason_why_we_ask(client, action):
    page = client.get(URL).content.decode()
    assert page.count("<fieldset") == 3 and page.count("<select") == 1
    assert page.count("Why we ask") == 4
    assert page.count("I do not know</") == 4


@pytest.mark.parametrize(
    ("answers", "verdict", "reason"),
    [
        (GOOD, "Yes, as far as these answers go", "You were 18."),
        (GOOD | {"answer.uses_privately": "no"}, "Probably not", "You used it for business."),
        (GOOD | {"answer.uses_privately": "unknown"}, "We are not sure yet", "Tell us whether it was private."),
        (UNKNOWN, "We are not sure yet", "When were you born?"),
    ],
)
def test_the_verdict_comes_with_its_reason_and_its_citation(client, action, answers, verdict, reason):
    page = send(client, answers)
    assert f"<h1>{verdict}</h1>" in page and reason in page
    assert page.count("Directive (EU) 2020/1828, Article") == 2 and "GDPR, Article 8" in page
    cited, listed = set(re.findall(r"href=\"#s(\d+)\"", page)), set(re.findall(r"<li id=\"s(\d+)\"", page))
    assert cited == listed and cited


def test_the_reason_that_decides_comes_first(client, action):
    page = send(client, GOOD | {"answer.birth_date.year": "2009"})
    assert page.index("You were younger.") < page.index("You are a consumer.")


def test_the_page_speaks_german(client, action):
    page = send(client, GOOD, accept_language="de")
    assert '<html lang="de">' in page and "Sie waren 18." in page and "Beispiel gegen Muster" in page


def test_nothing_is_stored(client, action, caplog):
    client.get(URL)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answer = client.post(URL, GOOD | {"answer.birth_date.year": "1977"})
    assert b"Yes, as far as" in answer.content
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert set(answer.cookies) <= {"csrf"} and not answer.wsgi_request.session.modified
    assert "1977" not in caplog.text.replace(str(queries.captured_queries), "")
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_answers_are_never_in_an_address(client, action):
    assert b"<h1>Check whether" in client.get(URL, GOOD).content
    page = send(client, GOOD)
    assert "1990" not in "".join(re.findall(r"(?:href|action)=\"([^\"]*)\"", page))


def test_the_answers_stay_in_the_page_to_be_changed(client, action):
    page = send(client, GOOD)
    assert 'value="yes" checked' in page and 'value="AT" selected' in page and 'value="1990"' in page


def test_the_answers_go_on_to_registration_with_one_click(client, action):
    page = send(client, GOOD | {"answer.uses_privately": "unknown"})
    assert 'method="post" action="/actions/small/register/"' in page
    assert 'name="answer.birth_date" value="1990-05-02"' in page
    assert 'name="answer.uses_privately" value="unknown"' in page
    carried = dict(re.findall(r'type="hidden" name="(answer\.[a-z_]+)" value="([^"]*)"', page))
    client.post("/actions/small/register/", carried)
    assert client.session["brought small"]["birth_date"] == "1990-05-02"


def test_switching_the_language_keeps_a_verdict(client, action):
    answer = client.post(URL, GOOD | {"language": "de"})
    assert answer.cookies["language"].value == "de" and answer.headers["Content-Language"] == "de"
    assert "Sie waren 18." in answer.content.decode() and 'value="1990"' in answer.content.decode()


def test_switching_the_language_half_way_keeps_what_was_typed_and_complains_of_nothing(client, action):
    page = send(client, {"answer.uses_privately": "no", "answer.birth_date.year": "19", "language": "de"})
    assert 'value="no" checked' in page and 'value="19"' in page and "Privat?" in page
    assert "is-error" not in page and 'class="errors"' not in page


def test_a_language_that_is_not_there_is_passed_over(client, action):
    for language in ("xx", "\0", "x" * 100_000):
        assert "language" not in client.post(URL, GOOD | {"language": language}).cookies


def test_a_question_left_out_is_asked_for_and_the_rest_is_kept(client, action):
    page = send(
        client, {"answer.habitual_residence": "AT", "answer.birth_date.day": "31", "answer.birth_date.month": "2"}
    )
    assert "<title>Error: " in page and "There is a problem" in page
    assert "Please answer: Private use?" in page and "The year is missing: When were you born?" in page
    assert 'href="#id_birth_date_year"' in page and 'value="AT" selected' in page and 'value="31"' in page


@pytest.mark.parametrize(
    "value", ["maybe", "x" * 100_000, "\0", "yes\0", "<script>alert(1)</script>", "\u202e", "None", "[]", "'; --"]
)
@pytest.mark.parametrize("name", ["uses_privately", "habitual_residence", "birth_date", "birth_date.year"])
def test_hand_made_values_are_refused_in_a_sentence(client, action, name, value):
    page = send(client, UNKNOWN | {f"answer.{name}": value})
    assert "There is a problem" in page or "<h1>We are not sure yet</h1>" in page
    assert "\0" not in page and "<script>alert" not in page and len(page) < 120_000


def test_a_form_without_its_token_is_refused_in_a_sentence(action):
    answer = Client(enforce_csrf_checks=True).post(URL, GOOD)
    assert answer.status_code == 403 and b"We could not check that this came from you" in answer.content


def test_other_methods_and_missing_pre_checks_do_not_exist(client, action):
    assert client.put(URL).status_code == 405
    assert client.get("/actions/nothing/check/").status_code == 404
    Action.objects.update(precheck=None)
    assert client.get(URL).status_code == client.post(URL, GOOD).status_code == 404


def test_an_action_that_is_not_published_has_no_pre_check(client, action):
    Action.objects.update(is_published=False)
    assert client.get(URL).status_code == 404


def test_the_pre_check_asks_the_database_little(client, action):
    client.get(URL)
    with CaptureQueriesContext(connection) as queries:
        client.post(URL, GOOD)
    assert len(queries) <= 6
