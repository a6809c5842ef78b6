"""The words of a tagged PDF, read back by its tags: to compare what was printed with what was meant.

ISO 32000-1: 14.7 (the structure tree).
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from documents.checks.opening import open_pdf
from documents.checks.pages import Texts, read_pages

SPACE = re.compile(r"[\s\u200b\u00ad]+")


def squeeze(text: str) -> str:
    """Return a text without white space and soft breaks: a line may end anywhere, and be right."""
    return SPACE.sub("", text)


def read_text(pdf: bytes | pikepdf.Pdf) -> str:
    """Return all words that are tagged, in the order of reading; heads and feet of pages are not part of it."""
    with open_pdf(pdf) as opened:
        return " ".join(_list_words(opened.Root.StructTreeRoot, read_pages(opened)))


def read_rows(pdf: bytes | pikepdf.Pdf) -> list[list[str]]:
    """Return the cells of all rows of all tables, heads included, in the order of reading."""
    with open_pdf(pdf) as opened:
        texts = read_pages(opened)
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
