"""The filesystem broker with whole messages: kombu's own names a file before its content is written.

A worker that reads such a file ends with an error, and `make serve` with it. Here a message gets its name when it is
whole, and one that cannot be read is passed over: the broker only wakes workers up, the rows in `claims.base.jobs`
are the truth.
"""

import json
import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """A channel that writes messages whole."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override] # kombu's own two differ
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}"
        part = Path(self.data_folder_out, f"{name}.part")
        part.write_text(json.dumps(payload), encoding="utf-8")
        part.rename(part.with_name(f"{name}.{queue}.msg"))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            log.warning("a message that cannot be read was passed over in queue %s", queue)
            raise Empty from None

    def get_table(self, exchange: str) -> list[Any]:
        """Return where messages of an exchange go; nothing while another process writes that file first."""
        try:
            return super().get_table(exchange)
        except ValueError:
            return []


class Transport(filesystem.Transport):
    """What `filesystem://` means here (`config.celery`)."""

    Channel = Channel
