"""Look at a sealed filing where it lies: its folder by its manifest, and the manifest by what was sealed."""

import hashlib

from claims.base.history import record
from claims.models import User
from documents.filings.verifying import Verified, verify_folder
from documents.models import Filing
from documents.rules.manifests import JSON_NAME, PDF_NAME


def verify_filing(filing: Filing, *, by: User | None) -> Verified:
    """Return whether the files on this server are those that were sealed; the first difference is named.

    A folder that somebody forged as a whole, manifest and all, is found too: its hash is in the row of the filing.
    """
    found = compare_filing(filing)
    record("filing verified", filing, by=by, action=filing.action, files=found.files, differs=int(not found.ok))
    return found


def compare_filing(filing: Filing) -> Verified:
    """Return what the files of a filing are, against its manifest and its row."""
    if not filing.folder.is_dir():
        return Verified(difference="the folder of the files is missing on the server (MEDIA_ROOT)")
    found = verify_folder(filing.folder)
    if not found.ok:
        return found
    for name, sealed in ((JSON_NAME, filing.manifest_sha256), (PDF_NAME, filing.manifest_pdf_sha256)):
        if sealed and hashlib.sha256((filing.folder / name).read_bytes()).hexdigest() != sealed:
            return Verified(difference=f"{name} is not the one that was sealed")
    return found
