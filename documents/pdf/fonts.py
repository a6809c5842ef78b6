"""The fonts of every filing: ten files out of wheels, in one folder that both engines see, and none of the machine."""

import json
import shutil
import tempfile
import unicodedata
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

# The wheels carry OTF and TTF of one family; both at once would let the machine choose.
FILES = {
    "font_source_serif_pro": ("files", "SourceSerifPro-{}.ttf", ("Regular", "It", "Semibold", "SemiboldIt")),
    "font_source_sans_pro": ("files", "SourceSansPro-{}.ttf", ("Regular", "It", "Semibold")),
    "matplotlib": ("mpl-data/fonts/ttf", "DejaVu{}.ttf", ("Sans", "Serif", "SansMono")),
}
TABLE_FONT = "SourceSansPro-Regular.ttf"  # of the rows of a register
EDITION = "2"  # one more whenever a folder made before would lack something
PACKAGES = ("font-source-serif-pro", "font-source-sans-pro", "matplotlib")
# The reader's language must not choose a font: the same text looks the same in every filing.
CONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{kit}/fonts</dir><cachedir>{kit}/cache</cachedir>
<match target="pattern"><edit name="lang" mode="delete"/></match></fontconfig>
"""


@cache
def prepare_fonts() -> Path:
    """Return the folder with `fonts/`, `fonts.conf` and what is known of them; it is made once for these versions."""
    kit = settings.VAR_DIR / "fonts" / "-".join((EDITION, *(version(package) for package in PACKAGES)))
    if not (kit / "widths.json").exists():
        kit.parent.mkdir(exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=kit.parent))
        fill(draft, kit)
        try:
            draft.rename(kit)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return kit


def fill(draft: Path, kit: Path) -> None:
    """Copy the fonts, say where they will be, and write down which code points they hold."""
    (draft / "fonts").mkdir()
    for package, (folder, pattern, names) in FILES.items():
        for name in names:
            source = files(package).joinpath(folder, pattern.format(name))
            (draft / "fonts" / pattern.format(name)).write_bytes(source.read_bytes())
    (draft / "fonts.conf").write_text(CONFIG.format(kit=escape(str(kit))))
    (draft / "coverage.json").write_text(json.dumps(read_coverage(draft / "fonts")))
    (draft / "widths.json").write_text(json.dumps(read_widths(draft / "fonts" / TABLE_FONT)))


def read_coverage(folder: Path) -> list[int]:
    """Return the code points that at least one font draws."""
    from fontTools.ttLib import TTFont  # a fifth of a second, once for each set of fonts

    return sorted({point for font in folder.glob("*.ttf") for point in TTFont(font).getBestCmap()})


def read_widths(font: Path) -> dict[int, int]:
    """Return code point -> width in thousandths of the size. Figures of equal width are no wider than the others."""
    from fontTools.ttLib import TTFont

    opened = TTFont(font)
    scale = 1000 / opened["head"].unitsPerEm
    return {point: round(opened["hmtx"][glyph][0] * scale) for point, glyph in opened.getBestCmap().items()}


@cache
def list_code_points() -> frozenset[int]:
    """Return the code points that can be printed."""
    return frozenset(json.loads((prepare_fonts() / "coverage.json").read_text()))


def find_unprintable(text: str) -> str:
    """Return the signs of a text that no font has, each once, in the order of their numbers.

    A missing glyph draws an empty box that still extracts as text, so it is asked before. Lines may break; a letter
    and its mark count as the letter with the mark where Unicode has one.
    """
    points = list_code_points()
    return "".join(
        sorted(
            {sign for sign in unicodedata.normalize("NFC", text) if ord(sign) not in points and sign not in "\n\r\t"}
        )
    )
