"""What leaves the office: the files of a sealed filing, looked at once more and noted in the history."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZipFile, ZipInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.history import record
from claims.models import User
from documents.filings.start import explain_disk_error
from documents.models import Filing
from documents.rules.manifests import JSON_NAME, PDF_NAME

TYPES = {".pdf": "application/pdf", ".json": "application/json", ".zip": "application/zip"}


@dataclass(frozen=True)
class Download:
    """An open file with the name under which it leaves."""

    name: str
    file: IO[bytes]

    @property
    def content_type(self) -> str:
        """What the file is, by its name."""
        return TYPES[Path(self.name).suffix]


def open_file(filing: Filing, name: str, *, by: User | None) -> Download | None:
    """Return one file of a sealed filing, or None where there is none of this name.

    Nothing of a filing that is not sealed can be had: it was not checked yet. Raises Refused for a file that is
    missing on the server or no longer what was sealed.
    """
    known = list_names(filing)
    sealed = next((own for own in known if own == name), None)  # the name as we gave it, never as it was asked for
    if sealed is None:
        return None
    file = open_sealed(filing, sealed, known[sealed][1])
    record("filing downloaded", filing, by=by, action=filing.action, file=known[sealed][0])
    return Download(sealed, file)


def open_bundle(filing: Filing, *, by: User | None) -> Download | None:
    """Return all files of a sealed filing as one ZIP, stored as they are in one folder; None before the seal.

    The ZIP has no name on the disk and is gone when it is closed. Raises Refused as `open_file` does.
    """
    if not filing.is_sealed:
        return None
    try:
        bundle = TemporaryFile(dir=filing.home)  # on the disk that holds such data anyway  # noqa: SIM115
        with ZipFile(bundle, "w") as into:
            for name, (_number, digest) in list_names(filing).items():
                add_file(into, filing, name, digest)
    except OSError as error:
        raise Refused(explain_disk_error(error)) from error
    bundle.seek(0)
    record("filing downloaded", filing, by=by, action=filing.action, file="all")
    return Download(f"{name_bundle(filing)}.zip", bundle)


def add_file(into: ZipFile, filing: Filing, name: str, digest: str) -> None:
    """Add a file to a ZIP with the date of the seal."""
    sealed_at = timezone.localtime(filing.sealed_at).timetuple()[:6]
    with open_sealed(filing, name, digest) as file:
        entry = ZipInfo(f"{name_bundle(filing)}/{name}", sealed_at)
        entry.file_size = (filing.folder / name).stat().st_size
        with into.open(entry, "w") as out:
            shutil.copyfileobj(file, out)


def name_bundle(filing: Filing) -> str:
    """Return the name of the folder in a ZIP: neutral, and another for each filing."""
    return f"{filing.kind}-{filing.language}-{str(filing.code)[:8]}"


def list_names(filing: Filing) -> dict[str, tuple[int | str, str]]:
    """Return what each file of a sealed filing is called: its number and its hash, where we know it; else nothing."""
    if not filing.is_sealed:
        return {}
    files: dict[str, tuple[int | str, str]] = {file.name: (file.number, file.sha256) for file in filing.files.all()}
    return files | {JSON_NAME: (JSON_NAME, filing.manifest_sha256), PDF_NAME: (PDF_NAME, filing.manifest_pdf_sha256)}


def open_sealed(filing: Filing, name: str, digest: str) -> IO[bytes]:
    """Return an open file whose bytes are those that were sealed. Raises Refused where they are not."""
    try:
        file = (filing.folder / name).open("rb")
    except OSError:
        raise Refused(_("{name} is missing on the server (MEDIA_ROOT); restore it").format(name=name)) from None
    if digest and hashlib.file_digest(file, "sha256").hexdigest() != digest:
        file.close()
        raise Refused(_("{name} was changed on the server after the seal; it is not sent").format(name=name))
    file.seek(0)
    return file
