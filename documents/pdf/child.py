"""The process that lays out one file and nothing else; `documents.pdf` starts it by its path, without Django.

It gets one request as JSON on standard input and writes the PDF to standard output. It has no secrets (the parent
gives it an environment of its own), dies with its parent, and works under limits of memory and time. Three walls keep
it from the network and from files: WeasyPrint's fetcher knows `data:` only; an audit hook refuses sockets, programs
and files outside the installation to all Python code; and where the kernel lets us, the process has a network of its
own with nothing in it. Where the kernel does not (some containers), native code is held by the first two alone:
Pango and Typst open no sockets when nothing asks them to, and no text of people is ever code to Typst.
"""

import base64
import ctypes
import gc
import hashlib
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

REFUSED = 3  # exit status: the answer is JSON that says why
CLONE_NEWUSER, CLONE_NEWNET, PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 1
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "ctypes.")


class NotAllowed(Exception):
    """The document asks for something outside itself."""


def enter_cage(megabytes: int, seconds: int) -> None:
    """Take the limits on, end with the parent, and leave the network."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    if libc.unshare(CLONE_NEWNET):  # without rights only together with users of its own
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def lock_doors() -> None:
    """Refuse sockets, programs and files outside the installation, from now on, to all code in Python."""
    open_to = tuple(f"{Path(folder).resolve()}/" for folder in {sys.prefix, sys.base_prefix, "/usr/share/zoneinfo"})

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise NotAllowed(event)
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(open_to) and path != os.devnull:
                raise NotAllowed("open")

    sys.addaudithook(guard)


def render_html(request: Mapping[str, Any]) -> bytes:
    """Return the document as a tagged PDF with its attachments."""
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class SafeFetcher(URLFetcher):
        """Only data: URIs. Anything else stops the rendering: no filing goes out incomplete."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            try:
                return super().fetch(url, headers)
            except Exception as error:
                raise FatalURLFetchingError("an address") from error

    def make_attachment(name: str, description: str, data: str, made_at: str, relationship: str) -> Any:
        at = datetime.fromisoformat(made_at)
        return Attachment(
            string=base64.b64decode(data), name=name, description=description,
            created=at, modified=at, relationship=relationship, url_fetcher=fetcher,
        )  # fmt: skip

    lock_doors()
    fonts, fetcher, variant = FontConfiguration(), SafeFetcher(), request["variant"]
    try:
        sheet = CSS(string=request["css"], font_config=fonts, url_fetcher=fetcher)
        page = HTML(string=request["html"], url_fetcher=fetcher)
        document = page.render(stylesheets=[sheet], font_config=fonts, pdf_variant=variant)
        document.metadata.attachments += [make_attachment(**attached) for attached in request["attachments"]]
        identifier = hashlib.sha256(request["identifier"].encode()).digest()[:16]
        return shrink(document.write_pdf(pdf_variant=variant, pdf_identifier=identifier), mend)
    except FatalURLFetchingError as error:
        raise NotAllowed("an address") from error


def render_register(request: Mapping[str, Any]) -> bytes:
    """Return one volume of the register; its rows are data to the template, never code."""
    import typst

    lock_doors()
    try:
        return typst.compile(
            request["template"].encode(),
            root=request["fonts"],
            font_paths=[request["fonts"]],
            ignore_system_fonts=True,
            sys_inputs={name: request[name] for name in ("frame", "rows", "csv")},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(datetime.fromisoformat(request["made_at"]).timestamp()),
        )
    except typst.TypstError as error:
        raise ValueError(error.message) from error  # the template's fault or a missing glyph, told without a row


def mend(opened: Any) -> None:
    """Put right what WeasyPrint 70 leaves: attachments listed twice, header cells without scope."""
    import pikepdf

    if "/AF" in opened.Root:
        opened.Root.AF = pikepdf.Array(list({entry.objgen: entry for entry in opened.Root.AF}.values()))
    for cell in opened.objects:
        if isinstance(cell, pikepdf.Dictionary) and cell.get("/S") == "/TH" and "/Scope" not in cell.A:
            cell.A["/Scope"] = pikepdf.Name("/Column" if cell.P.P.get("/S") == "/THead" else "/Row")


def shrink(pdf: bytes, change: Callable[[Any], None] = lambda _: None) -> bytes:
    """Return the PDF, changed, with object streams; tags, XMP and output intent stay."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


ENGINES: dict[str, Callable[[Mapping[str, Any]], bytes]] = {
    "html": render_html,
    "register": render_register,
}


def answer(request: Mapping[str, Any]) -> tuple[int, bytes]:
    """Return the exit status and what goes to standard output; an error is told by its kind, without a value of it."""
    try:
        return 0, ENGINES[request["engine"]](request)
    except MemoryError:
        code, detail = "memory", ""
    except NotAllowed as error:
        code, detail = "address", str(error)
    except RecursionError:
        code, detail = "nesting", ""
    except OSError as error:
        code, detail = "library" if "cannot load library" in str(error) else "bug", type(error).__name__
    except Exception as error:
        code, detail = (
            "bug",
            f"{type(error).__name__}: {error}" if request["engine"] == "register" else type(error).__name__,
        )
    return REFUSED, json.dumps({"code": code, "detail": detail}).encode()


def main() -> int:
    """Read the request, work, write the answer."""
    request = json.load(sys.stdin.buffer)
    enter_cage(request["megabytes"], request["seconds"])
    gc.disable()  # a quarter of WeasyPrint's time goes into looking for garbage that the end of the process removes
    status, out = answer(request)
    sys.stdout.buffer.write(out)
    return status


if __name__ == "__main__":
    sys.exit(main())
