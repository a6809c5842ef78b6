"""The check of translations: it names a text that lacks, and one that differs in what is filled in or marked up."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from config.translations import count_plurals, list_catalogue_faults, list_differences

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.parametrize(
    ("source", "words", "fault"),
    [
        ("%(n)s of %(all)s", "%(n)s von", "placeholders %(n)s instead of %(all)s %(n)s"),
        ("about {n} s left", "noch etwa {m} s", "placeholders {m} instead of {n}"),
        ("<b>0 €</b> each", "<b>0 € je Person", "tags <b> instead of </b> <b>"),
        ("100 %% of it", "100 % davon", "placeholders none instead of %%"),
    ],
)
def test_a_translation_that_differs_in_form_is_named(source, words, fault):
    assert list(list_differences([source], [words])) == [fault]


def test_one_may_be_said_as_a_word_and_more_may_not():
    sources = ["one claim", "%(n)s claims"]
    assert list(list_differences(sources, ["ein Anspruch", "%(n)s Ansprüche"])) == []
    assert list(list_differences(sources, ["%(n)s Anspruch", "Ansprüche"])) == ["placeholders none instead of %(n)s"]


def test_what_is_missing_unsure_or_no_longer_used_is_named():
    text = 'msgid "One"\nmsgstr ""\n\n#, fuzzy\nmsgid "Two"\nmsgstr "Zwei"\n\n#~ msgid "Three"\n#~ msgstr "Drei"\n'
    catalogue = read_po(BytesIO((HEAD + text).encode()), locale="de")
    assert list(list_catalogue_faults(catalogue, "de")) == [
        "de: missing: One", "de: unsure (fuzzy): Two", "de: no longer used: Three"
    ]  # fmt: skip


def test_polish_has_four_plural_forms_and_french_two():
    assert [count_plurals(code) for code in ("pl", "fr", "de")] == [4, 2, 2]


def test_every_language_that_is_offered_has_a_catalogue():
    for code, _name in settings.LANGUAGES:
        assert code == "en" or (settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po").exists()
