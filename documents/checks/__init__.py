"""What a PDF of ours must be, looked at after it was written; and what it says, read back out of it.

The structure is inspected, nothing more: this is no validator of PDF/A, and nobody may call a file "validated".
"""

from documents.checks.opening import open_pdf
from documents.checks.reading import read_rows, read_text, squeeze
from documents.checks.structure import Inspection, inspect_pdf

__all__ = ["Inspection", "inspect_pdf", "open_pdf", "read_rows", "read_text", "squeeze"]
