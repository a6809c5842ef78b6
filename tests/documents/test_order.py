"""What stands where in a document: tables in the order of their numbers, states by name, sources with their words."""

import re

import pytest
from django.utils import translation

from claims.base.countries import EU_STATES, EU_TERRITORIES
from claims.rules.eligibility import Comparison, Kind, describe_rule
from claims.sentences import list_words
from documents.filings.drafts import draft_annex, draft_report, draft_statement
from documents.filings.snapshots import write_snapshot
from documents.filings.texts import write_text
from documents.rules.tracing import read_text
from documents.rules.typesetting import NB, glue_html, glue_text
from documents.templatetags.documents_filings import by_state
from tests.factories import REGISTERED_AT, make_run


@pytest.mark.parametrize(("language", "word"), [("en", "Table"), ("de", "Tabelle")])
def test_tables_are_numbered_as_they_stand_without_a_gap_and_each_reference_finds_its_table(book, tmp_path, language, word):  # fmt: skip
    run = make_run(book)
    for draw in (draft_report, draft_statement, draft_annex):
        draft = draw(book, book.criteria_versions.latest("number"), run, language)
        left_out = [draft.facts["tables"].pop("failed", None) for _ in range(draw is draft_report)]
        snapshot = write_snapshot(tmp_path / draw.__name__, draft.facts, draft.rows)
        html, _figures = write_text(snapshot, language=language, frozen_at=REGISTERED_AT)
        captions = [int(n) for n in re.findall(rf"<caption>{word}[ \u00a0](\d+)\.", html)]
        named = {int(n) for n in re.findall(rf"{word}[ \u00a0](\d+)", html)}
        assert captions == list(range(1, len(captions) + 1)) and named == set(captions), draw
        assert captions and all(left_out)


def test_a_statement_asks_for_the_declarations_where_it_lists_them(book, tmp_path):
    draft = draft_statement(book, book.criteria_versions.latest("number"), None, "en")
    for there in (draft.facts["declarations"], []):
        facts = {**draft.facts, "declarations": there}
        snapshot = write_snapshot(tmp_path / str(len(there)), facts, draft.rows)
        html, _figures = write_text(snapshot, language="en", frozen_at=REGISTERED_AT)
        text = read_text(html)
        assert ("declarations listed in Table 1." in text) == ("Declarations that consumers" in text) == bool(there)


def test_states_stand_by_name_in_the_language_of_the_document_and_merged_ones_last():
    rows = [{"keys": keys} for keys in (["AT"], ["DE", "FR"], ["CY"], ["GR"], ["ES"])]
    assert [row["keys"][0] for row in by_state(rows)] == ["AT", "CY", "GR", "ES", "DE"]
    with translation.override("de"):
        assert [row["keys"][0] for row in by_state(rows)] == ["GR", "AT", "ES", "CY", "DE"]


def test_the_member_states_are_named_as_a_whole_and_any_other_list_is_read_out():
    whole = EU_STATES + EU_TERRITORIES
    states, one_of = "is a member state", "is one of: "
    for values, words in ((EU_STATES, states), (whole, states), (EU_STATES[:-1], one_of), (EU_STATES[:2], "AT, BE")):
        assert words in describe_rule(Comparison("home", Kind.COUNTRY, "in", values), list_words(), {})
    assert "none of" in describe_rule(Comparison("home", Kind.COUNTRY, "not_in", EU_STATES), list_words(), {})


@pytest.mark.parametrize("kept", ["15 UKl 2/25", "VI ZR 10/24", "6 Ob 56/21k", "(EU) 2016/679", "(EG) 44/2001"])
def test_the_number_of_a_file_or_of_a_law_is_not_broken(kept):
    assert glue_text(f"see {kept} and more") == f"see {kept.replace(' ', NB)} and more"


def test_percent_is_set_one_way_and_an_address_stays_as_it_is():
    assert glue_text("40%, 0.23 %, x?id=3%2032") == f"40{NB}%, 0.23{NB}%, x?id=3%2032"


def test_the_number_of_a_source_stays_with_the_word_before_it():
    html = '<body><p>It is so <span class="cite">[4, 5]</span> and more</p></body>'
    assert glue_html(html) == '<body><p>It is so<span class="cite"> [4, 5]</span> and more</p></body>'
