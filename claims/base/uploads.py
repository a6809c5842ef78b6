"""Files on their way in: read in pieces into files without a name, and no more of them than the limits allow.

A file without a name is gone with its process, even with a killed one, so nothing unsealed stays behind.
"""

import io
import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

IN_MEMORY = 1 << 20  # bytes; most screenshots never touch the disk


class Upload(UploadedFile):
    """A file that was sent. Of one that `is_cut` we kept nothing: it was too big, and `size` says how big."""

    is_cut = False


class LimitedUploadHandler(FileUploadHandler):
    """Keeps files up to EVIDENCE_FILE_BYTES each and EVIDENCE_TOTAL_BYTES together; of bigger ones nothing.

    The rest of such a file is read and thrown away, so that the other files of the request arrive. A request that says
    it is bigger than UPLOAD_REQUEST_BYTES is refused unread.
    """

    content: IO[bytes] | None = None
    kept = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # the name that Django calls it by
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse a request that is far too big before anything of it is read."""
        if content_length > settings.UPLOAD_REQUEST_BYTES:
            raise RequestDataTooBig("the files of one request are too big together")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, or let go of the whole file once it is too big."""
        if self.content is None:
            return
        self.kept += len(raw_data)
        if start + len(raw_data) > settings.EVIDENCE_FILE_BYTES or self.kept > settings.EVIDENCE_TOTAL_BYTES:
            self.kept -= start + len(raw_data)
            self._drop()
        else:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> Upload:
        """Return the file, from its beginning."""
        upload = Upload(self.content or io.BytesIO(), self.file_name, "", file_size)
        upload.is_cut = self.content is None
        upload.seek(0)
        self.content = None
        return upload

    def upload_interrupted(self) -> None:
        """Let go of what has come so far."""
        self._drop()

    def _drop(self) -> None:
        if self.content is not None:
            self.content.close()
        self.content = None
