"""The job that looks at a file of proofs before it is recorded: what would come of each line; nothing is written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.references import show_reference
from claims.joining.faults import JOINED, NO_CLAIM, TAKEN, find_doubt, say_doubt
from claims.joining.files import CHECK
from claims.joining.ways import read_law
from claims.joining.working import (
    Outcome,
    find_claims,
    find_file,
    forget_parts,
    judge_rows,
    read_book,
    read_rows,
    sum_up,
)
from claims.models import Claim, Job, JobChunk, JoiningFile
from claims.quarantine import list_held
from claims.rules.joiningrows import JoiningRow

SAMPLE = 8


@dataclass(frozen=True)
class Line:
    """A line that would be recorded: its number, our reference of the claim, that of the register, the day."""

    number: int
    reference: str
    register_reference: str
    on: date


def look_at_part(job: Job, chunk: JobChunk) -> dict[str, Any]:
    """Judge the lines of a part as the recording will, holding nothing; the closing chunk compares the parts."""
    file = find_file(job)
    if chunk.is_closing:
        return compare_parts(job, file)
    outcome = Outcome()
    rows = read_rows(file, chunk.params["part"], outcome)
    book = read_book(file.action, rows, by=file.by)
    judge_rows(rows, book, read_law(file.action), outcome)
    found = [(row.line, *find_claims(row, book)) for _holder, row in outcome.joined]
    joins = [(line, named.pk, kept.pk) for line, kept, named in found if kept and named]
    held = set(list_held(file.action).values_list("claim_id", flat=True))
    doubts = [(line, doubt) for line, kept, _named in found if kept and (doubt := find_doubt(kept, held))]
    return outcome.sum_up() | {"joins": joins, "doubts": doubts}


def compare_parts(job: Job, file: JoiningFile) -> dict[str, Any]:
    """Find what an earlier part has already: it would be refused, or known, once that one is recorded."""
    outcome, n, references = Outcome(), 0, set[str]()
    claims, first = dict[int, JoiningRow](), dict[int, JoiningRow]()  # by whom it names, by who is kept: merged or not
    for row, named, kept in _read_joins(job, file):
        earlier = claims.get(named)
        if any(it and _is_same(it, row) for it in (earlier, first.get(kept))):
            outcome.known += 1
        elif earlier:
            outcome.refuse(row.line, "reference" if row.reference else "external_ref", JOINED, on=earlier.on)
        elif row.register_reference in references:
            outcome.refuse(row.line, "register_reference", TAKEN)
        else:
            claims[named] = row
            first[kept] = row if named == kept else first.get(kept, row)  # its own makes the other give way
            references.add(row.register_reference)
            continue
        n += 1
    return outcome.sum_up() | {"joined": -n}


def _is_same(one: JoiningRow, other: JoiningRow) -> bool:
    return (one.register_reference, one.on) == (other.register_reference, other.on)


def _read_joins(job: Job, file: JoiningFile) -> Iterator[tuple[JoiningRow, int, int]]:
    """Yield the lines that would be recorded, part by part: the claim that each names, and the one kept for it."""
    chunks = job.chunks.filter(is_closing=False).order_by("number").values_list("params", "result")
    for params, result in chunks.iterator(chunk_size=20):
        named = {line: (ids[0], ids[-1]) for line, *ids in result.get("joins", ())}
        for row in read_rows(file, params["part"], Outcome()) if named else ():
            if row.line in named:
                yield row, *named[row.line]


def finish(job: Job) -> dict[str, int]:
    """Return the numbers of the whole file; of what is refused, the two reasons that say most by themselves."""
    codes = Counter[str]()
    for result in job.chunks.values_list("result", flat=True).iterator(chunk_size=50):
        codes.update(code for _line, _column, code, *_rest in result.get("faults", ()))
    sums = sum_up(job)
    other = sums["refused"] - codes[NO_CLAIM] - codes[JOINED]
    return sums | {"unknown": codes[NO_CLAIM], "joined_before": codes[JOINED], "other": other}


def list_sample(file: JoiningFile) -> list[Line]:
    """Return the first lines that would be recorded: whether the columns are read as they are meant."""
    assert file.job is not None  # the one that has looked at it
    found = list[tuple[JoiningRow, int]]()
    for row, named, _kept in _read_joins(file.job, file):
        found.append((row, named))
        if len(found) == SAMPLE:
            break
    references = dict(Claim.objects.filter(pk__in=[pk for _row, pk in found]).values_list("pk", "reference"))
    return [
        Line(row.line, show_reference(references[pk]), row.register_reference, row.on)
        for row, pk in found
        if pk in references
    ]


def list_doubts(file: JoiningFile) -> Iterator[tuple[int, str, str]]:
    """Yield (line, column, sentence) for each line that can be recorded, but that a lawyer should see before."""
    chunks = JobChunk.objects.filter(job=file.job_id).order_by("number").values_list("result", flat=True)
    for result in chunks.iterator(chunk_size=50):
        for line, doubt in result.get("doubts", ()):
            yield line, "reference", say_doubt(doubt)


def find_page(job: Job) -> str:
    """Return where people see what would be recorded; nothing where the file was recorded or dropped since."""
    file = JoiningFile.objects.filter(job=job).select_related("action").first()
    return reverse("claims:workspace-joining-file", args=[file.action.slug, file.code]) if file else ""


jobs.KINDS[CHECK] = jobs.Kind(
    title=gettext_lazy("Looking at proofs of joining"),
    unit=gettext_lazy("lines"),
    compute=look_at_part,
    store=lambda _job, _chunk, result: result,
    finish=finish,
    find_page=find_page,
    stop=forget_parts,
)
