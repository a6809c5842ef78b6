"""Pictures drawn anew, pixel by pixel: nothing of the file is left but what one sees. Runs in a cage.

No place, camera, comment or colour profile comes along; the picture stands upright; of an animation there is the first
picture. What was hidden in the file behind the picture stays behind.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from claims.copies.answers import Copy, Unfit, pack, pack_reason

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
MOST_PIXELS = 50_000_000  # phones take 48 million; decoded, each is up to 8 bytes of the cage's memory
MOST_SIDE = 30_000
ORIENTATION = 0x0112
# A photo is read at this size; a screenshot of a long page is narrow and must stay legible, so its length may be more.
SHORT_SIDE, LONG_SIDE = 2400, 12_000


def prepare(kind: str) -> Callable[[bytes], bytes]:
    """Load what the kind needs and return the work; one file format each, so that no other decoder is reached."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # checked here, before anything is decoded, and without a grey zone
    Image._initialized = 2  # no further formats are looked for
    _load_format(kind)

    def work(data: bytes) -> bytes:
        try:
            return pack(copy_image(data, kind))
        except Unfit as error:
            return pack_reason(error)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError):
            return pack_reason(Unfit("broken"))  # what Pillow's readers raise on files that are none

    return work


def _load_format(kind: str) -> None:
    """Load what Pillow would load only when it meets a file: the copies' formats, phones' double photos, Exif."""
    from PIL import (  # noqa: F401
        ImageColor,
        ImageFilter,
        ImagePalette,
        JpegImagePlugin,
        MpoImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    if kind == "heic":
        import pi_heif

        pi_heif.options.DECODE_THREADS = 1
        pi_heif.register_heif_opener(thumbnails=False)


def copy_image(data: bytes, kind: str) -> Copy:
    """Return the picture drawn anew: as PNG where it was one or has clear parts, else as JPEG."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as opened:
        if max(opened.size) > MOST_SIDE or opened.width * opened.height > MOST_PIXELS:
            raise Unfit("too_large_inside")
        size = fit_size(*opened.size)
        opened.draft("RGB", size)  # a big JPEG is decoded at half its size or less
        drawn = set_upright(shrink(opened, size), opened.getexif().get(ORIENTATION, 1))
        clean = Image.new(drawn.mode, drawn.size)
        clean.paste(drawn)  # the pixels; what the file said besides stays with `drawn`
    out, target = io.BytesIO(), "png" if kind == "png" or drawn.mode == "RGBA" else "jpeg"
    clean.save(out, format=FORMATS[target], **({"quality": 88} if target == "jpeg" else {}))
    return Copy(kind=target, data=out.getvalue(), width=clean.width, height=clean.height)


def fit_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of the copy: never larger, sides in proportion."""
    short, long = sorted((width, height))
    factor = min(1, SHORT_SIDE / short, LONG_SIDE / long)
    return max(1, round(width * factor)), max(1, round(height * factor))


def shrink(opened: "Image", size: tuple[int, int]) -> "Image":
    """Return the picture at this size, in plain grey or colour of 8 bits, not yet turned."""
    from PIL import Image

    if opened.mode.startswith("I"):  # 16 bits of grey: Pillow alone would cut off, not scale
        drawn: Image.Image = opened.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    else:
        mode = find_mode(opened)
        drawn = opened if opened.mode == mode else opened.convert(mode)
    drawn.thumbnail(size)
    return drawn


def find_mode(opened: "Image") -> str:
    """Return the mode of the copy: grey, colour, or colour with clear parts."""
    if opened.mode in {"RGBA", "LA", "La", "RGBa", "PA"} or "transparency" in opened.info:
        return "RGBA"
    return "L" if opened.mode in {"1", "L", "F"} else "RGB"


def set_upright(drawn: "Image", orientation: int) -> "Image":
    """Return the picture as its camera was held (Exif 2.32, tag Orientation)."""
    from PIL.Image import Transpose

    turns = (
        *(None, None, Transpose.FLIP_LEFT_RIGHT, Transpose.ROTATE_180, Transpose.FLIP_TOP_BOTTOM),
        *(Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90),
    )
    turn = turns[orientation] if orientation in range(2, 9) else None
    return drawn.transpose(turn) if turn is not None else drawn
