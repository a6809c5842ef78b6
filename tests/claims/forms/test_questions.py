"""Answers as people type them: accepted in any sensible way, refused in a sentence, never lost."""

import time

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from claims.forms import UNKNOWN, QuestionForm, make_question_field
from claims.questions import list_record_questions

QUESTIONS = {
    "private": {"kind": "yes_no", "label": {"en": "Private use?", "de": "Privat?"}, "why": {"en": "Article 3."}},
    "platform": {
        "kind": "choice",
        "label": {"en": "Which platform?"},
        "options": [{"id": "facebook", "label": {"en": "Facebook"}}, {"id": "none", "label": {"en": "None"}}],
    },
    "state": {"kind": "country", "label": {"en": "Which country?"}, "hint": {"en": "Where you lived."}},
    "opened": {"kind": "date", "label": {"en": "Opened when?"}},
    "hours": {"kind": "number", "label": {"en": "Hours?"}},
    "words": {"kind": "text", "label": {"en": "What happened?"}},
}


def ask(data, *names, **options):
    questions = [{"id": name, **QUESTIONS[name]} for name in names]
    return QuestionForm(data, questions=questions, **options)


def type_day(day="", month="", year="", **more):
    return {"answer.opened.day": day, "answer.opened.month": month, "answer.opened.year": year, **more}


def show(form):
    return "".join(render_to_string(field.template_name, {"field": field}) for field in form)


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("private", "yes", "yes"),
        ("private", "no", "no"),
        ("private", UNKNOWN, ""),
        ("platform", "none", "none"),
        ("platform", UNKNOWN, ""),
        ("state", "GR", "GR"),
        ("state", UNKNOWN, ""),
        ("opened", "2012-02-29", "2012-02-29"),
        ("opened", UNKNOWN, ""),
        ("hours", " 1 200 ", "1200"),
        ("hours", "٣", "3"),
        ("hours", "", ""),
        ("words", "One.\r\nTwo.\n", "One.\nTwo."),
        ("words", "", ""),
    ],
)
def test_an_answer_is_kept_as_a_claims_file_keeps_it_and_unknown_is_never_no(name, sent, kept):
    form = ask({f"answer.{name}": sent}, name, must_answer=True)
    assert form.is_valid() and form.list_texts() == {name: kept}


@pytest.mark.parametrize(
    "parts",
    [
        ("27", "5", "2025"), ("27.", "05.", " 2025 "), ("27", "May", "2025"), ("27", "mai", "2025"),
        ("27.5.2025",), ("27/05/2025",), ("2025-05-27",), ("27 May 2025",), ("٢٧", "٥", "٢٠٢٥"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_any_sensible_typing(parts):
    with translation.override("de"):
        form = ask(type_day(*parts), "opened")
        assert form.is_valid() and form.list_texts() == {"opened": "2025-05-27"}


@pytest.mark.parametrize(
    ("parts", "words", "place"),
    [
        (("", "5", "2025"), "The day is missing: Opened when?", "id_opened"),
        (("27", "", "2025"), "The month is missing", "id_opened_month"),
        (("27", "5", ""), "The year is missing", "id_opened_year"),
        (("27", "5", "25"), "four digits", "id_opened_year"),
        (("27", "5", "1899"), "1900 or later", "id_opened_year"),
        (("27", "13", "2025"), "from 1 to 12", "id_opened_month"),
        (("27", "Ma", "2025"), "from 1 to 12", "id_opened_month"),
        (("30", "2", "2025"), "no such day", "id_opened"),
        (("x", "2", "2025"), "no such day", "id_opened"),
        (("9" * 100_000, "2", "2025"), "no such day", "id_opened"),
        (("\0", "2", "2025"), "The day is missing", "id_opened"),
    ],
)
def test_a_day_that_is_none_is_told_in_a_sentence_that_leads_to_the_part(parts, words, place):
    form = ask(type_day(*parts), "opened")
    (field,) = form
    assert words in form.errors["opened"][0] and field.focus_id == place
    assert "\0" not in show(form) and len(show(form)) < 4000


def test_a_day_and_i_do_not_know_contradict_each_other():
    form = ask(type_day("1", "2", "2020", **{"answer.opened.unknown": UNKNOWN}), "opened")
    assert "not both" in form.errors["opened"][0]
    assert ask(type_day(**{"answer.opened.unknown": UNKNOWN}), "opened", must_answer=True).is_valid()


def test_nobody_was_born_tomorrow():
    question = list_record_questions()["birth_date"]
    form = QuestionForm({"answer.birth_date": "2099-01-01"}, questions=[question])
    assert form.errors["birth_date"] == ["This day is still to come: When were you born?"]


@pytest.mark.parametrize("name", ["private", "platform", "state", "opened"])
def test_a_question_that_must_be_answered_is_not_passed_over(name):
    assert ask({}, name, must_answer=True).errors[name][0].startswith("Please answer: ")
    form = ask({}, name)
    assert form.is_valid() and form.list_texts() == {name: ""}


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("private", "maybe", "one of the answers shown"),
        ("private", "x" * 100_000, "one of the answers shown"),
        ("private", "\0", "one of the answers shown"),
        ("platform", "instagram", "one of the answers shown"),
        ("state", "XX", "one of the answers shown"),
        ("hours", "three", "a whole number"),
        ("hours", "1.5", "a whole number"),
        ("hours", "-1", "a whole number"),
        ("hours", "9" * 16, "too large"),
        ("words", "x" * 5001, "5,001 characters, and 5,000 fit"),
        ("words", "x" * 100_000, "100,000 characters"),
        ("words", "a\0b", "cannot be kept"),
        ("words", "a\x1bb", "cannot be kept"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence_with_the_question(name, sent, words):
    began = time.process_time()
    form = ask({f"answer.{name}": sent}, name)
    (error,) = form.errors[name]
    assert words in error and error.endswith(QUESTIONS[name]["label"]["en"])
    assert "\0" not in show(form) and time.process_time() - began < 1


def test_what_was_typed_is_kept_beside_the_error():
    page = show(ask(type_day("31", "2", "2025"), "opened"))
    assert 'value="31"' in page and 'value="2025"' in page and 'aria-invalid="true"' in page
    assert "ab</textarea>" in show(ask({"answer.words": "a\0b"}, "words"))
    assert "&lt;script&gt;" in show(ask({"answer.words": "<script>" + "x" * 5000}, "words"))


def test_a_kept_answer_is_shown_again():
    kept = {"private": UNKNOWN, "state": "GR", "opened": "2012-02-29", "words": "It hurt."}
    page = show(ask(None, *kept, initial=kept))
    assert 'value="unknown" checked' in page and 'value="GR" selected' in page
    assert 'value="29"' in page and "It hurt.</textarea>" in page


def test_answers_are_carried_to_the_next_form_and_read_there():
    names = ("private", "state", "opened")
    form = ask({"answer.private": UNKNOWN, "answer.state": "AT", **type_day("1", "2", "2020")}, *names)
    assert form.is_valid()
    carried = dict(form.list_carried())
    assert carried == {"answer.private": UNKNOWN, "answer.state": "AT", "answer.opened": "2020-02-01"}
    again = ask(carried, *names, must_answer=True)
    assert again.is_valid() and again.list_texts() == form.list_texts()


def test_member_states_come_first_and_umlauts_stand_with_their_letter():
    with translation.override("de"):
        names = [str(name) for _, name in make_question_field({"id": "state", **QUESTIONS["state"]}).choices]
    assert names.index("Niederlande") < names.index("Österreich") < names.index("Polen") < names.index("Schweiz")


def test_a_question_is_asked_in_the_language_of_the_reader():
    with translation.override("de"):
        page = show(ask({}, "private", must_answer=True))
    assert "Privat?" in page and '<span lang="en">Article 3.</span>' in page
