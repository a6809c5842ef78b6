"""The structure of a PDF: what PDF/A-3a and PDF/UA-1 ask for and can be seen from outside."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

XMP = {"pdf/a-3a": {"pdfaid:part": "3", "pdfaid:conformance": "A"}, "pdf/ua-1": {"pdfuaid:part": "1"}}
REGISTER = "register"  # Typst writes both standards into one file
HARMLESS = {"/GoTo", "/URI"}
CODE = {"/JS", "/AA", "/OpenAction", "/Launch", "/RichMediaContent"}


@dataclass(frozen=True)
class Inspection:
    """What a PDF is, and in sentences what is wrong with it."""

    pages: int
    title: str
    language: str
    attachments: tuple[str, ...]
    complaints: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.complaints


def inspect_pdf(pdf: bytes, *, variant: str) -> Inspection:
    """Return the inspection of a file that was built for `pdf/a-3a`, `pdf/ua-1`, or as a `register` for both."""
    try:
        opened = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError:
        return Inspection(0, "", "", (), ("this is no PDF that can be opened",))
    with opened:
        root, everything = opened.Root, [item for item in opened.objects if isinstance(item, pikepdf.Object)]
        dictionaries = [item for item in everything if isinstance(item, pikepdf.Dictionary | pikepdf.Stream)]
        with opened.open_metadata() as xmp:
            names = {key: str(xmp.get(key) or "") for key in ("dc:title", *XMP["pdf/a-3a"], *XMP["pdf/ua-1"])}
        attached = tuple(str(entry.get("/UF", entry.get("/F", ""))) for entry in root.get("/AF", []))
        complaints = [
            *_check_tags(root, dictionaries),
            *_check_identity(root, names, variant),
            *_check_fonts(dictionaries),
            *_check_code(root, dictionaries),
            *_check_attachments(opened, dictionaries, variant),
        ]
        return Inspection(len(opened.pages), names["dc:title"], str(root.get("/Lang", "")), attached, tuple(complaints))


def _check_tags(root: Any, dictionaries: list[Any]) -> Iterator[str]:
    if "/StructTreeRoot" not in root:
        yield "there are no tags"
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "the file does not say that it is tagged"
    elements = [item for item in dictionaries if "/P" in item and item.get("/S") is not None]
    kinds = {str(item.S) for item in elements}
    if "/Table" in kinds and "/TH" not in kinds:
        yield "a table has no header cells"
    referred = {str(name) for item in elements for part in _list_attributes(item) for name in part.get("/Headers", [])}
    for item in elements:
        if str(item.S) == "/TH" and not _is_scoped(item, referred):
            yield "a header cell has no scope, and no cell refers to it"
            break
    if any(str(item.S) == "/Figure" and "/Alt" not in item for item in elements):
        yield "a picture has no text in its place"


def _list_attributes(element: Any) -> list[Any]:
    attributes = element.get("/A")
    if attributes is None:
        return []
    return list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]


def _is_scoped(cell: Any, referred: set[str]) -> bool:
    return any("/Scope" in part for part in _list_attributes(cell)) or str(cell.get("/ID", "")) in referred


def _check_identity(root: Any, names: dict[str, str], variant: str) -> Iterator[str]:
    if not str(root.get("/Lang", "")):
        yield "the language is not named"
    if not names["dc:title"]:
        yield "the title is missing"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "a window would show the name of the file, not the title"
    variants = list(XMP) if variant == REGISTER else [variant]
    for expected in variants:
        if any(names[key] != value for key, value in XMP[expected].items()):
            yield f"the metadata do not say {expected}"
    if "pdf/a-3a" in variants and len(root.get("/OutputIntents", [])) != 1:
        yield f"there must be one output intent, there are {len(root.get('/OutputIntents', []))}"


def _check_fonts(dictionaries: list[Any]) -> Iterator[str]:
    for item in dictionaries:
        if item.get("/Type") == "/FontDescriptor" and not any(f"/FontFile{n}" in item for n in ("", 2, 3)):
            yield f"the font {str(item.FontName)[1:]} is not embedded"


def _check_code(root: Any, dictionaries: list[Any]) -> Iterator[str]:
    if found := sorted({key for item in [root, *dictionaries] for key in CODE if key in item}):
        yield f"the file holds what could run: {', '.join(key[1:] for key in found)}"
    if "/JavaScript" in root.get("/Names", {}):
        yield "the file holds scripts"
    actions = {str(item.get("/S")) for item in dictionaries if item.get("/Type") == "/Action"}
    actions |= {str(item.A.get("/S")) for item in dictionaries if item.get("/Subtype") == "/Link" and "/A" in item}
    if found := sorted(actions - HARMLESS):
        yield f"the file holds actions: {', '.join(kind[1:] for kind in found)}"


def _check_attachments(opened: pikepdf.Pdf, dictionaries: list[Any], variant: str) -> Iterator[str]:
    named = list(opened.Root.get("/AF", []))
    if any("/AFRelationship" not in entry for entry in named):
        yield "an attachment does not say what it is to the document"
    if len({entry.objgen for entry in named}) != len(named):
        yield "an attachment is named twice"
    files = sum(item.get("/Type") == "/EmbeddedFile" for item in dictionaries)
    listed = len(opened.attachments) if variant == "pdf/ua-1" else len(named)
    if listed != files:
        yield f"the document names {listed} attachments and holds {files}"
    if any(item.get("/Subtype") == "/FileAttachment" for item in dictionaries):
        yield "a page holds an attachment of its own"
