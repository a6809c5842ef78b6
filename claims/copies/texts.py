"""Texts and e-mails as plain UTF-8 text in which nothing hides. Runs in a cage.

Of an e-mail there is who wrote to whom, when and about what, the text, and the names of what was attached; never the
attachments themselves, and of HTML only its words.
"""

import encodings
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

from claims.copies.answers import Copy, Unfit, pack, pack_reason
from claims.rules.uploads import decode_text, show_signs

SHOWN_HEADERS = ("From", "To", "Cc", "Date", "Subject")
MOST_PARTS = 200
SILENT = {"script", "style", "title", "template"}
BREAKING = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table"}
MARK = "\ufeff"  # says UTF-8 to every editor, and the file begins with none of what was sent


def prepare(kind: str) -> Callable[[bytes], bytes]:
    """Load every encoding there is, for later nothing can be loaded, and return the work."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in {"mbcs", "oem", "idna", "punycode", "aliases"}:
            importlib.import_module(f"encodings.{module.name}")
    write = write_email if kind == "email" else write_text

    def work(data: bytes) -> bytes:
        try:
            return pack(Copy(kind="text", data=(MARK + show_signs(write(data))).encode()))
        except Unfit as error:
            return pack_reason(error)
        except (ValueError, LookupError, RecursionError, AttributeError, TypeError):
            return pack_reason(
                Unfit("broken")
            )  # what the parser of the standard library raises on letters that are none

    return work


def write_text(data: bytes) -> str:
    """Return the text."""
    text = decode_text(data)
    if "\0" in text:
        raise Unfit("broken")
    return text


def write_email(data: bytes) -> str:
    """Return the letter as text."""
    letter = BytesParser(policy=policy.default).parsebytes(data)
    lines = [f"{name}: {letter[name]}" for name in SHOWN_HEADERS if letter[name]]
    for number, part in enumerate(letter.walk()):
        if number > MOST_PARTS:
            raise Unfit("too_large_inside")
        lines += _write_part(part)
    return "\n".join(lines) + "\n"


def _write_part(part: EmailMessage) -> Iterator[str]:
    if part.is_multipart():
        return
    if part.get_filename() or part.get_content_maintype() != "text":
        yield f"\n[attached: {part.get_filename() or part.get_content_type()}]"
        return
    text = _read_part(part)
    yield "\n" + (list_words(text) if part.get_content_subtype() == "html" else text)


def _read_part(part: EmailMessage) -> str:
    data = part.get_payload(decode=True) or b""
    try:
        return bytes(data).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return decode_text(bytes(data))


def list_words(html: str) -> str:
    """Return the words of a page, a line for each block."""
    reader = _WordReader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _WordReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in SILENT
        self.pieces += ["\n"] if tag in BREAKING else []

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0
        self.pieces += ["\n"] if tag in BREAKING else []

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data.replace("\n", " "))
