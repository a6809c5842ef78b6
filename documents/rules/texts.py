"""What people typed, made fit for a printed page: nothing invisible, nothing endless, nothing that towers up."""

import unicodedata

# Controls, marks of direction, private use, lines and paragraphs: they change what one reads and are not seen.
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
MARKS = {"Mn", "Me"}
MOST_MARKS = 4  # on one letter; no language of the Union needs more than two
LONGEST_WORD, PIECE = 18, 10
LONGEST_PART = 28  # of an address of mail: so many of the widest letter fit on a line of its own in the register
SOFT_BREAK = "\u200b"


def prepare_text(text: str, *, longest: int = 1000, lines: bool = False) -> str:
    """Return a text for layout: invisible signs shown, marks and length capped, long words with soft breaks.

    For the page only: what is kept, and what is attached as data, stays as it was typed. With `lines` its line
    breaks stay.
    """
    return soften_words(cap_text(cap_marks(show_invisible(text, lines=lines)), longest))


def show_invisible(text: str, *, lines: bool = False) -> str:
    """Return a text with each invisible sign as its code point, such as [U+202E]."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign if _is_visible(sign) or (lines and sign == "\n") else f"[U+{ord(sign):04X}]" for sign in text)


def _is_visible(sign: str) -> bool:
    return unicodedata.category(sign) not in INVISIBLE


def cap_marks(text: str) -> str:
    """Return a text in which a letter carries at most four marks; how many were left out is said in brackets."""
    if text.isascii():
        return text
    kept, run = [], 0
    for sign in f"{unicodedata.normalize('NFC', text)}\0":
        is_mark = unicodedata.category(sign) in MARKS
        if not is_mark and run > MOST_MARKS:
            kept.append(f"[+{run - MOST_MARKS}]")
        run = run + 1 if is_mark else 0
        if run <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept[:-1])


def cap_text(text: str, longest: int) -> str:
    """Return a text cut after so many signs; how many were left out is said in brackets."""
    return text if len(text) <= longest else f"{text[:longest]}… [+{len(text) - longest}]"


def soften_words(text: str) -> str:
    """Return a text whose long words may break after every ten signs, without a hyphen that nobody typed."""
    words = text.split(" ")
    if max(map(len, words)) <= LONGEST_WORD:
        return text
    return " ".join(word if len(word) <= LONGEST_WORD else _soften_parts(word) for word in words)


def prepare_mail(address: str) -> str:
    """Return an address of mail for layout: whole where it fits, else in two before its @."""
    shown = cap_text(cap_marks(show_invisible(address)), 254)
    if len(shown) <= LONGEST_PART:
        return shown
    parts = [part if len(part) <= LONGEST_PART else _soften(part) for part in shown.replace("@", "\0@").split("\0")]
    return SOFT_BREAK.join(parts)


def _soften_parts(word: str) -> str:
    """Break after the hyphens that are there; between letters only in a part that is too long itself."""
    parts = word.split("-")
    return f"-{SOFT_BREAK}".join(part if len(part) < LONGEST_WORD else _soften(part) for part in parts)


def _soften(word: str) -> str:
    """Break between letters, never between a letter and its mark."""
    pieces, length = [], 0
    for sign in word:
        if length >= PIECE and unicodedata.category(sign) not in MARKS:
            pieces.append(SOFT_BREAK)
            length = 0
        pieces.append(sign)
        length += 1
    return "".join(pieces)


def write_cell(text: str) -> str:
    """Return a cell of a table of data as text: no spreadsheet may take what a person typed for a formula.

    Spreadsheets skip spaces and take fullwidth forms for the signs themselves.
    """
    start = unicodedata.normalize("NFKC", text.lstrip(" \u00a0\u3000"))[:1]
    return f"'{text}" if start in {"=", "+", "-", "@", "\t", "\r", "\n"} else text
