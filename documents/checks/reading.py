"""The words of a tagged PDF, read back by its tags: to compare what was printed with what was meant.

ISO 32000-1: 14.6 and 14.7 (marked content and the structure tree), 9.10 (from codes to Unicode).
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

CODES = re.compile(rb"<([0-9a-fA-F]*)>")
SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*(?:<([0-9a-fA-F]+)>|\[([^\]]*)\])")
OPERATORS = "BDC BMC EMC Tf Tj TJ ' \""

Texts = dict[tuple[tuple[int, int], int], str]


def squeeze(text: str) -> str:
    """Return a text without white space and soft breaks: a line may end anywhere, and be right."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def read_text(pdf: bytes) -> str:
    """Return all words that are tagged, in the order of reading; heads and feet of pages are not part of it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return " ".join(_list_words(opened.Root.StructTreeRoot, _read_pages(opened)))


def read_rows(pdf: bytes) -> list[list[str]]:
    """Return the cells of all rows of all tables, heads included, in the order of reading."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        texts = _read_pages(opened)
        return [
            ["".join(_list_words(cell, texts, row.get("/Pg"))) for cell in _list_children(row)]
            for row in _find(opened.Root.StructTreeRoot, "/TR")
        ]


def _list_children(element: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _find(element: Any, kind: str) -> Iterator[Any]:
    stack = [element]
    while stack:
        found = stack.pop()
        if not isinstance(found, pikepdf.Dictionary):
            continue
        if str(found.get("/S", "")) == kind:
            yield found
        else:
            stack.extend(reversed(_list_children(found)))


def _list_words(element: Any, texts: Texts, page: Any = None) -> Iterator[str]:
    """Walk the tree without recursion; an element without a page of its own is on that of its parent."""
    stack = [(element, page)]
    while stack:
        found, page = stack.pop()
        if not isinstance(found, pikepdf.Dictionary):
            yield texts.get((page.objgen, int(found)), "") if page is not None else ""
        elif "/MCID" in found:
            yield texts.get((found.get("/Pg", page).objgen, int(found.MCID)), "")
        elif "/ActualText" in found:
            yield str(found.ActualText)
        else:
            stack.extend((child, found.get("/Pg", page)) for child in reversed(_list_children(found)))


def _read_pages(opened: Any) -> Texts:
    fonts: dict[tuple[int, int], dict[int, str]] = {}
    texts: Texts = {}
    for page in opened.pages:
        texts.update({(page.objgen, mcid): text for mcid, text in _read_page(page, fonts)})
    return texts


def _read_page(page: Any, fonts: dict[tuple[int, int], dict[int, str]]) -> Iterator[tuple[int, str]]:
    """Return the text of each marked piece of a page; a piece inside another belongs to the inner one."""
    pieces: dict[int, list[str]] = {}
    marks: list[tuple[int | None, bool]] = [(None, False)]  # the piece we are in, and whether its text is given
    letters: dict[int, str] = {}
    for step in pikepdf.parse_content_stream(page, OPERATORS):
        operands, name, (mark, is_given) = step.operands, str(step.operator), marks[-1]
        if name in {"BDC", "BMC"}:
            known: Any = operands[1] if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else {}
            mark = int(known["/MCID"]) if "/MCID" in known else mark
            if "/ActualText" in known and mark is not None and not is_given:
                pieces.setdefault(mark, []).append(str(known["/ActualText"]))
            marks.append((mark, is_given or "/ActualText" in known))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            letters = _find_letters(page.Resources.Font[str(operands[0])], fonts)
        elif mark is not None and not is_given:
            pieces.setdefault(mark, []).append(_say(operands[0] if name == "TJ" else operands[-1:], letters))
    return ((mark, "".join(words)) for mark, words in pieces.items())


def _find_letters(font: Any, fonts: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    if font.objgen not in fonts:
        fonts[font.objgen] = _read_letters(font)
    return fonts[font.objgen]


def _say(shown: Any, letters: dict[int, str]) -> str:
    codes = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
    return "".join(letters.get(int.from_bytes(codes[i : i + 2], "big"), "\ufffd") for i in range(0, len(codes), 2))


def _read_letters(font: Any) -> dict[int, str]:
    """Return code -> text of a font from its /ToUnicode; both engines write codes of two bytes."""
    letters: dict[int, str] = {}
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
