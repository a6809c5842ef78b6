"""What leaves the office for a court: freeze, lay out, check, list, seal, verify."""

from documents.filings.proving import verify_filing
from documents.filings.resuming import JOB, resume_filing
from documents.filings.sealing import copy_filing
from documents.filings.sending import Download, name_bundle, open_bundle, open_file
from documents.filings.start import LANGUAGES, find_replaced, start_correction, start_filing
from documents.filings.verifying import Verified, verify_folder
from documents.filings.work import get_filing

__all__ = [
    "JOB",
    "LANGUAGES",
    "Download",
    "Verified",
    "copy_filing",
    "find_replaced",
    "get_filing",
    "name_bundle",
    "open_bundle",
    "open_file",
    "resume_filing",
    "start_correction",
    "start_filing",
    "verify_filing",
    "verify_folder",
]
