"""Pages of a rebuilt PDF as pictures, for the eyes of the office. Runs in a cage.

PDFium draws them, alone and without a way out: what a page calls from a file or the network stays away, and a fault in
its drawing ends in the cage.
"""

import io
from collections.abc import Callable

from claims.copies.answers import Copy, Unfit, pack, pack_reason

WIDTH, HEIGHT = 1400, 2400  # at most, in pixels: small print of a letter stays legible
MOST_ENLARGED = 4.0  # times the size that the page names, 1/72 inch for a pixel


def prepare(number: str) -> Callable[[bytes], bytes]:
    """Load the libraries and return the work: a PDF in, the picture of its page with this number out."""
    import pypdfium2
    from PIL import Image, JpegImagePlugin  # noqa: F401  # nothing can be loaded later

    Image._initialized = 2  # no further formats are looked for

    def work(data: bytes) -> bytes:
        try:
            return pack(draw_page(data, int(number)))
        except Unfit as error:
            return pack_reason(error)
        except (pypdfium2.PdfiumError, ValueError, OSError):
            return pack_reason(Unfit("broken"))

    return work


def draw_page(data: bytes, number: int) -> Copy:
    """Return one page as a JPEG; the first has the number 1."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        if not 0 < number <= len(document):
            raise Unfit("broken")
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1), MOST_ENLARGED)
        drawn = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    out = io.BytesIO()
    drawn.save(out, format="JPEG", quality=85)
    return Copy(kind="jpeg", data=out.getvalue(), width=drawn.width, height=drawn.height)
