"""A figure in a text is known only where it stands as a number: not in a hash, not in a name."""

import pytest

from documents.rules.tracing import list_untraced

SOURCES = [
    "Table of 12,345 people",
    "37 % of cases",
    "EUR 750.00",
    "9f37ab12cd3456ef7890",
    "OLG Dresden, 4 U 292/25",
    "2025-05-27",
]


@pytest.mark.parametrize("text", ["12,345 people", "In 37 % of cases", "EUR 750.00 for each"])
def test_a_figure_that_a_source_holds_is_known(text):
    assert list_untraced(text, SOURCES) == []


@pytest.mark.parametrize(
    ("text", "stray"), [("In 12 % of cases", "12"), ("EUR 292", "292"), ("34 million people", "34")]
)
def test_digits_of_a_hash_a_file_number_or_a_part_of_a_number_are_no_figures(text, stray):
    assert list_untraced(text, SOURCES) == [stray]
