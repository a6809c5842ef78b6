"""The one door to WeasyPrint and Typst: nobody else imports them. Each file is laid out in a child process."""

from documents.pdf.door import Attached, RenderingFailed, Variant, render_html, render_register
from documents.pdf.fonts import find_unprintable

__all__ = ["Attached", "RenderingFailed", "Variant", "find_unprintable", "render_html", "render_register"]
