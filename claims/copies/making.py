"""From the outside: which program makes the copy of which kind, and what to say when none comes out."""

from dataclasses import replace

from claims.base.sandbox import Broke, Limits, TookTooLong, TookTooMuch, run_caged
from claims.copies.answers import Copy, Unfit, unpack

PROGRAMS = {
    "jpeg": "claims.copies.images:prepare",
    "png": "claims.copies.images:prepare",
    "webp": "claims.copies.images:prepare",
    "heic": "claims.copies.images:prepare",
    "pdf": "claims.copies.pdfs:prepare",
    "text": "claims.copies.texts:prepare",
    "email": "claims.copies.texts:prepare",
}
# 50 million pixels of PNG with clear parts are 200 MB, and Python with its libraries maps some 100 MB.
LIMITS = Limits(megabytes=512, seconds=9, clock_seconds=10, most_bytes=64 << 20)
THREADED = {"heic"}  # libde265 ends the process where it gets no thread
KINDS_MADE = {"jpeg", "png", "pdf", "text"}
DRAWN_WITHIN = replace(LIMITS, seconds=5, clock_seconds=8)  # somebody waits for the page


def make_copy(kind: str, original: bytes) -> Copy:
    """Return a copy that is safe to look at. Raises Unfit with the reason, and WasTooSlow, which may be tried again."""
    try:
        limits = replace(LIMITS, may_thread=kind in THREADED)
        copy = unpack(run_caged(PROGRAMS[kind], kind, original, limits=limits))
    except TookTooMuch:
        raise Unfit("too_large_inside") from None
    except TookTooLong:
        raise Unfit("too_slow") from None
    except Broke as error:
        if type(error) is not Broke:
            raise
        raise Unfit("broken") from None
    if copy.kind not in KINDS_MADE or not copy.data:
        raise Unfit("broken")
    return copy


def draw_page(pdf: bytes, number: int) -> bytes:
    """Return a page of a rebuilt PDF as a JPEG; the first has the number 1. Raises Unfit where none can be drawn."""
    try:
        drawn = unpack(run_caged("claims.copies.pages:prepare", str(number), pdf, limits=DRAWN_WITHIN))
    except Broke:
        raise Unfit("broken") from None
    if drawn.kind != "jpeg" or not drawn.data:
        raise Unfit("broken")
    return drawn.data
