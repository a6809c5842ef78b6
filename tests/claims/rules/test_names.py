"""Names are folded to plain words, whatever script, accents and spelling they were written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.names import LETTERS, MAX_LETTERS, MAX_WORDS, hear, list_slips, split_name


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("Müller", "mueller"),
        ("MÜLLER", "Muller"),
        ("Weiß", "Weiss"),
        ("Παπαδόπουλος", "Papadopoulos"),
        ("Ευάγγελος", "Evangelos"),
        ("Γιώργος", "Giorgos"),
        ("Цветелина", "Tsvetelina"),
        ("Łukasz", "Lukasz"),
        ("Åse Østergård", "Ase Ostergard"),
        ("O’Sample", "O'Sample"),
        ("O’Sample", "OSample"),
        ("Muster-Beispiel", "Muster Beispiel"),
        ("Ţuţu", "Țuțu"),
        ("Đuro", "Duro"),
    ],
)
def test_two_ways_to_write_a_name_are_one(written, also):
    assert split_name(written) == split_name(also) != []


def test_scripts_without_a_table_stay_what_they_are():
    assert split_name("李 明") == ["李", "明"]


def test_what_sounds_alike_is_heard_alike():
    assert hear("kowalski") == hear("kovalsky") and hear("schmidt") == hear("schmitt") != hear("schulz")


@given(st.text(max_size=3000))
def test_any_text_becomes_a_few_short_words(text):
    words = split_name(text)
    assert len(words) <= MAX_WORDS and all(0 < len(word) <= MAX_LETTERS and "\0" not in word for word in words)


@given(st.text(LETTERS, min_size=3, max_size=12), st.data())
def test_a_slip_is_among_the_slips(word, data):
    place = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from(LETTERS))
    slips = list_slips(word)
    assert word[:place] + word[place + 1 :] in slips
    assert word[:place] + letter + word[place:] in slips
    assert word[:place] + letter + word[place + 1 :] in slips
    assert word[:place] + word[place + 1] + word[place] + word[place + 2 :] in slips
