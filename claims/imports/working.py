"""The job that imports a file sent in the browser, part by part: what is wrong is listed by line, the rest goes in."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from claims.base import history, jobs
from claims.imports.complaints import Complaints, ImportResult
from claims.imports.files import read_claim_rows
from claims.imports.receiving import KIND, forget_lines, forget_part, open_part
from claims.imports.taking import hold_book, make_row_reader, take_rows
from claims.models import ImportFile, Job, JobChunk

COUNTED = ("read", "imported", "known", "refused")


def store_part(job: Job, chunk: JobChunk, _data: None) -> dict[str, Any]:
    """Import the rows of a part as `import_claims` does, in the transaction of the job."""
    file = ImportFile.objects.select_related("action").get(pk=job.params["file"])
    hold_book(file.action)
    before, lines = open_part(file, chunk.params["part"])
    result, faults = ImportResult(), list[tuple[int, str, str]]()
    complaints = Complaints(result, None, all_kept=faults)
    reader = make_row_reader(file.action, file.header, "the file")
    rows = read_claim_rows(iter(lines), file.delimiter, reader, result, complaints, before=before)
    take_rows(file.action, rows, result, complaints)
    forget_part(file, chunk.params["part"])
    return {name: getattr(result, name) for name in COUNTED} | {"faults": faults}


def sum_up(job: Job) -> dict[str, int]:
    """Return the numbers of the file so far: of all its parts once the job is done."""
    sums = Counter(dict.fromkeys(COUNTED, 0))
    for result in job.chunks.filter(state=JobChunk.State.DONE).values_list("result", flat=True).iterator(chunk_size=50):
        sums.update({name: result.get(name, 0) for name in COUNTED})
    return dict(sums)


def finish(job: Job) -> dict[str, int]:
    """Note in the history what came of the file, and let go of its key."""
    sums = sum_up(job)
    _note_end(job, sums)
    return sums


def stop(job: Job) -> None:
    """What came in stays; the lines that nobody works through any more go."""
    sums = sum_up(job)
    Job.objects.filter(pk=job.pk).update(result=sums)
    _note_end(job, sums)


def _note_end(job: Job, sums: dict[str, int]) -> None:
    forget_lines(job)
    file = ImportFile.objects.get(pk=job.params["file"])
    history.record(
        "claims imported", job.action or file, by=job.created_by, action=job.action,
        rows=sums["imported"], refused=sums["refused"], known=sums["known"], sha256=file.sha256,
    )  # fmt: skip


def list_faults(file: ImportFile) -> Iterator[tuple[int, str, str]]:
    """Yield (line, column, reason) for what was refused, in the order of the file."""
    results = JobChunk.objects.filter(job=file.job_id).order_by("number").values_list("result", flat=True)
    for result in results.iterator(chunk_size=20):
        yield from result.get("faults", ())


def find_page(job: Job) -> str:
    """Return where people see what came out."""
    return reverse("claims:workspace-imports", args=[job.action.slug]) if job.action else ""


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Importing claims from a file"),
    unit=gettext_lazy("lines"),
    store=store_part,
    finish=finish,
    find_page=find_page,
    stop=stop,
    in_order=True,  # of two rows of one person the first one goes in; and the matter is locked for a part anyway
)
