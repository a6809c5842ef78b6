"""The structure of a PDF: what PDF/A-3a and PDF/UA-1 ask for and can be seen from outside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from documents.checks.opening import open_pdf

XMP = {"pdf/a-3a": {"pdfaid:part": "3", "pdfaid:conformance": "A"}, "pdf/ua-1": {"pdfuaid:part": "1"}}
REGISTER = "register"  # Typst writes both standards into one file
HARMLESS = {"/GoTo", "/URI"}
FONT_FILES = {"/FontFile", "/FontFile2", "/FontFile3"}
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


@dataclass
class _Seen:
    """What a walk over all objects of a file came across."""

    kinds: set[str] = field(default_factory=set)  # of the elements of the structure
    unscoped: list[str] = field(default_factory=list)  # names of header cells without a scope
    has_mute_picture: bool = False
    fonts: list[str] = field(default_factory=list)  # that are not embedded
    code: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    files: int = 0
    has_own_attachment: bool = False


def inspect_pdf(pdf: bytes | pikepdf.Pdf, *, variant: str) -> Inspection:
    """Return the inspection of a file that was built for `pdf/a-3a`, `pdf/ua-1`, or as a `register` for both."""
    try:
        with open_pdf(pdf) as opened:
            return _inspect(opened, variant)
    except pikepdf.PdfError:
        return Inspection(0, "", "", (), ("this is no PDF that can be opened",))


def _inspect(opened: pikepdf.Pdf, variant: str) -> Inspection:
    root, seen = opened.Root, _look_at_everything(opened)
    with opened.open_metadata() as xmp:
        names = {key: str(xmp.get(key) or "") for key in ("dc:title", *XMP["pdf/a-3a"], *XMP["pdf/ua-1"])}
    attached = tuple(str(entry.get("/UF", entry.get("/F", ""))) for entry in root.get("/AF", []))
    complaints = [
        *_check_tags(opened, seen),
        *_check_identity(root, names, variant),
        *(f"the font {name} is not embedded" for name in seen.fonts),
        *_check_code(root, seen),
        *_check_attachments(opened, seen, variant),
    ]
    return Inspection(len(opened.pages), names["dc:title"], str(root.get("/Lang", "")), attached, tuple(complaints))


def _look_at_everything(opened: pikepdf.Pdf) -> _Seen:
    """Walk over the objects once: a volume of a register has some forty thousand."""
    seen = _Seen()
    for item in opened.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            keys = item.keys()
            seen.code |= keys & CODE
            if "/P" in keys and "/S" in keys:
                _look_at_element(item, keys, seen)
            elif "/Type" in keys or "/Subtype" in keys:
                _look_at_object(item, keys, seen)
    return seen


def _look_at_element(item: Any, keys: set[str], seen: _Seen) -> None:
    kind = str(item.S)
    seen.kinds.add(kind)
    if kind == "/TH" and not any("/Scope" in part for part in _list_attributes(item)):
        seen.unscoped.append(str(item.get("/ID", "")))
    elif kind == "/Figure" and "/Alt" not in keys:
        seen.has_mute_picture = True


def _look_at_object(item: Any, keys: set[str], seen: _Seen) -> None:
    kind, subtype = str(item.get("/Type", "")), str(item.get("/Subtype", ""))
    if kind == "/FontDescriptor" and not keys & FONT_FILES:
        seen.fonts.append(str(item.FontName)[1:])
    elif kind == "/EmbeddedFile":
        seen.files += 1
    elif kind == "/Action":
        seen.actions.add(str(item.get("/S")))
    if subtype == "/Link" and "/A" in keys:
        seen.actions.add(str(item.A.get("/S")))
    elif subtype == "/FileAttachment":
        seen.has_own_attachment = True


def _check_tags(opened: pikepdf.Pdf, seen: _Seen) -> Iterator[str]:
    root: Any = opened.Root
    if "/StructTreeRoot" not in root:
        yield "there are no tags"
    if not bool(root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False)):
        yield "the file does not say that it is tagged"
    if "/Table" in seen.kinds and "/TH" not in seen.kinds:
        yield "a table has no header cells"
    if seen.unscoped and not set(seen.unscoped) <= _list_referred(opened):
        yield "a header cell has no scope, and no cell refers to it"
    if seen.has_mute_picture:
        yield "a picture has no text in its place"


def _list_referred(opened: pikepdf.Pdf) -> set[str]:
    """Return the names of the header cells that some cell refers to."""
    elements = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/A" in item]
    return {str(name) for item in elements for part in _list_attributes(item) for name in part.get("/Headers", [])}


def _list_attributes(element: Any) -> list[Any]:
    attributes = element.get("/A")
    if attributes is None:
        return []
    return list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]


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


def _check_code(root: Any, seen: _Seen) -> Iterator[str]:
    if found := sorted(seen.code | (set(root.keys()) & CODE)):
        yield f"the file holds what could run: {', '.join(key[1:] for key in found)}"
    if "/JavaScript" in root.get("/Names", {}):
        yield "the file holds scripts"
    if found := sorted(seen.actions - HARMLESS):
        yield f"the file holds actions: {', '.join(kind[1:] for kind in found)}"


def _check_attachments(opened: pikepdf.Pdf, seen: _Seen, variant: str) -> Iterator[str]:
    named = list(opened.Root.get("/AF", []))
    if any("/AFRelationship" not in entry for entry in named):
        yield "an attachment does not say what it is to the document"
    if len({entry.objgen for entry in named}) != len(named):
        yield "an attachment is named twice"
    listed = len(opened.attachments) if variant == "pdf/ua-1" else len(named)
    if listed != seen.files:
        yield f"the document names {listed} attachments and holds {seen.files}"
    if seen.has_own_attachment:
        yield "a page holds an attachment of its own"
