"""PDFs rebuilt page by page: what is drawn is kept, what could act or tell is left out. Runs in a cage.

Honestly said, a rebuilt PDF is not a picture of the pages: fonts, drawings and photos are the ones of the file, and a
fault of a viewer in drawing those remains. Left out are scripts, actions, links, forms (what was filled in is drawn on
the page), comments, films, embedded files, outlines, layers (all are shown), tags, metadata, and what the photos on the
pages said about place and camera. A stream that would grow beyond the limits means that there is no copy.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from claims.copies.answers import Copy, Unfit, pack, pack_reason

if TYPE_CHECKING:
    from pikepdf import Object, Pdf, Stream

MOST_PAGES = 300
MOST_PIXELS = 64_000_000  # of one picture on a page
MOST_DECODED = 32 << 20  # bytes of one stream that is no picture: pages of maps have 10 MB
MOST_DECODED_PICTURE = 4 * MOST_PIXELS
MOST_DECODED_TOGETHER = 512 << 20
PAGE_KEYS = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group", "/Parent"}
RESOURCE_KEYS = {"/Font", "/XObject", "/ColorSpace", "/ExtGState", "/Pattern", "/Shading", "/ProcSet"}
# Of any dictionary and any stream: what tells about people, reaches out of the file, or acts.
TELLING = {"/Metadata", "/PieceInfo", "/AF", "/EF", "/OPI", "/LastModified", "/Measure", "/PtData", "/URI"}
ACTING = {"/AA", "/JS", "/JavaScript", "/OpenAction", "/RichMedia", "/XFA", "/Launch"}
# Only of streams, where a key is never the name that a page gave to a font or a picture.
OUTSIDE = {"/F", "/FFilter", "/FDecodeParms", "/Ref", "/StructParent", "/StructParents", "/OC", "/Alternates", "/PS"}
PLAIN, RESOURCES, NAMES = "plain", "resources", "names"
ACTIONS = {
    "/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/ResetForm", "/GoTo", "/GoToR", "/GoToE", "/Named",
    "/GoTo3DView", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/SetOCGState", "/Hide", "/Thread", "/Trans",
}  # fmt: skip


def prepare(kind: str) -> Callable[[bytes], bytes]:
    """Load the library, set its own limits, and return the work."""
    import pikepdf
    from pikepdf import settings

    settings.set_qpdf_limits(
        doc_max_warnings=200,
        parser_max_nesting=100,
        max_stream_filters=4,
        flate_max_memory=MOST_DECODED_PICTURE,
        run_length_max_memory=MOST_DECODED,
        png_max_memory=MOST_DECODED,
        tiff_max_memory=MOST_DECODED,
    )

    open_random_device()

    def work(data: bytes) -> bytes:
        try:
            return pack(rebuild_pdf(data))
        except Unfit as error:
            return pack_reason(error)
        except pikepdf.PasswordError:
            return pack_reason(Unfit("locked"))
        except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError):
            return pack_reason(Unfit("broken"))  # what the library raises where an object is not what it should be

    return work


def open_random_device() -> None:
    """Let the library open what it wants for encrypted files, and keeps open, while anything can be opened."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(out, encryption=pikepdf.Encryption(owner="any"))
    pikepdf.open(out).close()


def rebuild_pdf(data: bytes) -> Copy:
    """Return the pages in a new file."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as opened, pikepdf.new() as rebuilt:
        pages = len(opened.pages)
        if not 0 < pages <= MOST_PAGES:
            raise Unfit("too_many_pages" if pages else "broken")
        draw_what_was_filled_in(opened)
        for page in opened.pages:
            keep_keys(page.obj, PAGE_KEYS)
            rebuilt.pages.append(page)
        clean_objects(rebuilt)
        out = io.BytesIO()
        rebuilt.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Copy(kind="pdf", data=out.getvalue(), pages=pages)


def draw_what_was_filled_in(opened: "Pdf") -> None:
    """Draw forms and comments onto the pages as they would be printed, before they go."""
    if "/AcroForm" in opened.Root:
        keep_keys(opened.Root.AcroForm, set(opened.Root.AcroForm.keys()) - {"/XFA"})
        opened.generate_appearance_streams()
    opened.flatten_annotations("print")


def keep_keys(thing: "Object", keys: set[str]) -> None:
    """Take everything out of a dictionary but these keys."""
    for key in set(thing.keys()) - keys:
        del thing[key]


def clean_objects(rebuilt: "Pdf") -> None:
    """Check and clean every object that the pages brought along."""
    import pikepdf

    decoded, roles = 0, find_roles(rebuilt)
    for thing in list(rebuilt.objects):
        if isinstance(thing, pikepdf.Stream):
            decoded += measure_stream(thing)
            if decoded > MOST_DECODED_TOGETHER:
                raise Unfit("too_large_inside")
            strip_photo(thing)
        for part, role in walk(thing, roles.get(thing.objgen, PLAIN)):
            clean_dictionary(part, role)


def find_roles(rebuilt: "Pdf") -> dict[tuple[int, int], str]:
    """Return which objects list resources, or give them names: there a key is a word of the page, not of PDF."""
    import pikepdf

    roles = {}
    for thing in list(rebuilt.objects):
        for part, _role in walk(thing, PLAIN):
            resources = part.get("/Resources")
            if isinstance(resources, pikepdf.Dictionary):
                named = (resources.get(key) for key in RESOURCE_KEYS)
                roles[resources.objgen] = RESOURCES
                roles |= {names.objgen: NAMES for names in named if isinstance(names, pikepdf.Dictionary)}
    roles.pop((0, 0), None)  # those that are no object of their own; `walk` knows where it found them
    return roles


def walk(thing: "Object", role: str) -> Iterator[tuple["Object", str]]:
    """Yield the dictionaries inside an object, itself included; what it only refers to has its own turn."""
    import pikepdf

    open_things: list[tuple[Any, str]] = [(thing, role)]
    while open_things:
        part, role = open_things.pop()
        children: list[tuple[Any, str]] = []
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part, role
            children = [(part.get(key), find_role(key, role)) for key in set(part.keys())]
        elif isinstance(part, pikepdf.Array):
            children = [(child, PLAIN) for child in part]
        open_things += [pair for pair in children if isinstance(pair[0], pikepdf.Object) and not pair[0].is_indirect]


def find_role(key: str, parent: str) -> str:
    """Return the role of what stands under a key."""
    if parent == RESOURCES:
        return NAMES
    return RESOURCES if key == "/Resources" and parent == PLAIN else PLAIN


def clean_dictionary(part: "Object", role: str) -> None:
    """Take out of a dictionary what tells, acts, or reaches out of the file."""
    import pikepdf

    if role == RESOURCES:
        keep_keys(part, RESOURCE_KEYS)
    elif role == PLAIN and str(part.get("/S")) in ACTIONS and str(part.get("/Type", "/Action")) == "/Action":
        keep_keys(part, set())
    elif role == PLAIN:
        unwanted = TELLING | ACTING | (OUTSIDE if isinstance(part, pikepdf.Stream) else set())
        keep_keys(part, set(part.keys()) - unwanted)


def measure_stream(stream: "Stream") -> int:
    """Return how many bytes a stream is when it is unpacked. Raises Unfit where they, or its pixels, are too many."""
    import pikepdf

    is_picture = stream.get("/Subtype") == "/Image"
    if is_picture and int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_PIXELS:
        raise Unfit("too_large_inside")
    most = MOST_DECODED_PICTURE if is_picture else MOST_DECODED
    filters = list_filters(stream)
    if filters == ["/FlateDecode"]:
        return count_unpacked(bytes(stream.read_raw_bytes()), most)
    try:
        size = len(stream.read_bytes())
    except pikepdf.PdfError:  # a filter of pictures, which say themselves how big they are
        size = len(stream.read_raw_bytes())
    if size > most:
        raise Unfit("too_large_inside")
    return size


def list_filters(stream: "Stream") -> list[str]:
    """Return the names of the filters, the outermost first."""
    import pikepdf

    filters: Any = stream.get("/Filter", [])
    return [str(name) for name in (filters if isinstance(filters, pikepdf.Array | list) else [filters])]


def count_unpacked(raw: bytes, most: int) -> int:
    """Return the size of packed bytes without keeping them. Raises Unfit where it is more than `most`."""
    reader, size = zlib.decompressobj(), 0
    while raw and not reader.eof:
        try:
            piece = reader.decompress(raw, 1 << 20)
        except zlib.error:  # viewers show as much as they can read
            break
        raw, size = reader.unconsumed_tail, size + len(piece)
        if size > most:
            raise Unfit("too_large_inside")
        if not piece:
            break
    return size


def strip_photo(stream: "Stream") -> None:
    """Take out of a photo on a page what it says besides its pixels."""
    import pikepdf

    if list_filters(stream) != ["/DCTDecode"]:
        return
    kept = strip_jpeg(bytes(stream.read_raw_bytes()))
    parameters: Any = stream.get("/DecodeParms")
    stream.write(kept, filter=pikepdf.Name.DCTDecode, decode_parms=parameters)


def strip_jpeg(data: bytes) -> bytes:
    """Return a JPEG without Exif, comments and the like; only the two headers that say how colours are coded stay.

    ITU-T T.81, annex B. Raises Unfit where it is none, or has too many pixels.
    """
    kept, at = [data[:2]], 2
    while data[at : at + 1] == b"\xff":
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xDA:  # from here on the picture; it ends with the file or before it
            end = data.rfind(b"\xff\xd9")
            return b"".join(kept) + data[at : end + 2 if end > at else None]
        if marker in {0xC0, 0xC1, 0xC2}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            if height * width > MOST_PIXELS:
                raise Unfit("too_large_inside")
        if not (0xE1 <= marker <= 0xED or marker in {0xEF, 0xFE}):
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    raise Unfit("broken")
