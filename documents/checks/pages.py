"""The words of the pages of a PDF by the marks that stand around them.

ISO 32000-1: 7.3.4.2 (strings), 9.4.3 (showing text), 9.10 (from codes to Unicode), 14.6 (marked content).
"""

import re
from typing import Any

import pikepdf

CODES = re.compile(rb"<([0-9a-fA-F]*)>")
SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*(?:<([0-9a-fA-F]+)>|\[([^\]]*)\])")
OPERATORS = "BDC BMC EMC Tf Tj TJ ' \""
MARKING, SHOWING = {"BDC", "BMC"}, {b"Tj", b"TJ"}
# Of a plain page, once its escapes are octal: a string, one in hexadecimal, a mark with its number or without one, the
# number of a mark that says more, words given for others, a font, an operator, and what is not plain.
TOKEN = re.compile(
    rb"\(([^()]*(?:\((?:[^()]|\([^()]*\))*\)[^()]*)*)\)|<([0-9a-fA-F]+)>|(<<)(?:/MCID (\d+)|/Type/Layout)>>BDC|<<"
    rb"|/MCID\s+(\d+)|/ActualText\s*<((?:FEFF|feff)[0-9a-fA-F]*)>|/([^\s/<>()\[\]]+)\s+[-+.\d]+\s+Tf"
    rb"|(BDC|BMC|EMC|T[jJ])|([()'\"<]|BI\s|/ActualText)"
)
OCTAL = ((b"\\\\", b"\\134"), (b"\\(", b"\\050"), (b"\\)", b"\\051"))
HEX = re.compile(rb"(..)")
RARE_ESCAPE = re.compile(rb"\\[^0-7nrtbf\n]")

Place = tuple[tuple[int, int], int]  # page and number of the mark
Texts = dict[Place, str]
Fonts = dict[tuple[int, int], "Letters"]


class Letters(dict[int, str]):
    """Code -> text of a font; a code that the font does not explain is the sign for that."""

    def __missing__(self, code: int) -> str:
        return "\ufffd"


def read_pages(opened: pikepdf.Pdf) -> Texts:
    """Return the text of each marked piece of each page; a piece inside another belongs to the inner one."""
    fonts: Fonts = {}
    texts: Texts = {}
    pages: Any = opened.pages
    for page in pages:
        pieces = read_plain_page(page, fonts)
        if pieces is None:
            pieces = read_page(page, fonts)
        place: Any = page.objgen  # object and generation
        texts.update({(place, mark): "".join(words) for mark, words in pieces.items()})
    return texts


def read_plain_page(page: Any, fonts: Fonts) -> dict[int, list[str]] | None:
    """Return what `read_page` returns in a third of its time, or None for a page that is not plain.

    Plain are strings with brackets in pairs, two deep at most, and no pictures inside. Both engines write such pages,
    and a register has hundreds of them.
    """
    content = page.Contents.read_bytes() if isinstance(page.Contents, pikepdf.Stream) else b"("
    for sign, code in OCTAL:
        content = content.replace(sign, code)
    if RARE_ESCAPE.search(content):
        return None
    pieces: dict[int, list[str]] = {}
    marks: list[tuple[int | None, bool]] = [(None, False)]  # the piece we are in, and whether its text is given
    named: dict[bytes, Letters] = {}
    letters, shown, coming, given = Letters(), b"", None, b""
    for string, pairs, begins, own, number, words, font, operator, other in TOKEN.findall(content):
        if string or pairs:
            shown += string or HEX.sub(rb"\\x\1", pairs)
            continue
        mark, is_given = marks[-1]
        if begins:
            marks.append((int(own) if own else mark, is_given))
            shown = b""
        elif operator in SHOWING:
            if mark is not None and not is_given:
                pieces.setdefault(mark, []).append(_say(_unescape(shown), letters))
            shown = b""
        elif operator == b"EMC":
            marks.pop()
        elif operator:
            mark = mark if coming is None else coming
            if given and mark is not None and not is_given:
                pieces.setdefault(mark, []).append(_decode(given[4:]))
            marks.append((mark, is_given or bool(given)))
            shown, coming, given = b"", None, b""
        elif font:
            if font not in named:
                named[font] = _find_letters(page.Resources.Font[f"/{font.decode()}"], fonts)
            letters = named[font]
        elif number:
            coming = int(number)
        elif words:
            given = words
        elif other:
            return None
    return pieces


def _unescape(string: bytes) -> bytes:
    return string.decode("unicode_escape").encode("latin-1") if b"\\" in string else string


def read_page(page: Any, fonts: Fonts) -> dict[int, list[str]]:
    """Return the text of each marked piece of a page; a piece inside another belongs to the inner one."""
    pieces: dict[int, list[str]] = {}
    marks: list[tuple[int | None, bool]] = [(None, False)]  # the piece we are in, and whether its text is given
    named: dict[str, Letters] = {}
    letters = Letters()
    for step in pikepdf.parse_content_stream(page, OPERATORS):
        name, (mark, is_given) = str(step.operator), marks[-1]
        if name == "EMC":
            marks.pop()
        elif name in MARKING:
            marks.append(_begin_piece(step.operands, mark, is_given, pieces))
        elif name == "Tf":
            font = str(step.operands[0])
            if font not in named:
                named[font] = _find_letters(page.Resources.Font[font], fonts)
            letters = named[font]
        elif mark is not None and not is_given:
            pieces.setdefault(mark, []).append(_say(_join_strings(step.operands[-1]), letters))
    return pieces


def _begin_piece(
    operands: Any, mark: int | None, is_given: bool, pieces: dict[int, list[str]]
) -> tuple[int | None, bool]:
    known: Any = operands[1] if len(operands) > 1 else {}
    if not isinstance(known, pikepdf.Dictionary):
        return mark, is_given
    mark = int(known["/MCID"]) if "/MCID" in known else mark
    if "/ActualText" not in known:
        return mark, is_given
    if mark is not None and not is_given:
        pieces.setdefault(mark, []).append(str(known["/ActualText"]))
    return mark, True


def _find_letters(font: Any, fonts: Fonts) -> Letters:
    if font.objgen not in fonts:
        fonts[font.objgen] = _read_letters(font)
    return fonts[font.objgen]


def _join_strings(shown: Any) -> bytes:
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]  # an array holds gaps too, as numbers
    return b"".join([bytes(part) for part in parts if isinstance(part, pikepdf.String)])


def _say(codes: bytes, letters: Letters) -> str:
    """Both engines write codes of two bytes."""
    return codes.decode("utf-16-be", errors="surrogatepass").translate(letters)


def _read_letters(font: Any) -> Letters:
    """Return code -> text of a font from its /ToUnicode; both engines write codes of two bytes."""
    letters = Letters()
    if "/ToUnicode" not in font:
        return letters
    for kind, body in SECTION.findall(font.ToUnicode.read_bytes()):
        if kind == b"bfchar":
            codes = CODES.findall(body)
            letters.update({int(code, 16): _decode(text) for code, text in zip(codes[::2], codes[1::2], strict=True)})
        else:
            for first, last, start, many in RANGE.findall(body):
                letters.update(_list_range(int(first, 16), int(last, 16), start, many))
    return letters


def _list_range(first: int, last: int, start: bytes, many: bytes) -> dict[int, str]:
    if many:
        return {first + i: _decode(text) for i, text in enumerate(CODES.findall(many))}
    text = _decode(start)
    return {code: text[:-1] + chr(ord(text[-1]) + code - first) for code in range(first, last + 1)}


def _decode(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", errors="replace")
