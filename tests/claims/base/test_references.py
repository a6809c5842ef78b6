"""References can be read on the phone and not be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.base.references import ALPHABET, clean_reference, make_reference, show_reference


def test_references_are_random_and_twelve_characters_long():
    references = {make_reference() for _ in range(5000)}
    assert len(references) == 5000
    assert {len(reference) for reference in references} == {12}


def test_a_reference_is_read_however_it_is_typed():
    reference = make_reference()
    assert clean_reference(show_reference(reference).lower() + " ") == reference
    assert clean_reference("O" + reference[1:]) == clean_reference("0" + reference[1:])


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(position, symbol):
    reference = make_reference()
    wrong = reference[:position] + symbol + reference[position + 1 :]
    assert clean_reference(wrong) == ("" if wrong != reference else reference)


@pytest.mark.parametrize("text", ["", "x", "' OR 1=1", "é" * 12, "\0" * 12, "U" * 12])
def test_what_cannot_be_a_reference_is_none(text):
    assert clean_reference(text) == ""
