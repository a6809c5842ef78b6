"""What the benchmarks of an office measure, each in a process of its own: `python -m tests.bench.office_steps STEP`."""

import html
import json
import os
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.celery import app  # noqa: E402

app.loader.import_default_modules()  # a worker has these loaded

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from claims.base import jobs  # noqa: E402
from claims.imports import import_claims  # noqa: E402
from claims.models import Action, Claim, Job, Role  # noqa: E402
from claims.rules.eligibility import Outcome  # noqa: E402
from claims.screening import start_screening  # noqa: E402
from documents import filings  # noqa: E402
from documents.filings.registers import lay_out  # noqa: E402
from documents.filings.snapshots import read_snapshot  # noqa: E402
from documents.models import Filing  # noqa: E402
from documents.pdf.fonts import prepare_fonts  # noqa: E402
from documents.rules.registers import COLUMNS  # noqa: E402
from redress.models import ScenarioRun  # noqa: E402
from tests.factories import make_claim, make_claimant, make_user  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

HOST = urlsplit(settings.BASE_URL).hostname or ""


def fill(file: str, claimants: str) -> dict[str, Any]:
    """Import and screen the CSV; so many meet the criteria afterwards, the rest of them have left."""
    action = Action.objects.get()
    import_claims(action, Path(file))
    finish(start_screening(action, by=None))
    eligible = Claim.objects.filter(action=action, outcome=Outcome.ELIGIBLE).order_by("pk")
    surplus = list(eligible.values_list("pk", flat=True)[int(claimants) :])
    for start in range(0, len(surplus), 500):
        Claim.objects.filter(pk__in=surplus[start : start + 500]).update(status=Claim.Status.WITHDRAWN)
    prepare_fonts()
    return {"claimants": eligible.exclude(status=Claim.Status.WITHDRAWN).count()}


def finish(job: Job) -> None:
    """Work until a job is done."""
    while job.is_active:
        jobs.work()
        job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error


def freeze(language: str) -> dict[str, Any]:
    """Start the register for the office, as the web process does."""
    began = time.process_time()
    filing = filings.start_filing(Action.objects.get(), Filing.Kind.REGISTER, language=language)
    return {"filing": str(filing.code), "seconds": time.process_time() - began}


def build(code: str) -> dict[str, Any]:
    """Build a filing that was started, as a worker does: every volume laid out and checked, manifest, seal."""
    filing, began = Filing.objects.get(code=code), os.times()
    assert filing.job
    finish(filing.job)
    ended = os.times()
    filing.refresh_from_db()
    return {
        **filing.manifest["totals"],
        "own": ended.user + ended.system - began.user - began.system,
        "children": ended.children_user + ended.children_system - began.children_user - began.children_system,
        "own_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def lay_out_by_weasyprint(code: str, rows: str, collector: str) -> dict[str, Any]:
    """Lay out the first rows of the same register as one table, PDF/A-3a, the same fonts; nothing else is done."""
    filing = Filing.objects.get(code=code)
    snapshot = read_snapshot(filing.home, sha256=filing.snapshot_sha256)
    volumes = [lay_out(filing, n, snapshot.read_volume(n), snapshot) for n in range(1, len(filing.files.all()) + 1)]
    table = make_table([row for volume in volumes for row in volume.rows][: int(rows)], volumes[0].frame)
    os.environ["FONTCONFIG_FILE"] = str(prepare_fonts() / "fonts.conf")
    if collector == "off":
        import gc

        gc.disable()
    from weasyprint import HTML

    began = time.process_time()
    HTML(string=table).write_pdf(pdf_variant="pdf/a-3a")
    return {"seconds": time.process_time() - began, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def make_table(rows: list[dict[str, str]], frame: dict[str, Any]) -> str:
    """Return the rows as an HTML document of one table."""
    head = "".join(f"<th scope=col>{html.escape(word)}</th>" for word in frame["words"]["columns"])
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(row[name])}</td>' for name in COLUMNS)}</tr>" for row in rows)
    style = "@page { size: A4 landscape } body { font: 8pt Source Sans Pro } td { border-top: .25pt solid #ccc }"
    return (
        f"<!DOCTYPE html><html lang={frame['lang']}><head><title>Register</title><style>{style}</style></head>"
        f"<body><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></body></html>"
    )


def await_worker() -> dict[str, Any]:
    """Return once a worker has been at work and its queue is empty."""
    queue = Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]))
    ends_at = time.monotonic() + 60
    while not jobs.is_worker_alive() or any(queue.iterdir()):
        assert time.monotonic() < ends_at, "no worker came up"
        time.sleep(0.05)  # polling: the row and the queue say when
    return {}


def click_run(times: str) -> dict[str, Any]:
    """Click "Run" of the base scenario on its page so many times; return the seconds until each was finished."""
    action, client, seconds = Action.objects.get(), Client(SERVER_NAME=HOST), []
    sign_in(client, make_user(role=Role.Name.LAWYER, action=action))
    for _ in range(int(times)):
        began = timezone.now()
        answer = client.post(reverse("redress:run-scenario", args=[action.slug, "base"]))
        assert answer.status_code == 302, answer
        run = ScenarioRun.objects.latest("pk")
        assert run.draws == 100_000 and run.created_at >= began, run
        while run.finished_at is None:
            time.sleep(0.02)  # polling: the row says when, and the row's own time is what counts
            run.refresh_from_db(fields=["finished_at"])
            assert timezone.now() < began + timedelta(seconds=60), "the run did not finish"
        seconds.append((run.finished_at - began).total_seconds())
    return {"seconds": seconds}


def click_certificate(times: str) -> dict[str, Any]:
    """As so many claimants: ask for the certificate and take the file along; return the seconds of each."""
    action, seconds = Action.objects.get(), []
    for number in range(int(times)):
        claim = make_claim(action, make_claimant(user=make_user(f"claimant{number}@muster.example")))
        client = Client(SERVER_NAME=HOST)
        sign_in(client, claim.claimant.user)
        began = time.monotonic()
        assert client.post(reverse("documents:certificate", args=[claim.reference])).status_code == 302
        file = client.get(reverse("documents:certificate-file", args=[claim.reference]))
        seconds.append(time.monotonic() - began)
        assert file.content.startswith(b"%PDF-"), file
    return {"seconds": seconds}


STEPS = {
    "await_worker": await_worker,
    "click_run": click_run,
    "click_certificate": click_certificate,
    "fill": fill,
    "freeze": freeze,
    "build": build,
    "weasyprint": lay_out_by_weasyprint,
}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))  # type: ignore[operator]
