"""Names and texts from outside are shown as they are: nothing hides, nothing turns."""

import pytest

from claims.rules.uploads import decode_text, recognise, show_name, show_signs


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("photo\u202egpj.exe", "photo⟨U+202E⟩gpj.exe"),
        ("a\0b\nc\x1b[31m", "a⟨U+0000⟩b c⟨U+001B⟩[31m"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Ärger Ελ عربي 😀.png", "Ärger Ελ عربي 😀.png"),
        ("", ""),
    ],
)
def test_a_name_shows_what_hides_in_it(name, shown):
    assert show_name(name) == shown


@pytest.mark.parametrize("sign", ["a", "\u202e", "\0", "😀"])
def test_a_long_name_is_cut_in_the_middle_and_keeps_its_ending(sign):
    shown = show_name(sign * 5000 + ".jpg")
    assert len(shown) <= 120
    assert shown.endswith(".jpg")
    assert " … " in shown


def test_every_text_can_be_read():
    assert (
        decode_text("Grüße".encode())
        == decode_text("Grüße".encode("cp1252"))
        == decode_text("Grüße".encode("utf-16"))
        == "Grüße"
    )
    assert decode_text(bytes(range(256)))


def test_a_letter_cut_off_in_a_sign_is_still_utf_8():
    assert recognise(("ü" * 4096).encode()[:4095]) == "text"


def test_lines_and_joiners_stay():
    assert show_signs("a\r\nb\tc می\u200cخواهم") == "a\nb\tc می\u200cخواهم"


def test_two_headers_make_an_email_and_one_does_not():
    assert recognise(b"From: a@b.example\r\nSubject: hello\r\n\r\ntext") == "email"
    assert recognise(b"Date: 24 May\n\nFrom: then on I objected.") == "text"
