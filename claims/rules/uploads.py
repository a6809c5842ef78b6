"""What a file is by its content, and how names and texts from outside are shown. Declared types are no proof."""

import re
import unicodedata

# Offset, first bytes, what it is. Only the kinds of `Evidence.Kind` are taken; the others get a sentence of their own.
SIGNS = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (8, b"WEBP", "webp"),
    (0, b"%PDF-", "pdf"),
    (0, b"PK\x03\x04", "archive"),
    (0, b"PK\x05\x06", "archive"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"Rar!\x1a\x07", "archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (0, b"{\\rtf", "office"),
    (0, b"GIF8", "picture"),
    (0, b"BM", "picture"),
    (0, b"II*\0", "picture"),
    (0, b"MM\0*", "picture"),
    (0, b"\0\0\1\0", "picture"),
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"#!", "program"),
    (0, b"RIFF", "media"),
    (0, b"ID3", "media"),
    (0, b"OggS", "media"),
    (0, b"\x1aE\xdf\xa3", "media"),
)
HEAD = 4096  # bytes that are enough to tell
OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"word/", b"xl/", b"ppt/")
PHOTO_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}  # ISO/IEC 23008-12, annex B.4
OTHER_PICTURE_BRANDS = {b"avif", b"avis", b"hevc", b"hevx"}
HEADERS = re.compile(
    r"^(from|to|subject|date|message-id|received|return-path|mime-version|delivered-to):", re.IGNORECASE | re.MULTILINE
)
KEPT = {"\n", "\t", "\u200c", "\u200d"}  # the joiners are spelling in Persian, and they hold emoji together
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def recognise(head: bytes) -> str:
    """Return what a file is by its first bytes: a kind that we take, or why we do not.

    This only sorts: that a file is what it says is known when a safe copy of it could be made.
    """
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return _recognise_brand(head[8:12])
    for offset, sign, what in SIGNS:
        if head[offset:].startswith(sign) and (what != "webp" or head.startswith(b"RIFF")):
            is_office = what == "archive" and any(part in head for part in OFFICE_PARTS)
            return "office" if is_office else what
    return _recognise_text(head)


def _recognise_brand(brand: bytes) -> str:
    if brand in PHOTO_BRANDS:
        return "heic"
    return "picture" if brand in OTHER_PICTURE_BRANDS else "media"


def _recognise_text(head: bytes) -> str:
    text = decode_text(head[:HEAD])
    controls = sum(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t\f\x1b" for sign in text)
    if "\0" in text or controls * 50 > len(text):
        return "unknown"
    if text.lstrip().startswith("<"):
        return "web_page"
    start = text.lstrip().replace("\r\n", "\n").split("\n\n")[0]
    return "email" if len(set(map(str.lower, HEADERS.findall(start)))) >= 2 else "text"


def decode_text(data: bytes) -> str:
    """Return a text: UTF-8, UTF-16 with its mark, else Windows-1252, in which every byte is a sign."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut_off = error.end == len(data) and len(data) - error.start < 4 and error.reason == "unexpected end of data"
        return data.decode("utf-8-sig" if is_cut_off else "cp1252", "replace")


def show_signs(text: str) -> str:
    """Return a text in which signs that hide, or turn the direction of others, can be seen: ⟨U+202E⟩."""
    shown = text.replace("\r\n", "\n")
    return "".join(
        f"⟨U+{ord(sign):04X}⟩" if unicodedata.category(sign) in HIDDEN and sign not in KEPT else sign for sign in shown
    )


def show_name(name: str, *, most: int = 120) -> str:
    """Return the name of a file for a page: one line, nothing hidden, a long one cut in the middle."""
    shown = show_signs(name[: 2 * most] + name[-2 * most :] if len(name) > 4 * most else name)
    shown = " ".join(shown.split())
    if len(shown) <= most:
        return shown
    return f"{shown[: most // 2]} … {shown[-most // 3 :]}"
