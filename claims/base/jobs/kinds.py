"""What each kind of job does. The module of a use case adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from claims.models import Job, JobChunk


@dataclass(frozen=True)
class Kind:
    """What a kind of job does.

    `compute` runs outside of any transaction and returns what `store` writes; `store` runs in the transaction that
    also books the progress and returns the result to keep with the chunk; `finish` runs once, in the transaction of
    the last chunk, and returns the result of the job. A closing chunk goes through `compute` and `store` too.
    `stop` runs in the transaction that ends a job before its end, stopped by a person or failed: it lets go of what
    waits for chunks that never come. `title` says what the job does, `unit` what is counted ("claims"), `name_subject`
    what it works on, in words, `find_page` where people see what came out. The chunks of a kind that is `in_order` are
    done one at a time, the first one first: what comes of one depends on those before it.
    """

    title: str | Promise
    unit: str | Promise
    store: Callable[[Job, JobChunk, Any], dict]
    compute: Callable[[Job, JobChunk], Any] = lambda job, chunk: None
    finish: Callable[[Job], dict] = lambda job: {}
    find_page: Callable[[Job], str] = lambda job: ""
    stop: Callable[[Job], None] = lambda job: None
    name_subject: Callable[[Job], str] = lambda job: job.subject
    in_order: bool = False


KINDS: dict[str, Kind] = {}
