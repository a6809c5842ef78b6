"""What came of an import: numbers, and the refused rows with line, column and reason, on the screen and in a file."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO, cast

from claims.base.errors import Refused

SHOWN = 20


@dataclass
class ImportResult:
    """What came of a file: rows read, imported, refused and known already."""

    read: int = 0
    imported: int = 0
    refused: int = 0
    known: int = 0
    seconds: float = 0.0
    first_complaints: list[tuple[int, str, str]] = field(default_factory=list)


class Complaints:
    """Counts refused rows and keeps their reasons; `write` puts those of a batch into the file, line by line.

    Where the reasons go into no file, `all_kept` takes every one of them.
    """

    def __init__(
        self, result: ImportResult, file: TextIO | None, *, all_kept: list[tuple[int, str, str]] | None = None
    ) -> None:
        self._result = result
        self._all_kept = all_kept
        self._pending: list[tuple[int, str, str]] = []
        self._writer = csv.writer(file) if file else None
        if self._writer:
            self._writer.writerow(["line", "column", "reason"])

    def refuse(self, line: int, reason: str, *, column: str = "") -> None:
        """Count a refused row and keep the reason."""
        self.refuse_cells(line, [(column, reason)])

    def refuse_cells(self, line: int, complaints: Iterable[tuple[str, str]]) -> None:
        """Count a refused row and keep every reason, a (column, reason) each."""
        self._result.refused += 1
        self._pending += [(line, column, reason) for column, reason in complaints]

    def write(self) -> None:
        """Write what was kept, in the order of the lines; the first few are kept for the screen."""
        self._pending.sort(key=lambda complaint: complaint[0])
        if self._writer:
            self._writer.writerows(self._pending)
        if self._all_kept is not None:
            self._all_kept += self._pending
        self._result.first_complaints += self._pending[: SHOWN - len(self._result.first_complaints)]
        self._pending.clear()


@contextmanager
def open_errors(errors: Path | None, file: Path) -> Iterator[TextIO | None]:
    """Open a file beside `errors` for the refused rows; it goes again where the import does not come to its end.

    Raises Refused where the refused rows cannot be kept.
    """
    if errors is None:
        yield None
        return
    _check_errors(errors, file)
    try:
        stream = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it stays when all went well
            "w", encoding="utf-8", newline="", dir=errors.parent, prefix=f"{errors.name}.", suffix=".part", delete=False
        )
    except OSError as error:
        raise Refused(f"{errors} cannot be written: {error.strerror}") from None
    try:
        with stream:
            yield cast(TextIO, stream)
    except BaseException:
        Path(stream.name).unlink(missing_ok=True)
        raise


def _check_errors(errors: Path, file: Path) -> None:
    if errors.exists() and not errors.is_file():
        raise Refused(f"{errors} is not a plain file; name another for the refused rows")
    if errors.exists() and file.exists() and errors.samefile(file):
        raise Refused(f"{errors} is the file with the claims; give another file for the refused rows")


def save_errors(stream: TextIO) -> None:
    """Bring the refused rows to the disk. Before the claims are in: a full disk undoes both."""
    stream.flush()
    os.fsync(stream.fileno())


def name_errors(stream: TextIO, errors: Path) -> None:
    """Give the file its name. Raises Refused, saying that the claims are in, where that fails."""
    try:
        Path(stream.name).replace(errors)
    except OSError as error:
        raise Refused(f"the claims are imported; the refused rows are in {stream.name}: {error.strerror}") from None
