"""A filing as a job: one chunk a file, and a closing chunk that writes the manifest and seals."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.errors import Refused
from claims.concerned import NAMERS, Thing
from claims.models import Action, Job, JobChunk
from documents.filings.making import Made, make_file
from documents.filings.resuming import JOB
from documents.filings.sealing import seal, write_manifest
from documents.filings.snapshots import make_private_folder, read_snapshot
from documents.filings.start import explain_disk_error
from documents.models import Filing, FilingFile
from documents.wording import name_filing


def get_filing(job: Job) -> Filing:
    """Return the filing that a job works on."""
    related = ("action", "scenario_run", "replaces", "created_by")
    return Filing.objects.select_related(*related).get(pk=job.params["filing"])


def compute(job: Job, chunk: JobChunk) -> Any:
    """Make one file, or close the filing. Reads the snapshot and nothing else."""
    filing = get_filing(job)
    snapshot = read_snapshot(filing.home, sha256=filing.snapshot_sha256)
    try:
        make_private_folder(filing.folder)
        if chunk.is_closing:
            return write_manifest(filing, snapshot)
        return make_file(filing, filing.files.get(number=chunk.params["number"]), snapshot)
    except OSError as error:
        raise Refused(explain_disk_error(error)) from error


def store(job: Job, chunk: JobChunk, made: Any) -> dict:
    """Note what was made, in the transaction that books the chunk."""
    filing = get_filing(job)
    if chunk.is_closing:
        seal(filing, made)
        return {"manifest_sha256": made["sha256"]}
    assert isinstance(made, Made)
    found = asdict(made)
    filing.files.filter(number=chunk.params["number"]).update(state=FilingFile.State.DONE, **found)
    return found


def finish(job: Job) -> dict:
    """Return what came out, for those who look at the job."""
    filing = get_filing(job)
    return {"filing": str(filing.code), **filing.manifest["totals"]}


def find_page(job: Job) -> str:
    """Return the page of the filing."""
    return reverse("documents:filing", args=[job.action.slug, job.subject]) if job.action else ""


def name_subject(job: Job) -> str:
    """Return which filing a job makes, in words; "" once it is gone."""
    filing = Filing.objects.filter(pk=job.params.get("filing")).first()
    return name_filing(filing) if filing else ""


jobs.KINDS[JOB] = jobs.Kind(
    title=gettext_lazy("Filing"), unit=gettext_lazy("Files"),
    compute=compute, store=store, finish=finish, find_page=find_page, name_subject=name_subject,
)  # fmt: skip


def name_filings(action: Action, pks: Collection[int]) -> dict[int, Thing]:
    """Return what filings are called in the history of their action, each with its page."""
    filings = Filing.objects.filter(action=action, pk__in=pks).defer("manifest")
    return {
        filing.pk: Thing(
            f"{name_filing(filing)} ({filing.language})", reverse("documents:filing", args=[action.slug, filing.code])
        )
        for filing in filings
    }


NAMERS["filing"] = name_filings
