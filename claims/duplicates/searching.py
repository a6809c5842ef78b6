"""The search as two jobs: keys of what is new, then the pairs that share one. The end of the first starts the second.

What a search has seen is told by its number, the id of its first job: a claim whose keys carry a higher number than
the last search that ended is new to the next one. A search that was stopped costs only its own work.
"""

import math

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.errors import Refused
from claims.duplicates.comparing import Found, compare_part
from claims.duplicates.keeping import KEYS, drop_fallen, read_changed, write_keys
from claims.duplicates.pairs import close_gone, write_pairs
from claims.models import Action, DuplicatePair, Job, JobChunk, User
from claims.rules.duplicates import KINDS, VERSION
from claims.screening import list_ranges

PREPARING, COMPARING = "duplicate-keys", "duplicates"
RANGE = 20_000  # claims a chunk of the first job
PART = 2_000_000  # claims whose keys of one kind a chunk of the second job reads


def start_search(action: Action, *, by: User | None) -> Job:
    """Start the search for claims that may be of one person. Raises Refused while one runs."""
    if jobs.find_active_job(COMPARING, action):
        raise Refused(_("a search for duplicates is running already; let it end or stop it"))
    chunks = [({"first": first, "last": last}, units) for first, last, units in list_ranges(action, RANGE)]
    return jobs.start_job(PREPARING, by=by, action=action, chunks=chunks, has_closing=True)


def find_active_search(action: Action) -> Job | None:
    """Return the job of a search that waits or runs."""
    return jobs.find_active_job(PREPARING, action) or jobs.find_active_job(COMPARING, action)


def find_last_search(action: Action) -> Job | None:
    """Return the last search that came to its end by the weights in force; what it has seen need not be compared."""
    done = Job.objects.filter(kind=COMPARING, action=action, state=Job.State.DONE, params__version=VERSION)
    return done.order_by("-pk").first()


# The first job: keys ----------------------------------------------------------------------------------------


def _compute_keys(job: Job, chunk: JobChunk) -> list[tuple]:
    if chunk.is_closing:
        return []
    assert job.action is not None  # start_search gives one
    return read_changed(job.action, chunk.params["first"], chunk.params["last"], search=job.pk)


def _store_keys(job: Job, chunk: JobChunk, rows: list[tuple]) -> dict:
    assert job.action is not None
    if not chunk.is_closing:
        write_keys(rows)
        return {"changed": len(rows)}
    fallen = drop_fallen(job.action)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {KEYS}")  # the second job would else be planned for an empty table
    return {"fallen": fallen}


def _start_comparing(job: Job) -> dict:
    """Start the second job, in the transaction that ends the first."""
    changed = sum(result.get("changed", 0) for result in job.chunks.values_list("result", flat=True))
    assert job.action is not None
    last = find_last_search(job.action)
    since = last.params["search"] if last else 0
    parts = max(1, math.ceil(job.units_total / PART))
    chunks = [({"kind": kind, "part": part, "parts": parts}, 1) for part in range(parts) for kind in KINDS]
    params = {"search": job.pk, "since": since, "version": VERSION, "claims": job.units_total, "changed": changed}
    second = jobs.start_job(
        COMPARING, by=job.created_by, action=job.action, params=params, chunks=chunks, has_closing=True
    )
    return {"changed": changed, "search": second.pk}


# The second job: pairs --------------------------------------------------------------------------------------


def _compute_pairs(job: Job, chunk: JobChunk) -> tuple[list[Found], dict[str, int]]:
    return ([], {}) if chunk.is_closing else compare_part(job, **chunk.params)


def _store_pairs(job: Job, chunk: JobChunk, found: tuple[list[Found], dict[str, int]]) -> dict:
    if chunk.is_closing:
        return {"gone": close_gone(job)}
    rows, result = found
    write_pairs(job, rows)
    return result


def _finish_pairs(job: Job) -> dict:
    """Add up what was compared; blocks that were too large are named with what was done instead."""
    results = list(job.chunks.order_by("number").values_list("params", "result"))
    large: dict[str, dict[str, int]] = {}
    for params, result in results:
        if result.get("large_claims"):
            kind = large.setdefault(params["kind"], {"blocks": 0, "claims": 0})
            kind["blocks"] += result["large_blocks"]
            kind["claims"] += result["large_claims"]
    waiting = DuplicatePair.objects.filter(action=job.action, state=DuplicatePair.State.OPEN).count()
    compared = sum(result.get("compared", 0) for _params, result in results)
    return {"claims": job.params["claims"], "changed": job.params["changed"], "compared": compared,
            "waiting": waiting, "large_blocks": large}  # fmt: skip


jobs.KINDS[PREPARING] = jobs.Kind(
    title=gettext_lazy("Search for duplicates: preparing"), unit=gettext_lazy("Claims"),
    compute=_compute_keys, store=_store_keys, finish=_start_comparing,
)  # fmt: skip
jobs.KINDS[COMPARING] = jobs.Kind(
    title=gettext_lazy("Search for duplicates: comparing"), unit=gettext_lazy("Parts"),
    compute=_compute_pairs, store=_store_pairs, finish=_finish_pairs,
)  # fmt: skip
