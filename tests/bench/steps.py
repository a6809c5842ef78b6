"""What the benchmarks measure, each in a process of its own: `python -m tests.bench.steps STEP ...`."""

import copy
import csv
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from claims import dry_runs, duplicates, screening  # noqa: E402
from claims.base import jobs  # noqa: E402
from claims.imports import import_claims  # noqa: E402
from claims.models import Action, Claim, Claimant, Job  # noqa: E402
from tests.bench import listing_admin, listing_fill, listing_pages  # noqa: E402


def run_import(file: str) -> dict:
    """Import the CSV."""
    began = time.monotonic()
    result = import_claims(Action.objects.get(), Path(file))
    assert result.refused == 0, result
    return {"seconds": time.monotonic() - began, "rows": result.imported}


def run_screen() -> dict:
    """Screen the book as a job, in this process."""
    began = time.monotonic()
    job = screening.start_screening(Action.objects.get(), by=None)
    while job.state in Job.ACTIVE:
        jobs.work()
        job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return {"seconds": time.monotonic() - began}


def run_find_duplicates() -> dict:
    """Search the book for duplicates, as the jobs do; `help` does its share beside it."""
    began, used = time.monotonic(), time.process_time()
    duplicates.start_search(Action.objects.get(), by=None)
    while Job.objects.filter(state__in=Job.ACTIVE).exists():
        jobs.work()
        time.sleep(0.01)  # the other process has the last chunk
    failed = Job.objects.filter(state=Job.State.FAILED).values_list("error", flat=True)
    assert not failed, list(failed)
    return {"seconds": time.monotonic() - began, "cpu": time.process_time() - used}


def run_help() -> dict:
    """Do free chunks of any job until the other process closes our input."""
    over = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    jobs.work()
    print("{}", flush=True)
    while not over.is_set():
        jobs.work()
        time.sleep(0.01)
    return {}


def run_dry_run() -> dict:
    """Run a draft dry that turns one criterion round, as a job, in this process."""
    action = Action.objects.get()
    version = action.criteria
    assert version is not None  # load_pack writes one
    document = copy.deepcopy(version.document)
    (turned,) = [item for item in document["criteria"] if item["id"] == "no_earlier_compensation"]
    turned["rule"] = {"question": "earlier_compensation", "is": "yes"}
    began = time.monotonic()
    job = dry_runs.start_dry_run(action, document, by=None).job
    while job.state in Job.ACTIVE:
        jobs.work()
        job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return {"seconds": time.monotonic() - began, "moves": job.result["moves"]}


def run_import_export(folder: str, rows: str) -> dict:
    """Import the same people and claims by django-import-export in its default mode."""
    import tablib
    from import_export import resources

    action = Action.objects.get()

    class People(resources.ModelResource):
        class Meta:
            model = Claimant
            fields = (
                "id",
                "given_name",
                "family_name",
                "birth_date",
                "email",
                "phone",
                "street",
                "postcode",
                "city",
                "country",
                "language",
            )

    class Claims(resources.ModelResource):
        class Meta:
            model = Claim
            fields = (
                "id",
                "reference",
                "action",
                "matter",
                "claimant",
                "status",
                "channel",
                "external_ref",
                "registered_at",
                "habitual_residence",
                "resident_since",
                "answers",
            )

    with (Path(folder) / "claims.csv").open(encoding="utf-8") as stream:
        source = [row for row, _ in zip(csv.DictReader(stream), range(int(rows)), strict=False)]
    people, claims = tablib.Dataset(headers=People.Meta.fields), tablib.Dataset(headers=Claims.Meta.fields)
    for number, row in enumerate(source, 1):
        answers = {
            name.removeprefix("answer."): text for name, text in row.items() if name.startswith("answer.") and text
        }
        people.append([number, *(row[name] for name in People.Meta.fields[1:])])
        claims.append([number, f"{number:012d}", action.pk, action.matter_id, number, "submitted", "import", row["external_ref"],
                       row["registered_at"].replace("T", " ").replace("Z", ""), row["habitual_residence"], row["resident_since"], json.dumps(answers)])  # fmt: skip
    began = time.monotonic()
    for kind, dataset in ((People, people), (Claims, claims)):
        result = kind().import_data(dataset, raise_errors=True)
        assert result.totals["new"] == len(source), result.totals
    return {"seconds": time.monotonic() - began, "rows": len(source)}


STEPS = {
    "import": run_import,
    "screen": run_screen,
    "dry_run": run_dry_run,
    "import_export": run_import_export,
    "listing_fill": listing_fill.fill,
    "listing_pages": listing_pages.measure_pages,
    "listing_names": listing_pages.measure_names,
    "listing_overview": listing_pages.measure_overview,
    "listing_claims": listing_pages.measure_claims,
    "listing_previews": listing_pages.measure_previews,
    "listing_admin": listing_admin.measure_admin,
    "find_duplicates": run_find_duplicates,
    "help": run_help,
}

if __name__ == "__main__":
    measured = STEPS[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
    measured["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measured))
